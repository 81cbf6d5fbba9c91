"""What happens to a notice after it was posted: other days, withdrawn, a successor confirmed.

Who got the notice hears of it. A row of the directory that a later notice built on stays as it is:
then the change is refused, with the notices that must go first.
"""

from collections.abc import Sequence

from portal import audit, clock
from portal.database import db
from portal.directory.assignments import RuleViolation
from portal.directory.change_sets import ChangeSet, is_needed
from portal.directory.models import Assignment, Person
from portal.directory.validity import last_day
from portal.mail.outbox import enqueue
from portal.notices import kinds, mails
from portal.notices.drafts import NEW, Draft
from portal.notices.mails import Addressee
from portal.notices.models import Notice, NoticeEvent, Recipient
from portal.notices.permissions import Author, may_confirm
from portal.notices.publishing import (
    apply_notice,
    ask_to_confirm,
    store_current_lines,
    store_lines,
    update_title,
)
from portal.notices.signed_links import Links
from portal.search.documents import reindex_people
from portal.web.formatting import period, short_day


class Conflict(Exception):
    """Somebody else changed this notice since it was looked at."""


class HasDependents(RuleViolation):
    """Later notices changed the same rows; `notices` are their ids."""

    def __init__(self, notices: list[int]) -> None:
        super().__init__("Latere meldingen bouwen hierop voort. Trek die eerst in.")
        self.notices = notices


def change(author: Author, notice_id: int, version: int, draft: Draft, links: Links) -> None:
    """Give a notice other days or another text.

    Raises Conflict, HasDependents and RuleViolation.
    """
    with db.atomic():
        notice = _claim(notice_id, version)
        before, today = Draft.from_json(notice.draft), clock.today()
        moved = (draft.valid_from, draft.valid_until) != (notice.valid_from, notice.valid_until)
        if moved:
            if today >= notice.valid_from and draft.valid_from != notice.valid_from:
                raise RuleViolation("Deze melding is al ingegaan. De eerste dag staat nu vast.")
            # What people were told about earlier days stays so.
            if draft.valid_until and draft.valid_until < today:
                raise RuleViolation("Die dag is al voorbij. Kies gisteren of later.")
            _refuse_if_built_upon(notice)
            # Who is new stays who they are: they got this notice as well.
            ChangeSet(notice.id).undo(keep=Person if draft.new_person else None)
            effect = apply_notice(notice.id, author, draft)
            store_lines(notice, effect)
        notice.draft, notice.text = draft.to_json(), draft.text
        notice.valid_from, notice.valid_until = draft.valid_from, draft.valid_until
        if moved:
            ask_to_confirm(notice, effect, links)
            what = f"Dit geldt nu {_period(draft)}. Eerst was dat {_period(before)}."
            notice.told_at = clock.now()
            # What one saw is no longer so.
            Recipient.update(seen_at=None).where(Recipient.notice == notice).execute()
            for to in _mailed(notice):
                enqueue(mails.changed(notice, what, to, links), links.site.mail_host)
        else:
            what = "De tekst is aangepast."
        notice.save()
        _note(notice, author, what, "changed")


def withdraw(author: Author, notice_id: int, version: int, links: Links) -> None:
    """Let a notice count no longer: before its day as if it was never there, afterwards from today
    on. Raises Conflict and HasDependents."""
    with db.atomic():
        notice, today = _claim(notice_id, version), clock.today()
        _refuse_if_built_upon(notice)
        change_set, mailed = (
            ChangeSet(notice.id),
            _mailed(notice),
        )  # who was to come goes with the change
        if today < notice.valid_from:
            change_set.undo()
            what = "De melding is ingetrokken voordat ze inging. Er verandert niets."
        else:
            change_set.undo_from(today)
            what = f"De melding is ingetrokken. Ze geldt niet meer vanaf {short_day(today)}."
        reindex_people()
        notice.withdrawn_at = clock.now()
        notice.save()
        for to in mailed:
            enqueue(mails.withdrawn(notice, what, to, links), links.site.mail_host)
        _note(notice, author, what, "withdrawn")


