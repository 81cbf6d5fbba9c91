"""Posts and absences on a day (Amsterdam): people, their organisation and posts, absences with their
substitutes, and vacancies. Contradictions are refused.

`Person.organisation` is somebody's first one; an employment says for which other organisation they
work in a period. Each function that reads runs a fixed number of statements, for any number of rows.
Periods are half-open: `valid_until` is exclusive, None leaves the end open.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, fn

from portal import clock
from portal.database import fetch_tuples
from portal.database.cache import cached_until_change
from portal.database.compiled import prepared
from portal.database.validity import current_or_future, overlaps, valid_on
from portal.directory.assignments import check_period
from portal.directory.change_sets import ChangeSet, RuleViolation
from portal.directory.contact_details import Contact, Detail, list_person_details
from portal.directory.models import (
    Absence,
    Assignment,
    CheckedBy,
    Employment,
    Kern,
    Organisation,
    Person,
    Place,
    Role,
    School,
    Substitute,
    Vacancy,
    is_open,
)
from portal.directory.schools_and_kernen import WORKPLACE_KEY, with_workplace
from portal.person_names import full_name

# ---- The organisation that somebody works for


class PostHolder(NamedTuple):
    """A person who holds a role at a school or kern, with their absence and substitute."""

    assignment: int
    school: str  # code, also of a kern
    role: str  # key
    contact: Contact
    employer: str  # key of the organisation
    since: date
    is_pending: bool  # not yet confirmed by the employer
    is_absent: bool
    absent_until: date | None  # exclusive; None: no end known
    substitute: Contact | None  # only a substitute who is not absent


class VacancyRow(NamedTuple):
    """An open post."""

    school: str  # code, also of a kern
    role: str  # key
    valid_from: date
    valid_until: date | None
    known_on: date | None = None  # the day around which it is known who comes


class PersonRow(NamedTuple):
    """A person with their contact details and absence."""

    id: int
    contact: Contact
    is_absent: bool
    absent_until: date | None  # exclusive; None: no end known


class Post(NamedTuple):
    """One role of a person at one school."""

    person_id: int
    role: str  # key
    role_label: str
    school: str  # code, also of a kern
    school_name: str
    school_slug: str
    place: str
    valid_from: date
    valid_until: date | None


class Employer(NamedTuple):
    """An organisation."""

    id: int
    key: str
    name: str


@cached_until_change
def list_moved(on: date) -> Mapping[int, Employer]:
    """The people (ids) who work for another than their first organisation on the day `on`."""
    query = (
        Employment.select(Employment.person, Organisation.id, Organisation.key, Organisation.name)
        .join(Organisation)
        .where(valid_on(Employment, on) & ~Employment.is_pending)
    )
    return {person: Employer(*employer) for person, *employer in fetch_tuples(query)}


def list_joining(organisations: Collection[int], on: date) -> set[int]:
    """The people (ids) who move to one of these organisations on the day `on` or later, or did."""
    there = Employment.organisation.in_(list(organisations)) & ~Employment.is_pending
    there &= current_or_future(Employment, on)
    return {person for (person,) in fetch_tuples(Employment.select(Employment.person).where(there))}


def find_employer(person: Person, on: date) -> int:
    """The organisation (id) of a person on the day `on`."""
    moved = list_moved(on).get(person.id)
    return moved.id if moved else int(person.organisation_id)


def works_for(organisations: Collection[int], on: date) -> Any:
    """The condition that a person works for one of these organisations on the day `on`."""
    moved = list_moved(on)
    joined = [person for person, employer in moved.items() if employer.id in organisations]
    first = Person.organisation.in_(list(organisations)) & Person.id.not_in(list(moved))
    return first | Person.id.in_(joined)


def move(change_set: ChangeSet, person: Person, organisation: int, on: date, *, is_pending: bool = False) -> None:
    """Let a person work for another organisation from the day `on`; a pending employment changes
    nothing until the organisation confirms it.

    Raises RuleViolation where they do already, or move again later.
    """
    if find_employer(person, on) == organisation:
        raise RuleViolation(f"{person.name} werkt daar dan al. Kies een andere organisatie.")
    later = current_or_future(Employment, on) & (Employment.person == person)
    for employment in Employment.select().where(later):
        if employment.valid_from >= on:
            raise RuleViolation(f"{person.name} gaat later al naar een andere organisatie. Kies een dag daarna.")
        change_set.end(employment, on)
    change_set.change(person)  # its document in the search names both organisations
    change_set.add(Employment, person=person, organisation=organisation, valid_from=on, is_pending=is_pending)


# ---- The posts of schools and kernen

PERSON_COLUMNS = (
    Person.id, Person.given_name, Person.infix, Person.family_name, Person.working_days,
    Person.hours, Person.reached_by, Organisation.name,
)  # fmt: skip


def list_holders(
    on: date, schools: Collection[str] | None = None, roles: Collection[str] | None = None
) -> list[PostHolder]:
    """The holders of roles on the day `on`, those who began first in front; all, or those at these
    schools and kernen (codes) or in these roles (keys). A substitute who is absent is left out."""
    rows = _holders(on, None if schools is None else list(schools), None if roles is None else list(roles))
    absent = list_absent(on)
    substitutes = {
        assignment: person
        for assignment, *person in _substitutes(on, [row[0] for row in rows if row[3] in absent])
        if person[0] not in absent
    }
    people = {row[3] for row in rows} | {person[0] for person in substitutes.values()}
    details, moved = list_person_details(people, on), list_moved(on)
    holders = []
    for (
        assignment, school, role, person, *columns, employer, valid_from, is_pending, source,
        checked_on, checked_by,
    ) in rows:  # fmt: skip
        substitute, check = substitutes.get(assignment), (checked_on, checked_by)
        holders.append(
            PostHolder(
                assignment,
                school,
                role,
                make_contact((person, *columns), details, moved, source, check),
                employer=moved[person].key if person in moved else employer,
                since=valid_from,
                is_pending=is_pending,
                is_absent=person in absent,
                absent_until=absent.get(person),
                substitute=(make_contact(substitute, details, moved, source, check) if substitute else None),
            )
        )
    return holders


def list_held_roles(on: date, schools: Collection[str]) -> set[str]:
    """The roles (keys) that somebody holds at these schools and kernen (codes) on the day `on`."""
    return {row[2] for row in _holders(on, list(schools), None)}


@prepared
def _holders(on: date, schools: list[str] | None, roles: list[str] | None) -> Any:
    query = (
        Assignment.select(
            Assignment.id, Assignment.code(), Role.key, *PERSON_COLUMNS, Organisation.key,
            Assignment.valid_from, Assignment.is_pending,
            Assignment.source, Assignment.checked_on, Assignment.checked_by,
        )
        .join(Role)
        .join_from(Assignment, Person)
        .join(Organisation)
        .join_from(Assignment, School, JOIN.LEFT_OUTER)
        .where(valid_on(Assignment, on) & is_open(on))
        .order_by(Role.position, Assignment.valid_from, Person.sort_key, Person.id, Assignment.id)
    )  # fmt: skip
    if schools is not None:
        query = query.where(Assignment.at(schools))
    if roles is not None:
        # Of ten schools: SQLite would begin with all holders of the role, found by its index.
        key = Role.key if schools is None else fn.COALESCE(Role.key, "")
        query = query.where(key.in_(roles))
    return query


@prepared
def _substitutes(on: date, assignments: list[int]) -> Any:
    return (
        Substitute.select(Substitute.assignment, *PERSON_COLUMNS)
        .join(Absence)
        .join_from(Substitute, Person)
        .join(Organisation)
        .where(valid_on(Absence, on) & Substitute.assignment.in_(assignments))
        .order_by(Substitute.id)
    )


def list_vacancies(on: date, schools: Collection[str] | None) -> list[VacancyRow]:
    """The open posts on the day `on`: all, or those at these schools and kernen (codes)."""
    rows = _vacancies(on, None if schools is None else list(schools))
    return [VacancyRow(*row) for row in rows]


@prepared
def _vacancies(on: date, schools: list[str] | None) -> Any:
    there = valid_on(Vacancy, on)
    return (
        Vacancy.select(Vacancy.code(), Role.key, Vacancy.valid_from, Vacancy.valid_until, Vacancy.known_on)
        .join(Role)
        .where(there if schools is None else there & Vacancy.at(schools))
    )


def list_stand_ins(on: date, assignments: Sequence[int]) -> dict[int, int]:
    """The substitutes on the day `on` for the holders of these assignments (ids), unless they are
    absent too: a person (id) per assignment."""
    absent, rows = list_absent(on), _substitutes(on, list(assignments))
    return {assignment: person for assignment, person, *_ in rows if person not in absent}


def list_replaced(on: date, substitute: int) -> list[tuple[int, str, str]]:
    """The people for whom this person (id) stands in on the day `on`: id, name and role (label)."""
    query = (
        Person.select(*PERSON_COLUMNS[:4], Role.label)
        .join(Absence)
        .join(Substitute)
        .join(Assignment)
        .join(Role)
        .where(valid_on(Absence, on) & (Substitute.person == substitute))
        .order_by(Role.position, Person.sort_key, Person.id)
    )
    rows = ((other, full_name(*name), role) for other, *name, role in fetch_tuples(query))
    return list(dict.fromkeys(rows))


@cached_until_change
def list_absent(on: date) -> Mapping[int, date | None]:
    """The people (ids) who are absent on the day `on`, and until when (exclusive): an absence in
    which other people stand in from a day on has a second period after it."""
    absences = Absence.select(Absence.person, Absence.valid_from, Absence.valid_until)
    coming = absences.where(current_or_future(Absence, on)).order_by(Absence.valid_from)
    absent: dict[int, date | None] = {}
    for person, first, until in fetch_tuples(coming):
        if first <= on or (person in absent and absent[person] == first):
            absent[person] = until
    return absent


def make_contact(
    person: Sequence[Any],
    details: Mapping[int, tuple[Detail, ...]],
    moved: Mapping[int, Employer],
    source: str,
    check: tuple[date | None, CheckedBy],
) -> Contact:
    """A person as a contact, from the columns of `PERSON_COLUMNS`; `moved` as `list_moved`
    gives. The check is that of their first number; that of the post is for who has none."""
    number, given, infix, family, days, hours, reached_by, organisation = person
    contact = Contact(
        name=full_name(given, infix, family),
        organisation=moved[number].name if number in moved else organisation,
        person_id=number,
        days=days,
        hours=hours,
        reached_by=reached_by,
        details=details[number],
        source=source,
        owner=f"p{number}",
    )
    # A new post is no check of the number.
    first = contact.first()
    on, by = (first.checked_on, first.checked_by) if first else check
    return contact._replace(checked_on=on, checked_by=by)


# ---- People and their posts


def list_people_in_role(on: date, role: str, ids: Any = None) -> list[tuple[int, str]]:
    """The people (ids) who hold the role (key) on the day `on`, all or those whom the query `ids`
    finds, by organisation and name, each with the sort key of their organisation of that day."""
    # Anybody may ask for any other day, so that of others nothing is kept.
    everybody = (_keep_people_in_role if on == clock.today() else _list_people_in_role)(on, role)
    if ids is None:
        return everybody
    found = {person for (person,) in fetch_tuples(ids)}
    return [one for one in everybody if one[0] in found]


def _list_people_in_role(on: date, role: str) -> list[tuple[int, str]]:
    held = Assignment.select(Assignment.person).join(Role).switch(Assignment)
    held = held.left_outer_join(School).where((Role.key == role) & valid_on(Assignment, on) & is_open(on))
    later = Organisation.alias()
    moved = valid_on(Employment, on) & ~Employment.is_pending & (Employment.person == Person.id)
    key = fn.COALESCE(later.sort_key, Organisation.sort_key)
    query = Person.select(Person.id, key).join(Organisation).switch(Person)
    query = query.join(Employment, JOIN.LEFT_OUTER, on=moved)
    query = query.join(later, JOIN.LEFT_OUTER, on=Employment.organisation == later.id)
    return fetch_tuples(query.where(Person.id.in_(held)).order_by(key, Person.sort_key, Person.id))


_keep_people_in_role = cached_until_change(_list_people_in_role)


def list_people(on: date, ids: Collection[int]) -> list[PersonRow]:
    """The people with these ids, with their contact details and absence on the day `on`."""
    # Ordered by check date: of a person's assignments, the one checked last remains.
    people = {row[0]: row for row in _people(list(ids))}
    details, absent, moved = list_person_details(ids, on), list_absent(on), list_moved(on)
    return [
        PersonRow(
            number,
            make_contact(person, details, moved, source or "", (checked_on, checked_by or CheckedBy.SOURCE)),
            number in absent,
            absent.get(number),
        )
        for number, (*person, source, checked_on, checked_by) in people.items()
    ]


@prepared
def _people(ids: list[int]) -> Any:
    return (
        Person.select(*PERSON_COLUMNS, Assignment.source, Assignment.checked_on, Assignment.checked_by)
        .join(Organisation)
        .join_from(Person, Assignment, JOIN.LEFT_OUTER)
        .where(Person.id.in_(ids))
        .order_by(Person.id, Assignment.checked_on.asc(nulls="first"), Assignment.id)
    )


def find_names(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Per person (id) the given name and the family name with its infix, as in an address book."""
    query = Person.select(Person.id, Person.given_name, Person.infix, Person.family_name)
    return {
        person: (given, f"{infix} {family}".strip())
        for person, given, infix, family in fetch_tuples(query.where(Person.id.in_(ids)))
    }


