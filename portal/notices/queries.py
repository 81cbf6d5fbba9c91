"""Reads notices: the board, one notice, who saw it, and what somebody has not seen yet."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from portal import clock
from portal.database import db, fetch_tuples
from portal.directory import schools as directory
from portal.directory.models import Absence, Organisation, Person, Place, School
from portal.directory.validity import valid_on
from portal.mail.outbox import list_states
from portal.notices import rules
from portal.notices.kinds import KINDS
from portal.notices.models import (
    MutedKind,
    Notice,
    NoticeEvent,
    NoticeLine,
    NoticeSchool,
    Recipient,
    RecipientSchool,
)
from portal.notices.recipients import list_emails
from portal.notices.rules import Audience, Effect, Line, Listener

MOST = 50  # on one page of the board


class Filters(NamedTuple):
    """What somebody wants to see of the board; "" for everything."""

    phase: str = ""
    kind: str = ""
    municipality: str = ""  # slug
    school: str = ""  # code
    organisation: str = ""  # id as text


class NoticeRow(NamedTuple):
    """A notice as the board shows it."""

    id: int
    kind: str  # the label
    title: str
    valid_from: date
    valid_until: date | None
    author: str
    is_withdrawn: bool
    begins: str  # what stands before its day
    phase: str
    schools: int
    unseen: bool  # by whoever looks


class SchoolLines(NamedTuple):
    """What a notice changes at a school."""

    name: str
    slug: str
    lines: list[Line]


class SeenBy(NamedTuple):
    """How many of a kernteam saw a notice, and who did not."""

    school: str  # the name
    slug: str
    seen: int
    total: int
    missing: list[str]


class Reach(NamedTuple):
    """How far a notice came."""

    kernteams: list[SeenBy]
    seen: int
    total: int
    to_call: list[str]  # nobody knows their address
    failed: list[str]  # the mail did not arrive


def list_notices(
    filters: Filters, person: int | None, account: int | None
) -> tuple[list[NoticeRow], list[NoticeRow]]:
    """The notices of the board, what comes first in front and then what began last: those that
    concern or were posted by somebody (ids), and all others; at most as many of each as a page
    shows. The archive only where it is asked for."""
    query = (
        Notice.select(
            Notice.id, Notice.kind, Notice.title, Notice.valid_from, Notice.valid_until,
            Notice.author, Notice.account, Notice.withdrawn_at, Recipient.id, Recipient.seen_at,
        )
        .join(
            Recipient, JOIN.LEFT_OUTER,
            on=(Recipient.notice == Notice.id) & (Recipient.person == (person or 0)),
        )
        .where(_matches(filters))
        .order_by(Notice.valid_from.desc(), Notice.id.desc())
    )  # fmt: skip
    today = clock.today()
    mine: list[NoticeRow] = []
    others: list[NoticeRow] = []
    schools = _count_schools()
    for notice, kind, title, first, until, author, by, withdrawn, recipient, seen in fetch_tuples(
        query
    ):
        phase = rules.phase(kind, first, until, is_withdrawn=withdrawn is not None, today=today)
        if phase != filters.phase and (filters.phase or phase == rules.ARCHIVE):
            continue
        row = NoticeRow(
            notice, KINDS[kind].label, title, first, until, author, withdrawn is not None,
            rules.begins(first, until, clock.day_of(withdrawn) if withdrawn else None, today),
            phase, schools[notice], recipient is not None and seen is None and withdrawn is None,
        )  # fmt: skip
        (mine if recipient or (account and by == account) else others).append(row)
    return _in_order(mine), _in_order(others)


def find_notice(notice: int) -> Notice | None:
    """The notice with this id."""
    return Notice.get_or_none(Notice.id == notice)


def list_lines(notice: int) -> list[SchoolLines]:
    """What a notice changes, per school; a school where nothing changes is there as well."""
    lines: dict[str, list[Line]] = defaultdict(list)
    for row in NoticeLine.select().where(NoticeLine.notice == notice).order_by(NoticeLine.id):
        lines[row.school_id].append(Line(row.school_id, row.role, row.before, row.after))
    schools = School.select().join(NoticeSchool).where(NoticeSchool.notice == notice)
    return [
        SchoolLines(school.name, school.slug, lines[school.code])
        for school in schools.order_by(School.name, School.code)
    ]


def show_lines(effect: Effect) -> list[SchoolLines]:
    """The same for a notice that is not posted yet."""
    return [
        SchoolLines(
            school.name, school.slug, [line for line in effect.lines if line.school == school.code]
        )
        for school in directory.list_schools_by_code(effect.schools)
    ]


def list_listeners(audience: Audience) -> list[Listener]:
    """Whom a notice would reach, by organisation and name."""
    emails = list_emails(audience)
    query = Person.select(Person, Organisation).join(Organisation)
    rows = query.where(Person.id.in_(list(audience)))
    return [
        Listener(row.name, row.organisation.name, len(audience[row.id]), row.id in emails)
        for row in rows.order_by(Organisation.name, Person.given_name, Person.family_name)
    ]


def list_events(notice: int) -> list[tuple[datetime, str, str]]:
    """What happened to a notice: when, by whom, what."""
    query = NoticeEvent.select().where(NoticeEvent.notice == notice).order_by(NoticeEvent.id)
    return [(event.at, event.author, event.text) for event in query]


def get_reach(notice: int) -> Reach:
    """Who saw a notice, per kernteam, and whom it did not reach."""
    people = list(
        Recipient.select(Recipient, Person).join(Person).where(Recipient.notice == notice)
    )
    names = {row.id: row.person.name for row in people}
    seen = {row.id for row in people if row.seen_at}
    kernteams: dict[tuple[str, str], list[int]] = defaultdict(list)
    query = (
        RecipientSchool.select(School.name, School.slug, RecipientSchool.recipient)
        .join(School)
        .where(RecipientSchool.recipient.in_(list(names)))
        .order_by(School.name, School.slug)
    )
    for school, slug, recipient in fetch_tuples(query):
        kernteams[school, slug].append(recipient)
    states = {mail.key: mail.state for mail in list_states(f"notice:{notice}:")}
    return Reach(
        kernteams=[
            SeenBy(
                school, slug, len(seen & set(ids)), len(ids),
                sorted(names[id] for id in ids if id not in seen),
            )
            for (school, slug), ids in kernteams.items()
        ],
        seen=len(seen),
        total=len(people),
        to_call=sorted(names[row.id] for row in people if not row.email),
        failed=sorted(
            names[row.id] for row in people if states.get(f"notice:{notice}:{row.id}") == "failed"
        ),
    )  # fmt: skip


def count_unseen(person: int) -> int:
    """How many notices on the board concern somebody that they have not seen."""
    return int(_unseen().where(Recipient.person == person).count())


def mark_seen(notice: int, person: int) -> bool:
    """Note that somebody saw a notice; False where it was not for them."""
    return _see((Recipient.notice == notice) & (Recipient.person == person))


def mark_seen_by(recipient: int) -> bool:
    """The same, for who came by the link in their mail."""
    return _see(Recipient.id == recipient)


def find_recipient(notice: int, person: int | None) -> Recipient | None:
    """Whether, and since when, a notice is known to somebody."""
    return Recipient.get_or_none((Recipient.notice == notice) & (Recipient.person == (person or 0)))


def list_to_remind() -> list[tuple[Notice, Recipient]]:
    """Who has not seen a notice for five working days since the last mail about its days, is there,
    still wants such mail, and was not reminded."""
    calendar, today = directory.get_calendar(), clock.today()
    absent = Absence.select(Absence.person).where(valid_on(Absence, today))
    muted = MutedKind.select().where(
        (MutedKind.person == Recipient.person) & (MutedKind.kind == Notice.kind)
    )
    query = (
        _unseen(Recipient, Notice)
        .where(
            Recipient.reminded_at.is_null()
            & Recipient.mailed
            & Recipient.person.not_in(absent)
            & ~fn.EXISTS(muted)
        )
        .order_by(Recipient.id)
    )
    found = [(row.notice, row) for row in query]
    long_ago = {
        day
        for day in {clock.day_of(notice.told_at) for notice, _ in found}
        if calendar.count_working_days(day, today) >= rules.REMIND_AFTER
    }
    return [(n, recipient) for n, recipient in found if clock.day_of(n.told_at) in long_ago]


def note_reminder(recipient: Recipient) -> None:
    """Note that somebody was reminded."""
    Recipient.update(reminded_at=clock.now()).where(Recipient.id == recipient.id).execute()


def list_schools(asked: str) -> list[tuple[str, str]]:
    """The schools that a notice is about, and the one that is asked for: code, and name with
    place."""
    concerned = School.code.in_(NoticeSchool.select(NoticeSchool.school)) | (School.code == asked)
    query = School.select(School.code, School.name, Place.name).join(Place).where(concerned)
    rows = fetch_tuples(query.order_by(School.name, Place.name, School.street))
    return [(code, f"{name}, {place}") for code, name, place in rows]


def list_organisations() -> list[tuple[str, str]]:
    """The organisations that posted something: id as text, and name."""
    query = Organisation.select(Organisation.id, Organisation.name).join(Notice).distinct()
    return [(str(key), name) for key, name in fetch_tuples(query.order_by(Organisation.name))]


def _unseen(*fields: Any) -> Any:
    """Who has not seen a notice that is no archive. The same as `rules.phase`, but in SQL: there
    are more old rows every year."""
    today = clock.today()
    can_go_on = [key for key, kind in KINDS.items() if kind.last_day]
    goes_on = (Notice.valid_until > today) | (
        Notice.valid_until.is_null()
        & ((Notice.valid_from > today - rules.NEWS) | Notice.kind.in_(can_go_on))
    )
    return (
        Recipient.select(*fields)
        .join(Notice)
        .where(Recipient.seen_at.is_null() & Notice.withdrawn_at.is_null() & goes_on)
    )


def _see(who: Any) -> bool:
    with db.atomic():
        there = Recipient.select().where(who).exists()
        Recipient.update(seen_at=clock.now()).where(who & Recipient.seen_at.is_null()).execute()
    return bool(there)


def _matches(filters: Filters) -> Any:
    """The condition that a notice is what somebody wants to see; its phase is a rule."""
    found: Any = Notice.id > 0
    if filters.kind:
        found &= Notice.kind == filters.kind
    if filters.organisation:
        found &= Notice.organisation == filters.organisation
    schools = None
    if filters.school:
        schools = [filters.school]
    elif filters.municipality:
        schools = [row.code for row in directory.list_schools(municipality=filters.municipality)]
    if schools is not None:
        found &= Notice.id.in_(
            NoticeSchool.select(NoticeSchool.notice).where(NoticeSchool.school.in_(schools))
        )
    return found


def _in_order(rows: list[NoticeRow]) -> list[NoticeRow]:
    """As many as a page shows: what comes first in front, then what began last."""
    coming = [row for row in rows if row.phase == rules.COMING]
    return [*reversed(coming), *(row for row in rows if row.phase != rules.COMING)][:MOST]


def _count_schools() -> dict[int, int]:
    query = NoticeSchool.select(NoticeSchool.notice, fn.COUNT(NoticeSchool.id)).group_by(
        NoticeSchool.notice
    )
    return defaultdict(int, fetch_tuples(query))
