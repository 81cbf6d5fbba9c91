"""Statements about notices: the author, a notice with its lines and history, its recipients."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import fn

from portal import audit, clock
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.database import fetch_tuples, in_order
from portal.database.validity import valid_on
from portal.directory import people
from portal.directory.assignments import NewPerson
from portal.directory.contact_details import viewing_as
from portal.directory.models import (
    Assignment,
    ContactDetail,
    DetailKind,
    Organisation,
    Person,
    Role,
    School,
    Visibility,
    by_family_name,
)
from portal.notices.drafts import Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import (
    MutedKind,
    Notice,
    NoticeEvent,
    NoticeLine,
    NoticeSchool,
    Recipient,
    RecipientSchool,
)
from portal.notices.rules import (
    ARCHIVED_AFTER,
    UNFILLED,
    Audience,
    Author,
    Line,
    PostKey,
    SchoolLines,
    Staffing,
    describe_posts,
)


class AudienceMember(NamedTuple):
    """A person whom a notice would reach."""

    name: str
    organisation: str
    schools: int
    has_email: bool


def get_author(account: Account) -> Author:
    """The author that an account is, with the organisations for which it speaks today."""
    person = Person.get_or_none(Person.id == account.person_id) if account.person_id else None
    leads = (
        School.select(School.organisation)
        .join(Assignment)
        .join(Role)
        .where((Assignment.person == (person.id if person else 0)) & _speaks_for_school())
    )
    return Author(
        account=account.id,
        name=account.name,
        email=account.email,
        role=account.role,
        person=account.person_id,
        organisation=account.organisation_id or (person.organisation_id if person else None),
        leads=frozenset(organisation for (organisation,) in fetch_tuples(leads)),
    )


# A notice


def find_notice(notice: int) -> Notice | None:
    """The notice with this id."""
    return Notice.get_or_none(Notice.id == notice)


def find_by_key(key: str) -> Notice | None:
    """The notice that was published with this key."""
    return Notice.get_or_none(Notice.key == key)


def add_notice(author: Author, draft: Draft, key: str) -> Notice:
    """Store a draft as a notice, without a title yet; in the caller's transaction."""
    notice: Notice = Notice.create(
        key=key,
        kind=draft.kind,
        title="",
        text=draft.text,
        draft=_dump_draft(draft),
        account=author.account,
        author_name=author.name,
        reply_to=author.email,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        published_at=clock.now(),
        announced_at=clock.now(),
    )
    return notice


def get_draft(notice: Notice) -> Draft:
    """The draft of a notice as it is now. Kind, text and days are columns; the other answers are
    JSON."""
    answers = json.loads(notice.draft)
    if answers.get("new_person"):
        answers["new_person"] = NewPerson(*answers["new_person"])
    answers["schools"] = tuple(answers.get("schools", ()))
    for name in ("posts", "details"):
        answers[name] = {int(key): value for key, value in answers.get(name, {}).items()}
    return Draft(**answers | {name: getattr(notice, name) for name in _COLUMNS})


def update_draft(notice: Notice, draft: Draft) -> None:
    """Give a notice another draft; the caller saves the notice."""
    notice.draft, notice.text = _dump_draft(draft), draft.text
    notice.valid_from, notice.valid_until = draft.valid_from, draft.valid_until


_COLUMNS = ("kind", "text", "valid_from", "valid_until")


def _dump_draft(draft: Draft) -> str:
    answers = asdict(draft)
    return json.dumps({name: answers[name] for name in answers if name not in _COLUMNS})


def add_event(notice: Notice, author: Author, text: str, action: str) -> None:
    """Record a step in the history of a notice, and in the audit trail under `action`."""
    NoticeEvent.create(notice=notice, at=clock.now(), author_name=author.name, text=text)
    audit.record(author.account, action, "notice", notice.id)


def list_events(notice: int) -> list[tuple[datetime, str, str]]:
    """The history of a notice: moment (aware UTC), name of the author, sentence."""
    query = NoticeEvent.select().where(NoticeEvent.notice == notice).order_by(NoticeEvent.id)
    return [(event.at, event.author_name, event.text) for event in query]


