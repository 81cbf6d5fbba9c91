"""Publishes a notice: applies it to the directory, stores its effect with a title, and mails its audience.

A preview is the same publication, rolled back at the end: it shows exactly what will happen.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, cast

from portal import clock
from portal.database import Outdated, db
from portal.database.directory_version import lock_directory
from portal.directory.change_sets import ChangeSet, RuleViolation, is_outdated, list_created
from portal.directory.change_sets import preview as rolled_back
from portal.directory.models import Assignment, Organisation, Person, Role
from portal.directory.who_works_or_is_absent import find_employer
from portal.mail.outbox import enqueue
from portal.notices import announcing_afterwards, apply, queries
from portal.notices import audience_and_mails as mails
from portal.notices.audience_and_mails import (
    Audience,
    AudienceMember,
    add_recipients,
    find_audience,
    is_over,
    list_around,
    list_mailed,
    list_members,
)
from portal.notices.drafts import Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice
from portal.notices.permissions_and_confirmation import Author, list_confirmers, list_confirming, needs_confirmation
from portal.notices.titles_differences_and_warnings import (
    GroupedLine,
    SchoolLines,
    Staffing,
    add_schools,
    get_staffing,
    group_lines,
    list_changes,
    list_school_lines,
    list_warnings,
    make_title,
    store_lines,
)
from portal.region import current_region
from portal.search.index import update_documents
from portal.site import Site
from portal.web.formatting import day


class Effect(NamedTuple):
    """The effect of a notice on the directory and on its readers."""

    title: str  # "" of a completion
    organisation: int | None
    schools: list[SchoolLines]
    audience: Audience
    members: list[AudienceMember]  # the people of the audience
    must_confirm: frozenset[int]  # organisations of the pending successors
    row_versions: str  # of the rows that it changes, see ChangeSet.row_versions
    is_over: bool = False  # so that nobody is mailed
    warnings: Sequence[str] = ()  # Dutch sentences about the people who come

    @property
    def groups(self) -> list[GroupedLine]:
        """The changes, each once with its schools."""
        return group_lines(self.schools)


def preview(author: Author, draft: Draft) -> Effect:
    """The effect of publishing a draft; nothing is kept. Raises RuleViolation."""
    with rolled_back():
        _, change_set = queries.add_notice(author, draft, key="preview")
        return apply_notice(change_set, author, draft)


def publish(author: Author, draft: Draft, key: str, row_versions: str, site: Site | None) -> int:
    """Publish a draft and return the id of its notice; a `key` that was used before returns the
    notice of that time. Without a `site` nobody is mailed (the demo).

    Raises RuleViolation, and Outdated where the preview showed other `row_versions`.
    """
    with db.atomic():
        lock_directory()
        key = f"{author.account}:{key}"
        if published := Notice.get_or_none(Notice.key == key):
            return int(published.id)
        notice, change_set = queries.add_notice(author, draft, key)
        try:
            effect = apply_notice(change_set, author, draft)
        except RuleViolation:
            if is_outdated(row_versions):
                raise RuleViolation("Iemand anders heeft hier net iets over gemeld. Kijk bij “Wijzigingen”.") from None
            raise
        if effect.row_versions != row_versions:
            raise Outdated(effect)
        return store(notice, author, draft, effect, site)


def store(notice: Notice, author: Author, draft: Draft, effect: Effect, site: Site | None) -> int:
    """Keep the effect of a draft with its notice, and mail its audience; gives the notice's id. In
    the caller's transaction."""
    notice.title, notice.organisation_id = effect.title, effect.organisation
    notice.save()
    add_schools(notice, effect.schools)
    store_lines(notice, effect.schools)
    add_recipients(notice, effect.audience)
    queries.add_event(notice, author, "Melding geplaatst.", "published")
    if site:
        if not is_over(draft.valid_until):
            for to in list_mailed(notice):
                enqueue(mails.published(notice, effect.schools, to, site), site.mail_host)
        ask_to_confirm(notice, effect.must_confirm, site)
    return int(notice.id)


def ask_to_confirm(notice: Notice, organisations: Iterable[int], site: Site) -> None:
    """Mail everybody who may confirm who comes from, or to, these organisations."""
    for email in list_confirmers(frozenset(organisations)):
        enqueue(mails.confirmation_request(notice, email, site), site.mail_host)