def list_schools_of(on: date, person: int) -> list[str]:
    """The schools (codes) where a person (id) works on the day `on`."""
    return list(dict.fromkeys(post.school for post in list_posts(on, [person])))


def list_posts(on: date, people: Collection[int]) -> list[Post]:
    """The posts of these people (ids) on the day `on`, by role and school."""
    return [Post(*row) for row in _posts(on, list(people))]


def list_posts_ahead(on: date, person: int) -> list[Post]:
    """The posts of a person (id) on the day `on` or later, by role and school."""
    return [Post(*row) for row in _posts_ahead(on, [person])]


@prepared
def _posts(on: date, people: list[int]) -> Any:
    return _posts_of(people, valid_on(Assignment, on) & is_open(on))


@prepared
def _posts_ahead(on: date, people: list[int]) -> Any:
    return _posts_of(people, current_or_future(Assignment, on) & is_open(on))


def _posts_of(people: list[int], when: Any) -> Any:
    columns = (
        Assignment.person, Role.key, Role.label, Assignment.code(),
        fn.COALESCE(School.name, Kern.name), fn.COALESCE(School.slug, Kern.code),
        fn.COALESCE(Place.name, ""), Assignment.valid_from, Assignment.valid_until,
    )  # fmt: skip
    return (
        with_workplace(Assignment.select(*columns))
        .join(Role)
        .where(Assignment.person.in_(people) & when)
        .order_by(Role.position, WORKPLACE_KEY, School.code, Assignment.id)
    )