# Schools and lines


def get_staffing(schools: Collection[str], on: date) -> Staffing:
    """The holders and vacancies of these schools on a day, with the details that everybody sees."""
    with viewing_as(Visibility.OPEN):
        return Staffing(people.list_holders(on, schools), people.list_vacancies(on, schools))


def list_member_roles() -> set[str]:
    """The keys of the roles whose holders are members of a kernteam."""
    return {key for (key,) in fetch_tuples(Role.select(Role.key).where(Role.member))}


def list_school_lines(
    schools: Collection[str], changes: Mapping[PostKey, tuple[str, str]]
) -> list[SchoolLines]:
    """These schools by name, each with the lines about its posts."""
    labels = dict(fetch_tuples(Role.select(Role.key, Role.label)))
    lines: dict[str, list[Line]] = defaultdict(list)
    for (school, role), texts in changes.items():
        lines[school].append(Line(labels[role], *texts))
    return _add_lines(School.code.in_(list(schools)), lines)


def list_lines(notice: int) -> list[SchoolLines]:
    """The schools of a notice by name, each with its lines."""
    lines: dict[str, list[Line]] = defaultdict(list)
    for row in NoticeLine.select().where(NoticeLine.notice == notice).order_by(NoticeLine.id):
        lines[row.school_id].append(Line(row.role, row.before, row.after))
    schools = NoticeSchool.select(NoticeSchool.school).where(NoticeSchool.notice == notice)
    return _add_lines(School.code.in_(schools), lines)


def _add_lines(condition: Any, lines: Mapping[str, list[Line]]) -> list[SchoolLines]:
    query = School.select(School.code, School.name, School.slug).where(condition)
    rows = fetch_tuples(query.order_by(in_order(School.name), School.code))
    return [SchoolLines(code, name, slug, lines.get(code, [])) for code, name, slug in rows]


def add_schools(notice: Notice, schools: Iterable[SchoolLines]) -> None:
    """Record the schools that a notice is about."""
    for school in schools:
        NoticeSchool.create(notice=notice, school=school.code)


def store_lines(notice: Notice, schools: Iterable[SchoolLines]) -> None:
    """Replace the lines of a notice."""
    NoticeLine.delete().where(NoticeLine.notice == notice).execute()
    for school in schools:
        for line in school.lines:
            NoticeLine.create(notice=notice, school=school.code, **line._asdict())


def update_lines(notice: Notice, assignments: Iterable[Assignment]) -> None:
    """Describe the posts of these assignments as they are now, after a decision about them."""
    for post in assignments:
        staffing = get_staffing([post.school_id], max(post.valid_from, notice.valid_from))
        after = describe_posts(staffing).get((post.school_id, post.role.key), UNFILLED)
        NoticeLine.update(after=after).where(
            (NoticeLine.notice == notice)
            & (NoticeLine.school == post.school_id)
            & (NoticeLine.role == post.role.label)
        ).execute()


# Recipients


def list_members(audience: Audience) -> list[AudienceMember]:
    """The people of an audience, by organisation and name."""
    emails = list_emails(audience)
    query = Person.select(Person, Organisation).join(Organisation)
    rows = query.where(Person.id.in_(list(audience)))
    return [
        AudienceMember(row.name, row.organisation.name, len(audience[row.id]), row.id in emails)
        for row in rows.order_by(in_order(Organisation.name), by_family_name(), Person.id)
    ]


def add_recipients(notice: Notice, audience: Audience) -> None:
    """Fix the audience of a notice, with the address of each person today."""
    emails, muted = list_emails(audience), _list_muted(notice.kind, audience)
    if not audience:
        return
    recipients = [
        {
            "notice": notice,
            "person": person,
            "email": emails.get(person, ""),
            "mailed": bool(emails.get(person)) and person not in muted,
        }
        for person in sorted(audience)
    ]
    Recipient.insert_many(recipients).execute()
    query = Recipient.select(Recipient.person, Recipient.id).where(Recipient.notice == notice)
    ids = dict(fetch_tuples(query))
    schools = [
        {"recipient": ids[person], "school": school}
        for person in sorted(audience)
        for school in sorted(audience[person])
    ]
    RecipientSchool.insert_many(schools).execute()


