"""Completes a published notice: other people for some of its posts from a day on, told to those
whom it concerns only. Each completion is a change set of its own, which can be taken back."""

from collections.abc import Mapping, Sequence
from datetime import date

from portal import clock
from portal.database import Outdated, db
from portal.database.cache import cached_until_change
from portal.database.validity import current_or_future
from portal.directory.change_sets import (
    COMPLETING,
    ChangeSet,
    ChangeSetKind,
    RuleViolation,
    list_created,
    list_of_notice,
)
from portal.directory.change_sets import preview as rolled_back
from portal.directory.models import Absence, Assignment, Person
from portal.directory.undoing import take_back_from
from portal.mail.outbox import enqueue
from portal.notices import audience_and_mails as mails
from portal.notices import publishing, queries
from portal.notices.apply import list_posts
from portal.notices.audience_and_mails import add_recipients, is_over, list_mailed
from portal.notices.change_or_withdraw import claim
from portal.notices.choices import Choices, PostChoice, find_person
from portal.notices.drafts import Draft
from portal.notices.kinds import NoticeKind, Subject
from portal.notices.models import Notice, Recipient
from portal.notices.permissions_and_confirmation import Author
from portal.notices.publishing import Effect
from portal.notices.receipts import mark_unseen
from portal.notices.titles_differences_and_warnings import (
    PostKey,
    add_missing_schools,
    describe_posts,
    get_staffing,
    list_schools,
    merge_lines,
)
from portal.search.index import update_documents
from portal.site import Site
from portal.web.formatting import capital, short_day

NOTHING = "Er verandert nog niets. Kies bij een school iets anders."


def may_complete(notice: Notice) -> bool:
    """Whether the posts of a notice of this kind can get other people, school by school."""
    is_about_posts = notice.kind.subject is Subject.PERSON and notice.kind != NoticeKind.DETAILS
    return notice.withdrawn_at is None and (is_about_posts or notice.kind is NoticeKind.ARRIVAL)


def list_open_posts(notice: Notice, change_set: ChangeSet) -> list[Assignment]:
    """The posts of a notice that a completion can change: those that it left or filled, by its first change set."""
    person = queries.get_draft(notice).person
    if notice.kind is NoticeKind.ARRIVAL:
        return list_posts(change_set.created(Assignment))
    touched = [key for model, key in change_set.list_rows() if model is Assignment]
    held = current_or_future(Assignment, notice.valid_from)
    if notice.kind is not NoticeKind.ABSENCE:
        held |= Assignment.id.in_(touched)
    query = Assignment.select(Assignment.id).where((Assignment.person == person) & held)
    posts = {(row.role_id, row.workplace_id): row for row in list_posts([row.id for row in query])}
    return list(posts.values())


def get_choices(author: Author, notice: Notice) -> Choices:
    """The choices for the posts of a notice, with who is there since its last completion."""
    person = queries.get_draft(notice).person
    choices = Choices(author, find_person(person) if person else None)
    sets = list_of_notice(notice.id)
    days = [one.effective_on or notice.valid_from for one in sets]
    posts, day = list_open_posts(notice, sets[0]), max(clock.today(), *days)
    present = _describe_present(frozenset(row.workplace_id for row in posts), day)
    choices.posts = [
        PostChoice(row.id, row.role.label, row.workplace.name, row.place_name,
                   _filled(notice, present.get((row.workplace_id, row.role.key), "")))
        for row in posts
    ]  # fmt: skip
    return choices


@cached_until_change
def _describe_present(workplaces: frozenset[str], on: date) -> Mapping[PostKey, str]:
    return describe_posts(get_staffing(workplaces, on), "none")


def _filled(notice: Notice, present: str) -> str:
    """The holder of a post, in words; "" where somebody is still wanted."""
    if notice.kind is NoticeKind.ABSENCE and ", vervanger " not in present:
        return ""
    return "" if present == "vacature" else present


def preview(author: Author, notice: Notice, draft: Draft) -> Effect:
    """The effect of a completion; nothing is kept. Raises RuleViolation."""
    with rolled_back():
        return _apply(author, notice, draft)


