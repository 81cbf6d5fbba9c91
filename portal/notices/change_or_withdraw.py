"""Changes a published notice: another period or text, withdrawal, confirmation of a successor.

Each change is mailed to the recipients. A notice on which a later one builds does not change: the
later one must be withdrawn first.
"""

from collections.abc import Sequence
from datetime import date

from portal import clock
from portal.accounts import sign_in_addresses
from portal.database import db
from portal.database.directory_version import lock_directory
from portal.database.validity import last_day
from portal.directory.change_sets import (
    ChangeSet,
    ChangeSetKind,
    RuleViolation,
    is_needed,
    list_created,
    list_of_notice,
    was_completed,
)
from portal.directory.models import Absence, Assignment, ContactDetail, Employment, Person
from portal.directory.undoing import refuse_dependents, start_over, take_back_from
from portal.directory.who_works_or_is_absent import end_absences
from portal.mail.outbox import enqueue
from portal.notices import audience_and_mails as mails
from portal.notices import queries
from portal.notices.audience_and_mails import is_over, list_mailed
from portal.notices.drafts import NEW, Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice
from portal.notices.permissions_and_confirmation import Author, list_pending
from portal.notices.publishing import apply_notice, ask_to_confirm, compare, get_title
from portal.notices.receipts import mark_unseen
from portal.notices.titles_differences_and_warnings import (
    get_staffing,
    list_schools,
    merge_lines,
    store_lines,
    update_lines,
)
from portal.search.index import update_documents
from portal.site import Site
from portal.web.formatting import period, short_day

# The confirmation on the page of a notice after a step, by its name in the address.
_DONE = {
    "geplaatst": "Je melding is geplaatst. Wie het aangaat, krijgt nu mail.",
    "gewijzigd": "Je wijziging is bewaard.",
    "ingetrokken": "De melding is ingetrokken. Wie haar kreeg, krijgt daarover mail.",
    "aangevuld": "Je aanvulling is bewaard. Wie het aangaat, krijgt nu mail.",
    "teruggedraaid": "Dit is teruggedraaid. Wie het aangaat, krijgt daarover mail.",
    "gewist": "De eerdere teksten zijn gewist.",
    "bevestigd": "Je hebt de melding bevestigd.",
    "afgewezen": "Je hebt gemeld dat het niet klopt.",
}


class Conflict(Exception):
    """Somebody else changed the notice after the author opened it."""


def get_done(notice: Notice, step: str) -> str | None:
    """The confirmation of a step by its name in the address, while it is still true."""
    done = _DONE.get(step, "")
    if is_over(notice.valid_until):  # nobody is mailed
        done = done.partition(". W")[0]
    is_true = step == "gewist" or bool(notice.withdrawn_at) == (step == "ingetrokken")
    return done if is_true else None


def change(author: Author, notice_id: int, version: int, draft: Draft, site: Site, *, tells: bool) -> None:
    """Give a notice another period or another text, which is mailed where the author `tells` it.

    Raises Conflict and RuleViolation, of which BuiltUpon.
    """
    with db.atomic():
        notice = claim(notice_id, version)
        before = queries.get_draft(notice)
        if (draft.valid_from, draft.valid_until) == (before.valid_from, before.valid_until):
            queries.update_draft(notice, draft)
            notice.save()
            if draft.text == before.text:
                return
            if tells := tells and not is_over(draft.valid_until):
                _mail_again(notice, "De tekst van de melding is aangepast.", site)
            sentence = "De tekst is aangepast" + (" en gemaild." if tells else ".")
            queries.add_event(notice, author, sentence, "changed", before.text)
        else:
            _move(author, notice, before, draft, site)