def list_mailed(notice: Notice) -> list[Recipient]:
    """The recipients who get mail about a notice."""
    return list(Recipient.select().where((Recipient.notice == notice) & Recipient.mailed))


def list_emails(people: Collection[int]) -> dict[int, str]:
    """The mail address of each of these people today, where one is known. An address that only
    members see counts as well, because no page shows it; one whose account has ended does not."""
    today = clock.today()
    ended = Account.select(Account.email).where(Account.active_until <= today)
    accounts = Account.select(Account.person, Account.email).where(
        Account.person.in_(list(people)) & Account.email.not_in(ended)
    )
    details = (
        ContactDetail.select(ContactDetail.person, ContactDetail.value)
        .where(
            ContactDetail.person.in_(list(people))
            & (ContactDetail.kind == DetailKind.EMAIL)
            & valid_on(ContactDetail, today)
            & fn.LOWER(ContactDetail.value).not_in(ended)
        )
        .order_by(ContactDetail.position.desc(), ContactDetail.id.desc())
    )
    return dict(fetch_tuples(accounts)) | dict(fetch_tuples(details))


def list_confirmers(organisations: Collection[int]) -> list[str]:
    """The mail addresses of the accounts that may confirm for these organisations: their editors
    and the people who speak for a school; for an organisation without them the coordinators."""
    active = Account.active_until.is_null() | (Account.active_until > clock.today())
    leads = (
        Account.select(Account.email, School.organisation)
        .join(Assignment, on=(Assignment.person == Account.person))
        .join(School)
        .switch(Assignment)
        .join(Role)
        .where(School.organisation.in_(organisations) & _speaks_for_school() & active)
    )
    editors = Account.select(Account.email, Account.organisation).where(
        (Account.role == AccountRole.EDITOR) & Account.organisation.in_(organisations) & active
    )
    confirmers = [*fetch_tuples(editors), *fetch_tuples(leads)]
    if set(organisations) - {organisation for _, organisation in confirmers}:
        is_coordinator = Account.role == AccountRole.COORDINATOR
        coordinators = Account.select(Account.email).where(is_coordinator & active)
        confirmers += [(email, None) for (email,) in fetch_tuples(coordinators)]
    return list(dict.fromkeys(email for email, _ in confirmers))


def count_unseen(person: int) -> int:
    """The number of notices on the board that concern a person and that they have not seen."""
    return int(select_unseen().where(Recipient.person == person).count())


def select_unseen(*fields: Any) -> Any:
    """The query for recipients who have not seen a notice that is not archived."""
    return (
        Recipient.select(*fields)
        .join(Notice)
        .where(Recipient.seen_at.is_null() & is_not_archived())
    )


def is_not_archived() -> Any:
    """The condition for notices that are not archived today. It repeats `rules.find_phase` in SQL,
    because old notices accumulate."""
    today = clock.today()
    open_ended = [kind for kind in NoticeKind if kind.last_day_label]
    is_open = Notice.valid_until.is_null()
    return Notice.withdrawn_at.is_null() & (
        (Notice.valid_until > today)
        | (is_open & (Notice.valid_from > today - ARCHIVED_AFTER))
        | (is_open & Notice.kind.in_(open_ended))
    )


def _list_muted(kind: NoticeKind, people: Collection[int]) -> set[int]:
    query = MutedKind.select(MutedKind.person).where(
        (MutedKind.kind == kind) & MutedKind.person.in_(list(people))
    )
    return {person for (person,) in fetch_tuples(query)}


def _speaks_for_school() -> Any:
    """The condition that an assignment lets its person speak for its school today."""
    return Role.is_school_staff & ~Assignment.is_pending & valid_on(Assignment, clock.today())