def apply_notice(change_set: ChangeSet, author: Author, draft: Draft) -> Effect:
    """Apply the draft of a notice to the directory, in the caller's transaction, and return its
    effect. Raises RuleViolation."""
    if draft.announces:
        return _announce(draft, author)
    posts = apply.list_affected_posts(draft)
    schools = apply.list_affected_schools(draft, posts)
    days = apply.list_affected_days(draft, posts)
    day_before = get_staffing(schools, draft.valid_from - timedelta(days=1))
    is_later = draft.valid_from > clock.today()
    present = day_before if is_later else get_staffing(schools, clock.today())
    before = {day: get_staffing(schools, day) for day in days}

    apply.apply_draft(draft, change_set, _asks(author))
    update_documents(change_set.list_rows())

    after = {day: get_staffing(schools, day) for day in days}
    is_about_details = draft.kind in (NoticeKind.DETAILS, NoticeKind.MOVE)
    changes = list_changes(present, before, after, compare_details=is_about_details)
    holders = [*day_before.holders, *after[draft.valid_from].holders]
    holders += list_around(schools, draft.valid_from)
    audience = find_audience(holders, author.person)
    return Effect(
        title=get_title(draft, [change_set], schools),
        organisation=get_organisation(draft),
        schools=list_school_lines(schools, changes),
        audience=audience,
        members=list_members(audience),
        must_confirm=list_confirming([change_set]),
        row_versions=change_set.row_versions(),
        is_over=is_over(draft.valid_until),
        warnings=list_warnings(draft.valid_from, posts, [change_set]),
    )


def _announce(draft: Draft, author: Author) -> Effect:
    """The effect on its readers of a notice about changes that stand already. Raises RuleViolation."""
    told = announcing_afterwards.find_told(cast(int, draft.announces), draft.organisation, author.person)
    if told is None:
        raise RuleViolation("Hierover is niets meer te vertellen. Het is al verteld of veranderd.")
    return Effect(
        title=get_title(draft, [], told.schools, told.came),
        organisation=draft.organisation,
        schools=list_school_lines(told.schools, told.changes),
        audience=told.audience,
        members=list_members(told.audience),
        must_confirm=frozenset(),
        row_versions="",
    )


def complete_notice(change_set: ChangeSet, author: Author, draft: Draft, earlier: Collection[ChangeSet]) -> Effect:
    """Apply the draft of a completion, of a notice with these `earlier` change sets, in the
    caller's transaction; gives its effect. Raises RuleViolation."""
    made = list_created(earlier, Assignment)
    posts = apply.list_posts(draft.posts)
    schools, days = {post.workplace_id for post in posts}, apply.list_affected_days(draft, posts)
    before = {day: get_staffing(schools, day) for day in days}
    apply.complete_draft(draft, change_set, made, _asks(author))
    update_documents(change_set.list_rows())
    return compare(author, schools, before, [*earlier, change_set], change_set)


def compare(
    author: Author, schools: Collection[str], before: Mapping[date, Staffing],
    change_sets: Collection[ChangeSet], last: ChangeSet,
) -> Effect:  # fmt: skip
    """The effect of the last of a notice's change sets, at those schools where it changed something since `before`."""
    first = min(before)
    after = {day: get_staffing(schools, day) for day in before}
    changes = list_changes(before[first], before, after, compare_details=False)
    changed = {school for school, _ in changes}
    holders = [*before[first].holders, *after[first].holders]
    concerned = [row for row in holders if row.school in changed] + list_around(changed, first)
    audience = find_audience(concerned, author.person)
    # Undoing deletes a new person.
    people = Person.select(Person.id).where(Person.id.in_(list(audience)))
    audience = {row.id: audience[row.id] for row in people}
    return Effect(
        title="",
        organisation=None,
        schools=list_school_lines(changed, changes),
        audience=audience,
        members=list_members(audience),
        must_confirm=list_confirming(change_sets),
        row_versions=last.row_versions(),
        warnings=list_warnings(first, [], [last]),
    )


def _asks(author: Author) -> apply.NeedsConfirmation:
    return lambda organisation, is_new: needs_confirmation(author, organisation, is_new=is_new)


def get_title(
    draft: Draft, change_sets: Iterable[ChangeSet], schools: Collection[str], came: Iterable[tuple[str, str]] = ()
) -> str:
    """The title of a notice about these schools (codes), which has these change sets; `came` are
    the people (names) who came by another one, each with a school."""
    return make_title(
        draft.kind,
        [*apply.list_filled(draft, change_sets), *came],
        schools,
        person=Person.get_by_id(draft.person).name if draft.person else "",
        role=Role.get_by_id(draft.role).label if draft.role else "",
        organisation=(
            Organisation.get_by_id(draft.organisation).name if draft.organisation else current_region().project
        ),
        day=day(draft.valid_from),
    )


def get_organisation(draft: Draft) -> int | None:
    """The organisation that a notice belongs to; None for the whole region."""
    if draft.person:
        return find_employer(Person.get_by_id(draft.person), clock.today())
    if draft.organisation or not draft.successor.isdigit():
        return draft.organisation
    return find_employer(Person.get_by_id(int(draft.successor)), clock.today())
