"""Posting a notice: what it does is written, shown, and kept or taken back, in one transaction.

A preview is the same posting, undone at the end: what it shows is what will happen.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from portal import audit, clock
from portal.database import db, fetch_tuples
from portal.directory import people
from portal.directory import schools as directory
from portal.directory.assignments import RuleViolation
from portal.directory.change_sets import ChangeSet, is_outdated
from portal.directory.contact_details import viewing_as
from portal.directory.models import Assignment, Organisation, Person, Role, School, Visibility
from portal.directory.read_models import Post as PostRow
from portal.directory.validity import valid_on
from portal.mail.outbox import enqueue
from portal.notices import kinds, mails, recipients, rules
from portal.notices.apply import apply_draft
from portal.notices.drafts import STAYS, Draft
from portal.notices.models import (
    Notice,
    NoticeEvent,
    NoticeLine,
    NoticeSchool,
    Recipient,
    RecipientSchool,
)
from portal.notices.permissions import Author, must_be_confirmed
from portal.notices.queries import list_lines, list_listeners
from portal.notices.rules import Audience, Effect, Line, Post
from portal.notices.signed_links import Links
from portal.search.documents import reindex_people
from portal.web.formatting import short_day

_NOBODY = "nog niet ingevuld"


class Outdated(Exception):
    """Somebody else changed the same rows since this was looked at; `effect` is how it is now."""

    def __init__(self, effect: Effect) -> None:
        super().__init__()
        self.effect = effect


def preview(author: Author, draft: Draft) -> Effect:
    """What posting the draft would do; nothing is kept. Raises RuleViolation."""
    with db.atomic() as transaction:
        effect = apply_notice(_store(author, draft, key="preview").id, author, draft)
        transaction.rollback()
    return effect


def publish(author: Author, draft: Draft, key: str, seen: str, links: Links | None) -> int:
    """Post the draft; gives the id of the notice. A second time with the same `key` gives the
    first. Without `links` nobody is mailed (the demo). Raises RuleViolation, and Outdated where the
    effect is another than was `seen`."""
    with db.atomic():
        key = f"{author.account}:{key}"
        there = Notice.get_or_none(Notice.key == key)
        if there is not None:
            return int(there.id)
        notice = _store(author, draft, key)
        try:
            effect = apply_notice(notice.id, author, draft)
        except RuleViolation:
            if is_outdated(seen):
                raise RuleViolation(
                    "Iemand anders heeft hier net iets over gemeld. Kijk bij “Wijzigingen”."
                ) from None
            raise
        if effect.seen != seen:
            raise Outdated(effect)
        notice.title, notice.organisation_id = effect.title, effect.organisation
        notice.save()
        for school in effect.schools:
            NoticeSchool.create(notice=notice, school=school)
        store_lines(notice, effect)
        recipients = _store_recipients(notice, effect.audience)
        NoticeEvent.create(
            notice=notice, at=notice.published_at, author=author.name, text="Melding geplaatst."
        )
        if links:
            schools = list_lines(notice.id)
            for to in recipients:
                enqueue(mails.published(notice, schools, to, links), links.site.mail_host)
            ask_to_confirm(notice, effect, links)
        audit.record(author.account, "published", "notice", notice.id)
        return int(notice.id)


def apply_notice(notice: int, author: Author, draft: Draft) -> Effect:
    """Write what a notice (an id) says in the directory; returns the effect.

    Raises RuleViolation.
    """
    schools = _schools(draft)
    roles = {role.key: role for role in directory.list_roles()}

    is_about_details = draft.kind == kinds.DETAILS
    compared = rules.all_details if is_about_details else rules.no_details
    now = _standing(schools, clock.today(), compared)
    without = {day: _standing(schools, day, compared) for day in _days(draft)}
    change_set = ChangeSet(notice)
    apply_draft(
        draft,
        change_set,
        lambda organisation, new: must_be_confirmed(author, organisation, is_new=new),
    )
    changes: dict[Post, tuple[str, str]] = {}
    for day in without:
        later = f" (vanaf {short_day(day)})" if day > draft.valid_from else ""
        reached = rules.all_details if is_about_details else rules.first_detail
        told = _standing(schools, day, reached)
        for post in rules.differences(without[day], _standing(schools, day, compared)):
            after = told.get(post, _NOBODY) + later
            changes.setdefault(post, (now.get(post, _NOBODY), after))
    members = [role.key for role in roles.values() if role.member]
    around = [
        holder
        for day in (draft.valid_from - timedelta(days=1), draft.valid_from)
        for holder in people.list_holders(day, schools, members)
    ]
    made = _list_made(change_set)
    if change_set.created(Person):
        reindex_people()
    audience = rules.audience(around, author.person)
    return Effect(
        title=_title(draft, [assignment.person for assignment in made]),
        organisation=_organisation(draft),
        schools=sorted(schools),
        lines=[
            Line(school, roles[role].label, *texts) for (school, role), texts in changes.items()
        ],
        audience=audience,
        listeners=list_listeners(audience),
        waits_for=frozenset(a.person.organisation_id for a in made if a.is_pending),
        seen=change_set.row_versions(),
    )


def store_lines(notice: Notice, effect: Effect) -> None:
    """Keep what a notice changes as it is shown, instead of what it said before."""
    NoticeLine.delete().where(NoticeLine.notice == notice).execute()
    for line in effect.lines:
        NoticeLine.create(notice=notice, **line._asdict())


def store_current_lines(notice: Notice, assignments: Sequence[Assignment]) -> None:
    """Keep how the posts of these assignments are now, where something was decided about them."""
    for post in assignments:
        day = max(post.valid_from, notice.valid_from)
        told = _standing([post.school_id], day, rules.first_detail)
        NoticeLine.update(after=told.get((post.school_id, post.role.key), _NOBODY)).where(
            (NoticeLine.notice == notice)
            & (NoticeLine.school == post.school_id)
            & (NoticeLine.role == post.role.label)
        ).execute()


def update_title(notice: int, draft: Draft) -> str:
    """What a notice is called with those who are left of whom it named."""
    return _title(draft, [assignment.person for assignment in _list_made(ChangeSet(notice))])


def ask_to_confirm(notice: Notice, effect: Effect, links: Links) -> None:
    """Mail who may confirm the successors that wait."""
    for email in recipients.list_confirmers(effect.waits_for):
        enqueue(mails.to_confirm(notice, email, links), links.site.mail_host)


def _standing(schools: Collection[str], on: date, reached: rules.Reached) -> dict[Post, str]:
    # What is shown to everybody holds no number that is for members only.
    with viewing_as(Visibility.OPEN):
        holders = people.list_holders(on, schools)
    return rules.standing(holders, people.list_vacancies(on, schools), reached)


def _list_made(change_set: ChangeSet) -> list[Assignment]:
    """The assignments that a notice made and that are there."""
    query = Assignment.select(Assignment, Person).join(Person)
    return list(query.where(Assignment.id.in_(change_set.created(Assignment))))


def _store(author: Author, draft: Draft, key: str) -> Notice:
    return Notice.create(
        key=key,
        kind=draft.kind,
        title="",
        text=draft.text,
        draft=draft.to_json(),
        account=author.account,
        author=author.name,
        reply_to=author.email,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        published_at=clock.now(),
        told_at=clock.now(),
    )


def _store_recipients(notice: Notice, audience: Audience) -> list[mails.Addressee]:
    """Settle whom a notice goes to; gives those who get a mail."""
    emails = recipients.list_emails(audience)
    muted = recipients.list_muted(notice.kind, audience)
    to = []
    for person, schools in sorted(audience.items()):
        email = emails.get(person, "")
        recipient = Recipient.create(
            notice=notice, person=person, email=email, mailed=bool(email) and person not in muted
        )
        for school in sorted(schools):
            RecipientSchool.create(recipient=recipient, school=school)
        if recipient.mailed:
            to.append(mails.Addressee(recipient.id, email))
    return to


def _schools(draft: Draft) -> frozenset[str]:
    """The schools (codes) that a draft is about."""
    who = kinds.KINDS[draft.kind].who
    if who == "post":
        return frozenset(draft.schools)
    if who == "person":
        return frozenset(post.school for post in _posts(draft))
    if draft.organisation is None:
        return frozenset(school.code for school in directory.list_schools())
    served = (
        Assignment.select(Assignment.school)
        .join(Person)
        .where((Person.organisation == draft.organisation) & valid_on(Assignment, draft.valid_from))
    )
    own = School.select(School.code).where(School.organisation == draft.organisation)
    return frozenset(school for (school,) in [*fetch_tuples(served), *fetch_tuples(own)])


def _days(draft: Draft) -> list[date]:
    """The days on which a draft changes something: its own, and those on which a post of its person
    begins later."""
    later = {post.valid_from for post in _posts(draft) if post.valid_from > draft.valid_from}
    return [draft.valid_from, *sorted(later)]


def _posts(draft: Draft) -> list[PostRow]:
    """The posts of its person that a draft is about."""
    if draft.person is None:
        return []
    staying = _staying(draft)
    return [
        post
        for post in people.list_posts_ahead(draft.valid_from, draft.person)
        if (post.school, post.role) not in staying
    ]


def _staying(draft: Draft) -> set[tuple[str, str]]:
    """The posts (school, role) that somebody keeps."""
    kept = [post for post, choice in draft.posts.items() if (choice or draft.successor) == STAYS]
    query = Assignment.select(Assignment.school, Role.key).join(Role).where(Assignment.id.in_(kept))
    return {(school, role) for school, role in fetch_tuples(query)}


def _organisation(draft: Draft) -> int | None:
    """Which organisation a notice belongs to."""
    if draft.person:
        return int(Person.get_by_id(draft.person).organisation_id)
    if draft.organisation or not draft.successor.isdigit():
        return draft.organisation
    return int(Person.get_by_id(int(draft.successor)).organisation_id)


def _title(draft: Draft, successors: Sequence[Person]) -> str:
    return rules.title(
        draft,
        person=Person.get_by_id(draft.person).name if draft.person else "",
        successors=list(dict.fromkeys(person.name for person in successors)),
        role=Role.get_by_id(draft.role).label if draft.role else "",
        organisation=(
            Organisation.get_by_id(draft.organisation).name
            if draft.organisation
            else "het kernteamproject"
        ),
    )