def _move(author: Author, notice: Notice, before: Draft, draft: Draft, site: Site) -> None:
    """Undo a notice, apply it again on its other days, and announce that."""
    today = clock.today()
    if draft.announces:
        raise RuleViolation("Deze melding vertelt over plekken die al vaststaan. De dag blijft.")
    if refusal := _refuse_move(before.valid_from, draft.valid_from, draft.valid_until, today):
        raise RuleViolation(refusal)
    queries.update_draft(notice, draft)
    change_sets = list_of_notice(notice.id)
    if was_completed(notice.id):  # also where that was taken back: its days keep their answers
        _end_completed(author, notice, before, draft, change_sets)
    else:
        _apply_anew(author, notice, draft, change_sets[0], site)
    notice.announced_at = clock.now()
    notice.save()
    explanation = f"Dit geldt nu {_period(draft)}. Eerst was dat {_period(before)}."
    if not (is_over(before.valid_until) and is_over(draft.valid_until)):
        _mail_again(notice, explanation, site)
    old_text = before.text if draft.text != before.text else None
    queries.add_event(notice, author, explanation, "changed", old_text)


def _refuse_move(valid_from: date, new_valid_from: date, new_valid_until: date | None, today: date) -> str:
    """Why a notice cannot get other days, in Dutch; "": it can. The answers of earlier days must
    stay as they were given."""
    if today >= valid_from != new_valid_from:
        return "Deze melding is al ingegaan. De eerste dag staat nu vast."
    if new_valid_until and new_valid_until < today:
        return "Die dag is al voorbij. Kies gisteren of later."
    return ""


def _mail_again(notice: Notice, explanation: str, site: Site) -> None:
    """Mail a change to all recipients, who have not seen it yet."""
    mark_unseen(notice)
    for to in list_mailed(notice):
        enqueue(mails.changed(notice, explanation, to, site), site.mail_host)


def _end_completed(
    author: Author, notice: Notice, before: Draft, draft: Draft, change_sets: Sequence[ChangeSet]
) -> None:
    """Give a completed absence another last day; the days of other completed notices stay."""
    if draft.kind is not NoticeKind.ABSENCE or draft.valid_from != before.valid_from:
        raise RuleViolation("Deze melding is aangevuld. Draai eerst de aanvulling terug.")
    periods = list_created(change_sets, Absence)
    change_set = ChangeSet.begin(ChangeSetKind.LAST_DAY, author.account, ref=notice.id, effective_on=clock.today())
    schools = list_schools(notice.id)
    days = {day: get_staffing(schools, day) for day in {max(clock.today(), draft.valid_from)}}
    end_absences(change_set, periods, draft.valid_until)
    merge_lines(notice, compare(author, schools, days, change_sets, change_set).schools, "")


def _apply_anew(author: Author, notice: Notice, draft: Draft, change_set: ChangeSet, site: Site) -> None:
    # A new person keeps their row: they are a recipient of this notice. Once the answers about them
    # are cleared, their details stay too.
    keep = (Person,) if draft.new_person else (Person, ContactDetail)
    start_over(change_set, keep=keep if draft.names_new_person else ())
    change_set.effective_on = draft.valid_from
    change_set.save(only=["effective_on"])
    effect = apply_notice(change_set, author, draft)
    notice.title = effect.title
    store_lines(notice, effect.schools)
    ask_to_confirm(notice, effect.must_confirm, site)


def withdraw(author: Author, notice_id: int, version: int, site: Site) -> None:
    """Withdraw a notice: before its first day it is undone, afterwards it ends today.

    Raises Conflict and BuiltUpon.
    """
    with db.atomic():
        notice, today = claim(notice_id, version), clock.today()
        # Read first: undo deletes a new person with their receipt.
        recipients = [] if is_over(notice.valid_until) else list_mailed(notice)
        for change_set in reversed(list_of_notice(notice.id)):
            take_back_from(change_set, today)
            update_documents(change_set.list_rows())
        draft = queries.get_draft(notice)
        sign_in_addresses.take_back([draft.person] if draft.person else [])
        if draft.announces:
            explanation = "De melding is ingetrokken. De contactzoeker zegt wie waar werkt."
        elif today < notice.valid_from:
            explanation = "De melding is ingetrokken voordat ze inging. Er verandert niets."
        else:
            explanation = f"De melding is ingetrokken. Ze geldt niet meer vanaf {short_day(today)}."
        notice.withdrawn_at = clock.now()
        notice.save()
        for to in recipients:
            enqueue(mails.withdrawn(notice, explanation, to, site), site.mail_host)
        queries.add_event(notice, author, explanation, "withdrawn")