def complete(author: Author, notice_id: int, version: int, draft: Draft, row_versions: str, site: Site) -> None:
    """Complete a notice with the posts of a draft, and mail those whom that concerns.

    Raises Conflict, RuleViolation, and Outdated where the preview showed other `row_versions`.
    """
    with db.atomic():
        notice = claim(notice_id, version)
        effect = _apply(author, notice, draft)
        if effect.row_versions != row_versions:
            raise Outdated(effect)
        since = short_day(draft.valid_from)
        _tell(author, notice, effect, f"Aangevuld of verbeterd vanaf {since}", since, site)


def take_back(author: Author, notice_id: int, version: int, site: Site) -> None:
    """Take the last completion of a notice back: from today on, or wholly before its first day.

    Raises Conflict, RuleViolation where there is none, and BuiltUpon.
    """
    with db.atomic():
        notice = claim(notice_id, version)
        if (last := find_last(list_of_notice(notice.id))) is None:
            raise RuleViolation("Er is geen aanvulling om terug te draaien.")
        day = max(clock.today(), last.effective_on or notice.valid_from)
        schools = list_schools(notice.id)
        before, mailed = {day: get_staffing(schools, day)}, list_mailed(notice)
        take_back_from(last, clock.today())
        if last.kind is ChangeSetKind.LAST_DAY:
            absences = Absence.select().where(Absence.id.in_(list_created(list_of_notice(notice.id), Absence)))
            notice.valid_until = absences.order_by(Absence.valid_from.desc()).get().valid_until
        update_documents(last.list_rows())
        effect = publishing.compare(author, schools, before, list_of_notice(notice.id), last)
        since = short_day(day)
        # Undo deletes a new person with their receipt; they are told as well.
        left = Person.select(Person.id).where(Person.id.in_([to.person_id for to in mailed]))
        known = {row.id for row in left}
        gone = [to for to in mailed if to.person_id not in known]
        what = f"{capital(last.kind.label)} teruggedraaid vanaf {since}"
        _tell(author, notice, effect, what, since, site, gone)


def find_last(change_sets: Sequence[ChangeSet]) -> ChangeSet | None:
    """The last of these change sets of a notice that completed it or gave it another last day."""
    return change_sets[-1] if change_sets and change_sets[-1].kind in COMPLETING else None


def _apply(author: Author, notice: Notice, draft: Draft) -> Effect:
    earlier = list_of_notice(notice.id)
    change_set = ChangeSet.begin(ChangeSetKind.COMPLETION, author.account, ref=notice.id, effective_on=draft.valid_from)
    effect = publishing.complete_notice(change_set, author, draft, earlier)
    if not effect.schools:
        raise RuleViolation(NOTHING)
    return effect


def _tell(
    author: Author, notice: Notice, effect: Effect, what: str, since: str, site: Site, gone: Sequence[Recipient] = ()
) -> None:
    """Show the changed posts in the notice, and mail the people of their schools, who have not seen
    this yet; for all others nothing changes."""
    has_later_day = since != short_day(notice.valid_from)
    merge_lines(notice, effect.schools, f" (vanaf {since})" if has_later_day else "")
    add_missing_schools(notice, effect.schools)
    notice.title = publishing.get_title(queries.get_draft(notice), list_of_notice(notice.id), list_schools(notice.id))
    notice.announced_at = clock.now()
    notice.save()
    concerned = (Recipient.notice == notice) & Recipient.person.in_(list(effect.audience))
    known = {row.person_id for row in Recipient.select(Recipient.person).where(concerned)}
    mark_unseen(notice, effect.audience)
    new = {person: codes for person, codes in effect.audience.items() if person not in known}
    add_recipients(notice, new)
    lines = [
        f"- {', '.join(school.name for school in group.schools)}, {group.line.role}: "
        f"{group.line.after} (eerst: {group.line.before})"
        for group in effect.groups
    ]
    explanation = "\n".join([f"{what}:", *lines])
    told = [to for to in list_mailed(notice) if to.person_id in effect.audience]
    for to in () if is_over(notice.valid_until) else (*told, *gone):
        enqueue(mails.changed(notice, explanation, to, site), site.mail_host)
    publishing.ask_to_confirm(notice, effect.must_confirm, site)
    names = ", ".join(school.name for school in effect.schools)
    queries.add_event(notice, author, f"{what}: {names}.", "changed")