# ---- Absences that are reported, with their substitutes

NOBODY_TO_REPLACE = "Er is dan geen plek om te vervangen. Kies niemand."  # without a post from then on


def check_absence(person: Person, valid_from: date, valid_until: date | None, but: int = 0) -> None:
    """Raise RuleViolation where a period ends before it begins, and where another absence of this
    person than `but` (id) overlaps it."""
    check_period(valid_from, valid_until)
    others = (Absence.person == person) & (Absence.id != but) & overlaps(Absence, valid_from, valid_until)
    if Absence.select().where(others).exists():
        raise RuleViolation(f"{person.name} is in deze tijd al afwezig. Kies andere dagen, of wijzig die afwezigheid.")


def report_absence(
    change_set: ChangeSet,
    person: Person,
    valid_from: date,
    valid_until: date | None = None,
    substitutes: dict[Assignment, Person] | None = None,
) -> Absence:
    """Record the absence of `person` for a period, with a substitute per assignment.

    Raises RuleViolation, as `check_absence` does, and where a substitute is the person themselves
    or an assignment is not theirs.
    """
    check_absence(person, valid_from, valid_until)
    absence: Absence = change_set.add(Absence, person=person, valid_from=valid_from, valid_until=valid_until)
    for assignment, substitute in (substitutes or {}).items():
        if assignment.person != person or substitute == person:
            raise RuleViolation(f"Kies als vervanger van {person.name} iemand anders.")
        change_set.add(Substitute, absence=absence, assignment=assignment, person=substitute)
        change_set.change(assignment)
    return absence