def confirm(author: Author, notice_id: int, version: int, site: Site) -> None:
    """Confirm who comes from, or to, an organisation for which the author speaks. Raises Conflict."""
    with db.atomic():
        notice = claim(notice_id, version)
        pending = list_pending(list_of_notice(notice.id), author)
        for change_set, made in _by_change_set(notice.id, pending):
            for assignment in made:
                change_set.change(assignment, is_pending=False)
        _decide(notice, author, pending, f"{_names(pending)} is bevestigd.", "confirmed", site)


def refuse(author: Author, notice_id: int, version: int, site: Site) -> None:
    """Refuse who comes from, or to, an organisation for which the author speaks: the rows that
    `confirm` would confirm are removed. Raises Conflict and BuiltUpon."""
    with db.atomic():
        notice = claim(notice_id, version)
        pending = list_pending(list_of_notice(notice.id), author)
        dropped = {str(row.person_id) for row in pending if isinstance(row, Assignment)}
        for change_set, made in _by_change_set(notice.id, pending):
            refuse_dependents(change_set)
            for assignment in made:
                change_set.end(assignment, clock.today())
            for person in Person.select().where(Person.id.in_(change_set.created(Person))):
                if str(person.id) in dropped and not is_needed(Person, person.id):
                    change_set.remove(person)
                    dropped.add(NEW)
            update_documents(change_set.list_rows())
        draft = queries.get_draft(notice).drop_successors(dropped)
        queries.update_draft(notice, draft)
        notice.title = get_title(draft, list_of_notice(notice.id), list_schools(notice.id))
        notice.save()
        refused = [row for row in pending if isinstance(row, Assignment)]
        explanation = (
            f"{_names(refused)} neemt dit niet over. De plek is nu niet ingevuld."
            if refused
            else f"{_names(pending)} gaat niet bij die organisatie werken."
        )
        _decide(notice, author, pending, explanation, "refused", site)
        for to in list_mailed(notice):
            enqueue(mails.changed(notice, explanation, to, site), site.mail_host)


def _by_change_set(
    notice: int, pending: Sequence[Assignment | Employment]
) -> list[tuple[ChangeSet, list[Assignment | Employment]]]:
    """The change sets of a notice that made these rows, each with its own, the last first: a
    completion builds on what came before."""
    groups = [
        (change_set, [row for row in pending if row.id in change_set.created(type(row))])
        for change_set in reversed(list_of_notice(notice))
    ]
    return [group for group in groups if group[1]]


def claim(notice_id: int, version: int) -> Notice:
    """The notice, with its version raised by one. Raises Conflict where it is withdrawn, or is not
    in the version that the author saw."""
    lock_directory()
    claimed = (
        Notice.update(row_version=Notice.row_version + 1)
        .where((Notice.id == notice_id) & (Notice.row_version == version) & Notice.withdrawn_at.is_null())
        .execute()
    )
    if not claimed:
        raise Conflict
    notice: Notice = Notice.get_by_id(notice_id)
    return notice


def _decide(
    notice: Notice, author: Author, decided: Sequence[Assignment | Employment], explanation: str,
    action: str, site: Site,
) -> None:  # fmt: skip
    """Show the decided assignments as they are now, and mail the decision to the author."""
    update_lines(notice, [row for row in decided if isinstance(row, Assignment)])
    enqueue(mails.decided(notice, explanation, site), site.mail_host)
    queries.add_event(notice, author, explanation, action)


def _names(pending: Sequence[Assignment | Employment]) -> str:
    return " en ".join(dict.fromkeys(row.person.name for row in pending))


def _period(draft: Draft) -> str:
    return period(draft.valid_from, last_day(draft.valid_until) if draft.valid_until else None)