def confirm(author: Author, notice_id: int, version: int, links: Links) -> None:
    """Let the successors stand for whose organisation somebody speaks. Raises Conflict."""
    with db.atomic():
        notice = _claim(notice_id, version)
        theirs = list_pending(notice.id, author)
        for assignment in theirs:
            ChangeSet(notice.id).change(assignment, is_pending=False)
        _decide(notice, author, theirs, f"{_names(theirs)} is bevestigd.", "confirmed", links)


def refuse(author: Author, notice_id: int, version: int, links: Links) -> None:
    """Take the successors away for whose organisation somebody speaks. Raises Conflict and
    HasDependents."""
    with db.atomic():
        notice = _claim(notice_id, version)
        _refuse_if_built_upon(notice)
        change_set, theirs = ChangeSet(notice.id), list_pending(notice.id, author)
        for assignment in theirs:
            change_set.end(assignment, clock.today())
        gone = {str(assignment.person_id) for assignment in theirs}
        for person in Person.select().where(Person.id.in_(change_set.created(Person))):
            if str(person.id) in gone and not is_needed(person.id):
                change_set.remove(person)
                gone.add(NEW)
        reindex_people()
        draft = Draft.from_json(notice.draft).without(gone)
        notice.draft, notice.title = draft.to_json(), update_title(notice.id, draft)
        notice.save()
        text = f"{_names(theirs)} neemt dit niet over. De plek is nu niet ingevuld."
        _decide(notice, author, theirs, text, "refused", links)
        for to in _mailed(notice):
            enqueue(mails.changed(notice, text, to, links), links.site.mail_host)


def list_pending(notice: int, author: Author | None = None) -> list[Assignment]:
    """The assignments of a notice that wait until an organisation confirms them; with a `author`
    those that they may confirm."""
    query = (
        Assignment.select(Assignment, Person)
        .join(Person)
        .where(Assignment.id.in_(ChangeSet(notice).created(Assignment)) & Assignment.is_pending)
        .order_by(Assignment.id)
    )
    return [
        row for row in query if author is None or may_confirm(author, row.person.organisation_id)
    ]


def can_move(notice: Notice) -> bool:
    """Whether the first day of a notice may still change."""
    return bool(clock.today() < notice.valid_from)


def has_last_day(notice: Notice) -> bool:
    """Whether a notice can have a last day."""
    return bool(kinds.KINDS[notice.kind].last_day)


def _claim(notice_id: int, version: int) -> Notice:
    """The notice, if it is still in the version that somebody saw; it gets the next one."""
    claimed = (
        Notice.update(row_version=Notice.row_version + 1)
        .where(
            (Notice.id == notice_id)
            & (Notice.row_version == version)
            & Notice.withdrawn_at.is_null()
        )
        .execute()
    )
    if not claimed:
        raise Conflict
    notice: Notice = Notice.get_by_id(notice_id)
    return notice


def _refuse_if_built_upon(notice: Notice) -> None:
    if later := ChangeSet(notice.id).dependents():
        raise HasDependents(later)


def _mailed(notice: Notice) -> list[Addressee]:
    query = Recipient.select().where((Recipient.notice == notice) & Recipient.mailed)
    return [Addressee(row.id, row.email) for row in query]


def _period(draft: Draft) -> str:
    return period(draft.valid_from, last_day(draft.valid_until) if draft.valid_until else None)


def _names(assignments: Sequence[Assignment]) -> str:
    return " en ".join(dict.fromkeys(assignment.person.name for assignment in assignments))


def _decide(
    notice: Notice, author: Author, theirs: Sequence[Assignment], text: str, action: str,
    links: Links,
) -> None:  # fmt: skip
    store_current_lines(notice, theirs)
    enqueue(mails.decided(notice, text, links), links.site.mail_host)
    _note(notice, author, text, action)


def _note(notice: Notice, author: Author, text: str, action: str) -> None:
    NoticeEvent.create(notice=notice, at=clock.now(), author=author.name, text=text)
    audit.record(author.account, action, "notice", notice.id)