def change_substitutes(
    change_set: ChangeSet, person: int, substitutes: Mapping[Assignment, Person | None], on: date
) -> None:
    """Let other people stand in for a person (id) from the day `on`; None: nobody. Earlier days
    keep who stood in, because the absence becomes two periods.

    Raises RuleViolation where the person is not absent on that day or later.
    """
    coming = Absence.select().where((Absence.person == person) & current_or_future(Absence, on))
    absence = coming.order_by(Absence.valid_from).first()
    if absence is None:
        raise RuleViolation("De afwezigheid is dan voorbij. Kies een eerdere dag.")
    standing = list(Substitute.select().where(Substitute.absence == absence))
    if absence.valid_from < on:
        until = absence.valid_until
        change_set.end(absence, on)
        absence = change_set.add(Absence, person=person, valid_from=on, valid_until=until)
        standing = [
            change_set.add(Substitute, absence=absence, assignment=row.assignment, person=row.person)
            for row in standing
        ]
    for assignment, substitute in substitutes.items():
        for row in standing:
            if row.assignment == assignment:
                change_set.remove(row)
        if substitute and substitute.id == person:
            raise RuleViolation(f"Kies als vervanger van {substitute.name} iemand anders.")
        if substitute:
            change_set.add(Substitute, absence=absence, assignment=assignment, person=substitute)
        change_set.change(assignment)


def end_absences(change_set: ChangeSet, absences: Collection[int], until: date | None) -> None:
    """Give the last of these absences (ids), which follow each other, another end (exclusive)."""
    rows = list(Absence.select().where(Absence.id.in_(absences)).order_by(Absence.valid_from))
    for row in rows:
        if until and (row.valid_until is None or row.valid_until > until):
            change_set.end(row, until)
    if rows and (until is None or (rows[-1].valid_until and rows[-1].valid_until < until)):
        change_set.change(rows[-1], valid_until=until)
