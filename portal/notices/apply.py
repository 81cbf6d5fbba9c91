"""Applies a draft to the directory through a change set: which posts it affects, and how.

Every function runs in the transaction of its caller.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import cast

from portal import clock
from portal.database import fetch_tuples
from portal.database.validity import current_or_future, valid_on
from portal.directory import assignments, new_people_and_details, who_works_or_is_absent
from portal.directory.change_sets import ChangeSet, RuleViolation, list_created, select_created
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    DetailKind,
    Kern,
    Person,
    Place,
    Role,
    School,
    Substitute,
    Vacancy,
    Visibility,
    is_open,
)
from portal.directory.schools_and_kernen import WORKPLACE_KEY, find_workplaces, list_kernen, with_workplace
from portal.directory.who_works_or_is_absent import find_employer
from portal.notices.drafts import NEW, STAYS, UNKNOWN, VACANT, Draft
from portal.notices.kinds import NoticeKind, Subject

# Whether a successor of this organisation is pending; the flag says whether they are new.
NeedsConfirmation = Callable[[int, bool], bool]


def list_affected_posts(draft: Draft) -> list[Assignment]:
    """The posts that the person of a draft holds on its first day or later and does not keep; of
    one who moves also those that they keep, with another number; of a division its posts."""
    if draft.kind is NoticeKind.DIVISION:
        return list_posts(draft.posts)
    return [
        post
        for post in _list_assignments(draft)
        if draft.kind is NoticeKind.MOVE or (draft.posts.get(post.id) or draft.successor) != STAYS
    ]


def list_affected_days(draft: Draft, posts: Sequence[Assignment]) -> list[date]:
    """The days on which a draft changes something, in order: its first day, and the first days of
    the affected posts that begin later."""
    later = {post.valid_from for post in posts if post.valid_from > draft.valid_from}
    return [draft.valid_from, *sorted(later)]


def list_affected_schools(draft: Draft, posts: Sequence[Assignment]) -> set[str]:
    """The codes of the schools and kernen that a draft is about."""
    if draft.kind.subject is Subject.POST:
        return set(draft.schools)
    if draft.kind.subject is Subject.PERSON:
        return {post.workplace_id for post in posts}
    if draft.organisation is None:
        query = School.select(School.code).where(is_open(draft.valid_from))
        kernen = {kern.code for kern in list_kernen(draft.valid_from)}
        return {code for (code,) in fetch_tuples(query)} | kernen
    served = (
        Assignment.select(Assignment.code())
        .join(Person)
        .where(
            who_works_or_is_absent.works_for([draft.organisation], draft.valid_from)
            & valid_on(Assignment, draft.valid_from)
        )
    )
    own = School.select(School.code).where(School.organisation == draft.organisation)
    return {code for (code,) in [*fetch_tuples(served), *fetch_tuples(own)]}


def apply_draft(draft: Draft, change_set: ChangeSet, needs_confirmation: NeedsConfirmation) -> None:
    """Change the directory as the draft says. Raises RuleViolation where they contradict."""
    _APPLY[draft.kind](draft, change_set, _People(draft, change_set, needs_confirmation))


def list_posts(ids: Collection[int]) -> list[Assignment]:
    """These assignments with their role and school, by role and school."""
    query = with_workplace(Assignment.select(Assignment, Role, School, Place, Kern))
    ours = Assignment.id.in_(list(ids)) & is_open(clock.today())
    order = (Role.position, WORKPLACE_KEY, Assignment.id)
    return list(query.join(Role).where(ours).order_by(*order))


def list_made(change_sets: Iterable[ChangeSet]) -> list[Assignment]:
    """The assignments that these change sets made and that still exist, with their person."""
    made = select_created([one.id for one in change_sets], Assignment)
    query = Assignment.select(Assignment, Person).join(Person)
    return list(query.where(Assignment.id.in_(made)).order_by(Assignment.id))


def list_filled(draft: Draft, change_sets: Iterable[ChangeSet]) -> list[tuple[str, str]]:
    """The people (names) who come by these change sets of a notice, each with a school (code): the
    last one at each post; and the posts that somebody who moves keeps."""
    sets = list(change_sets)
    made = sorted(list_made(sets), key=lambda row: row.valid_from)
    posts = {(row.role_id, row.workplace_id): (row.person.name, row.workplace_id) for row in made}
    ids = list_created(sets, Substitute)
    query = (
        Substitute.select(Substitute, Person, Assignment)
        .join(Person)
        .join_from(Substitute, Assignment)
        .join_from(Substitute, Absence)
        .where(Substitute.id.in_(ids))
        .order_by(Absence.valid_from)
    )
    substitutes = {row.assignment_id: (row.person.name, row.assignment.workplace_id) for row in query}
    kept = _list_assignments(draft) if draft.kind is NoticeKind.MOVE else []
    for row in kept:
        posts.setdefault((row.role_id, row.workplace_id), (row.person.name, row.workplace_id))
    return [*posts.values(), *substitutes.values()]


class _People:
    """The people whom a draft names; a new person is created once."""

    def __init__(self, draft: Draft, change_set: ChangeSet, needs_confirmation: NeedsConfirmation) -> None:
        self._draft = draft
        self._change_set = change_set
        self._needs_confirmation = needs_confirmation
        self._new: Person | None = None
        self._found: dict[str, Person] = {}

    def find(self, successor: str) -> Person:
        """The person whom an answer of the draft stands for. Raises RuleViolation."""
        if successor != NEW:
            if successor not in self._found:
                person = Person.get_or_none(Person.id == int(successor))
                if person is None:
                    raise RuleViolation("Deze persoon is er niet meer. Kies iemand anders.")
                self._found[successor] = person
            return self._found[successor]
        if self._new is None:
            if new := self._draft.new_person:
                self._new = new_people_and_details.add_new_person(self._change_set, new)
            else:  # what was typed about them is cleared
                self._new = new_people_and_details.find_added_person(self._change_set)
        if self._new is None:
            raise RuleViolation("Deze persoon is er niet meer. Kies iemand anders.")
        return self._new

    def is_pending(self, successor: str) -> bool:
        """Whether the organisation of this successor must still confirm."""
        employer = find_employer(self.find(successor), self._draft.valid_from)
        return self._needs_confirmation(employer, successor == NEW)

    def must_confirm(self, organisation: int) -> bool:
        """Whether an organisation (id) must still confirm who comes to work for it."""
        return self._needs_confirmation(organisation, True)


def complete_draft(
    draft: Draft, change_set: ChangeSet, made: Collection[int], needs_confirmation: NeedsConfirmation
) -> None:
    """Give the posts of a draft, which the notice left or filled by the assignments `made` (ids),
    other people from its first day on. Raises RuleViolation."""
    named = _People(draft, change_set, needs_confirmation)
    posts = list(list_posts(draft.posts))
    if draft.kind is NoticeKind.ABSENCE:
        answers = [(post, draft.posts[post.id]) for post in posts]
        substitutes = {post: None if answer == UNKNOWN else named.find(answer) for post, answer in answers}
        who_works_or_is_absent.change_substitutes(change_set, cast(int, draft.person), substitutes, draft.valid_from)
        return
    for post in posts:
        _refill(draft, post, change_set, named, made)


def _refill(draft: Draft, post: Assignment, change_set: ChangeSet, named: _People, made: Collection[int]) -> None:
    answer, first, until = draft.posts[post.id], draft.valid_from, None
    same = (Assignment.role == post.role) & Assignment.of(post.workplace)
    ours = Assignment.id.in_(list(made)) | (Assignment.person == (draft.person or 0))
    later = current_or_future(Assignment, draft.valid_from)
    for row in Assignment.select().where(same & ours & later):
        first, until = max(first, row.valid_from), row.valid_until
        change_set.end(row, first)
    vacancies = (Vacancy.role == post.role) & Vacancy.of(post.workplace)
    for vacancy in Vacancy.select().where(vacancies & current_or_future(Vacancy, draft.valid_from)):
        first, until = max(first, vacancy.valid_from), vacancy.valid_until
        if answer == VACANT:
            return
        change_set.end(vacancy, first)
    if answer == VACANT:
        assignments.open_vacancy(change_set, post.role, post.workplace, first, until)
    elif answer != UNKNOWN:
        successor = str(draft.person) if answer == STAYS else answer
        assignments.assign(
            change_set, named.find(successor), post.role, post.workplace, first, until,
            is_pending=answer != STAYS and named.is_pending(answer),
        )  # fmt: skip


def _hand_over(draft: Draft, change_set: ChangeSet, named: _People) -> None:
    """A takeover or a departure: each post gets a successor, becomes vacant, or just ends."""
    chosen = [(post, draft.posts.get(post.id) or draft.successor or UNKNOWN) for post in _list_assignments(draft)]
    leaving = [(post, successor) for post, successor in chosen if successor != STAYS]
    if not leaving and draft.kind is not NoticeKind.MOVE:
        raise RuleViolation("Vanaf deze dag is er geen plek over te dragen. Kies een eerdere dag.")
    for post, successor in leaving:
        person = None if successor in (VACANT, UNKNOWN) else named.find(successor)
        first_day, until = max(post.valid_from, draft.valid_from), post.valid_until
        assignments.hand_over(
            change_set, post, person, draft.valid_from, is_pending=person is not None and named.is_pending(successor)
        )
        if successor == VACANT:
            assignments.open_vacancy(change_set, post.role, post.workplace, first_day, until)


def _move(draft: Draft, change_set: ChangeSet, named: _People) -> None:
    """The posts that do not stay are handed over, the old details end."""
    _hand_over(draft, change_set, named)
    person = Person.get_by_id(draft.person)
    organisation = cast(int, draft.organisation)
    is_pending = named.must_confirm(organisation)
    who_works_or_is_absent.move(change_set, person, organisation, draft.valid_from, is_pending=is_pending)
    new = {DetailKind.PHONE: draft.more_phone, DetailKind.EMAIL: draft.more_email}
    _replace_details(change_set, person, new, draft.valid_from)


def _replace_details(change_set: ChangeSet, person: Person, new: dict[DetailKind, str], on: date) -> None:
    """End every contact detail of a person on the day `on` and add the `new` ones; a value that is
    among them stays. A new one is for members only where one of its kind was."""
    kept, hidden = set(), set()
    query = ContactDetail.select().where(ContactDetail.person == person)
    for detail in query.where(current_or_future(ContactDetail, on)):
        if detail.value == new.get(detail.kind) and detail.valid_until is None:
            kept.add(detail.kind)
        else:
            change_set.end(detail, on)
            hidden |= {detail.kind} if detail.visibility == Visibility.MEMBERS else set()
    for kind, value in new.items():
        if value and kind not in kept:
            visibility = Visibility.MEMBERS if kind in hidden else Visibility.OPEN
            new_people_and_details.add_detail(change_set, person, kind, value, on, visibility)


def _arrive(draft: Draft, change_set: ChangeSet, named: _People) -> None:
    if draft.successor == UNKNOWN:
        return  # their organisation refused
    person, role = named.find(draft.successor), Role.get_by_id(draft.role)
    is_pending = named.is_pending(draft.successor)
    for school in find_workplaces(draft.schools):
        assignments.assign(change_set, person, role, school, draft.valid_from, is_pending=is_pending)


def _report_absence(draft: Draft, change_set: ChangeSet, named: _People) -> None:
    substitutes = {}
    for post in _list_assignments(draft):
        successor = draft.posts.get(post.id) or draft.successor
        if successor and successor != UNKNOWN:
            substitutes[post] = named.find(successor)
    who_works_or_is_absent.report_absence(
        change_set, Person.get_by_id(draft.person), draft.valid_from, draft.valid_until, substitutes
    )


def _change_details(draft: Draft, change_set: ChangeSet, named: _People) -> None:
    person = Person.get_by_id(draft.person)
    for detail in ContactDetail.select().where(ContactDetail.person == person):
        value = draft.details.get(detail.id)
        if value and value != detail.value:
            new_people_and_details.replace_detail(change_set, detail, value, draft.valid_from)
    if draft.more_phone:
        new_people_and_details.add_detail(change_set, person, DetailKind.PHONE, draft.more_phone, draft.valid_from)


def _open_vacancies(draft: Draft, change_set: ChangeSet, named: _People) -> None:
    role = Role.get_by_id(draft.role)
    for school in find_workplaces(draft.schools):
        assignments.open_vacancy(change_set, role, school, draft.valid_from, draft.valid_until, draft.known_on)


def _divide(draft: Draft, change_set: ChangeSet, named: _People) -> None:
    """Each post gets another holder, and some schools one more. All endings come first, so that
    two people can change places."""
    role, first = Role.get_by_id(draft.role), draft.valid_from
    posts = list_posts(draft.posts)
    if len(posts) < len(draft.posts):
        raise RuleViolation("Een van deze plekken is er niet meer. Kijk de verdeling opnieuw na.")
    places = [(post.workplace, draft.posts[post.id], post.valid_until) for post in posts]
    for post in posts:
        change_set.end(post, first)
    later = _list_later(draft, role, change_set)
    places += [
        (school, draft.fills[school.code], later.get(school.code))
        for school in find_workplaces(draft.schools)
        if school.code in draft.fills
    ]
    at = (Vacancy.role == role) & Vacancy.at(draft.schools) & valid_on(Vacancy, first)
    for vacancy in Vacancy.select().where(at):
        change_set.end(vacancy, first)
    for school, answer, until in places:
        until = None if draft.replaces_later else until
        if answer == VACANT:
            assignments.open_vacancy(change_set, role, school, first, until)
        elif answer != UNKNOWN:
            person, is_pending = named.find(answer), named.is_pending(answer)
            assignments.assign(change_set, person, role, school, first, until, is_pending=is_pending)


def _list_later(draft: Draft, role: Role, change_set: ChangeSet) -> dict[str, date]:
    """The schools (codes) of a division where a role with one holder changes later as well, and
    when; drops those changes where the draft replaces them."""
    later: dict[str, date] = {}
    for model in (Assignment, Vacancy):
        at = (model.role == role) & model.at(draft.schools)
        for row in model.select().where(at & (model.valid_from > draft.valid_from)):
            if draft.replaces_later:
                change_set.end(row, draft.valid_from)
            elif role.one_holder:
                before = later.get(row.workplace_id, date.max)
                later[row.workplace_id] = min(row.valid_from, before)
    return later


def _announce(draft: Draft, change_set: ChangeSet, named: _People) -> None:
    """The text says it all; the directory stays as it is."""


_APPLY: dict[NoticeKind, Callable[[Draft, ChangeSet, _People], None]] = {
    NoticeKind.TAKEOVER: _hand_over,
    NoticeKind.DEPARTURE: _hand_over,
    NoticeKind.MOVE: _move,
    NoticeKind.ARRIVAL: _arrive,
    NoticeKind.ABSENCE: _report_absence,
    NoticeKind.DETAILS: _change_details,
    NoticeKind.VACANCY: _open_vacancies,
    NoticeKind.ORGANISATION: _announce,
    NoticeKind.NEWS: _announce,
    NoticeKind.DIVISION: _divide,
}


def _list_assignments(draft: Draft) -> list[Assignment]:
    return assignments.list_assignments(draft.person or 0, draft.valid_from)
