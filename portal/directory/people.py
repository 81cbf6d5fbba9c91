"""Reads the people: holders of roles and their substitutes, vacancies, and one person's posts.

Each function runs a fixed number of statements, for any number of rows. Days are Amsterdam dates.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from peewee import JOIN

from portal.database import fetch_tuples, in_order
from portal.database.cache import cached_until_write
from portal.database.compiled import prepared
from portal.database.validity import current_or_future, valid_on
from portal.directory.contact_details import list_person_details
from portal.directory.models import (
    Absence,
    Assignment,
    Organisation,
    Person,
    Place,
    Role,
    School,
    Substitute,
    Vacancy,
    by_family_name,
)
from portal.directory.read_models import (
    Contact,
    Detail,
    PersonRow,
    Post,
    PostHolder,
    Substitution,
    VacancyRow,
)
from portal.text import full_name

_PERSON = (
    Person.id, Person.given_name, Person.infix, Person.family_name, Person.working_days,
    Organisation.name,
)  # fmt: skip


def list_holders(
    on: date, schools: Collection[str] | None = None, roles: Collection[str] | None = None
) -> list[PostHolder]:
    """The holders of roles on the day `on`, those who began first in front; all, or those at these
    schools (codes) or in these roles (keys)."""
    rows = _holders(
        on, None if schools is None else list(schools), None if roles is None else list(roles)
    )
    absent = _absent(on)
    substitutes = {
        assignment: person
        for assignment, *person in _substitutes(on, [row[0] for row in rows if row[3] in absent])
        if person[0] not in absent
    }
    people = {row[3] for row in rows} | {person[0] for person in substitutes.values()}
    details = list_person_details(people, on)
    holders = []
    for (
        assignment, school, role, person, given, infix, family, days, organisation, employer,
        valid_from, is_pending, source, checked_on,
    ) in rows:  # fmt: skip
        substitute = substitutes.get(assignment)
        holders.append(
            PostHolder(
                assignment=assignment,
                school=school,
                role=role,
                contact=_contact(
                    (person, given, infix, family, days, organisation), details, source, checked_on
                ),
                employer=employer,
                since=valid_from,
                is_pending=is_pending,
                is_absent=person in absent,
                absent_until=absent.get(person),
                substitute=(
                    _contact(substitute, details, source, checked_on) if substitute else None
                ),
            )
        )
    return holders


@prepared
def _holders(on: date, schools: list[str] | None, roles: list[str] | None) -> Any:
    query = (
        Assignment.select(
            Assignment.id,
            Assignment.school,
            Role.key,
            *_PERSON,
            Organisation.key,
            Assignment.valid_from,
            Assignment.is_pending,
            Assignment.source,
            Assignment.checked_on,
        )
        .join(Role)
        .switch(Assignment)
        .join(Person)
        .join(Organisation)
        .switch(Assignment)
        .join(School)
        .where(valid_on(Assignment, on) & School.closed_on.is_null())
        .order_by(Role.position, Assignment.valid_from, by_family_name(), Person.id)
    )
    if schools is not None:
        query = query.where(Assignment.school.in_(schools))
    if roles is not None:
        query = query.where(Role.key.in_(roles))
    return query


@prepared
def _substitutes(on: date, assignments: list[int]) -> Any:
    return (
        Substitute.select(Substitute.assignment, *_PERSON)
        .join(Absence)
        .switch(Substitute)
        .join(Person)
        .join(Organisation)
        .where(valid_on(Absence, on) & Substitute.assignment.in_(assignments))
        .order_by(Substitute.id)
    )


def list_people_in_role(on: date, role: str) -> list[tuple[PostHolder, int]]:
    """Each person who holds the role (key) on the day `on`, by one of their posts, with the number
    of their schools."""
    holders = list_holders(on, roles=[role])
    schools = Counter(holder.contact.person_id for holder in holders)
    one_post = {holder.contact.person_id: holder for holder in holders}
    people = Person.select(Person.id, Organisation.name).join(Organisation)
    query = people.where(Person.id.in_(list(one_post))).order_by(
        in_order(Organisation.name), by_family_name(), Person.id
    )
    return [(one_post[person], schools[person]) for person, _ in fetch_tuples(query)]


def list_vacancies(on: date, schools: Collection[str]) -> list[VacancyRow]:
    """The posts at these schools (codes) that are open on the day `on`."""
    return [VacancyRow(*row) for row in _vacancies(on, list(schools))]


@prepared
def _vacancies(on: date, schools: list[str]) -> Any:
    return (
        Vacancy.select(Vacancy.school, Role.key, Vacancy.valid_from, Vacancy.valid_until)
        .join(Role)
        .where(valid_on(Vacancy, on) & Vacancy.school.in_(schools))
    )


def list_people(on: date, ids: Collection[int]) -> list[PersonRow]:
    """The people with these ids, with their contact details and absence on the day `on`."""
    # Ordered by check date: of a person's assignments, the one checked last remains.
    people = {row[0]: row for row in _people(list(ids))}
    details, absent = list_person_details(ids, on), _absent(on)
    return [
        PersonRow(
            number,
            _contact(person, details, source or "", checked_on),
            number in absent,
            absent.get(number),
        )
        for number, (*person, source, checked_on) in people.items()
    ]


@prepared
def _people(ids: list[int]) -> Any:
    return (
        Person.select(*_PERSON, Assignment.source, Assignment.checked_on)
        .join(Organisation)
        .switch(Person)
        .join(Assignment, JOIN.LEFT_OUTER)
        .where(Person.id.in_(ids))
        .order_by(Person.id, Assignment.checked_on)
    )


def find_names(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Per person (id) the given name and the family name with its infix, as in an address book."""
    query = Person.select(Person.id, Person.given_name, Person.infix, Person.family_name)
    return {
        person: (given, f"{infix} {family}".strip())
        for person, given, infix, family in fetch_tuples(query.where(Person.id.in_(ids)))
    }


def list_substitutions(on: date, person: int) -> list[Substitution]:
    """The substitutes of a person (id) on the day `on`, and those for whom the person stands
    in."""
    absent, substitute = Person.alias(), Person.alias()
    query = (
        Substitute.select(absent, substitute, Role.label, Absence.valid_until)
        .join(Absence)
        .join(absent, on=(Absence.person == absent.id))
        .switch(Substitute)
        .join(substitute, on=(Substitute.person == substitute.id))
        .switch(Substitute)
        .join(Assignment)
        .join(Role)
        .where(valid_on(Absence, on) & ((absent.id == person) | (substitute.id == person)))
        .order_by(Role.position, by_family_name(substitute))
    )
    return list(
        dict.fromkeys(
            Substitution(
                absent=row.absence.person.name,
                absent_id=row.absence.person.id,
                substitute=row.person.name,
                substitute_id=row.person.id,
                role=row.assignment.role.label,
                until=row.absence.valid_until,
            )
            for row in query
        )
    )


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
    return _posts_of(people, valid_on(Assignment, on))


@prepared
def _posts_ahead(on: date, people: list[int]) -> Any:
    return _posts_of(people, current_or_future(Assignment, on))


def _posts_of(people: list[int], when: Any) -> Any:
    return (
        Assignment.select(
            Assignment.person,
            Role.key,
            Role.label,
            School.code,
            School.name,
            School.slug,
            Place.name,
            Assignment.valid_from,
            Assignment.valid_until,
        )
        .join(Role)
        .switch(Assignment)
        .join(School)
        .join(Place)
        .where(Assignment.person.in_(people) & when & School.closed_on.is_null())
        .order_by(Role.position, in_order(School.name), School.code)
    )


@cached_until_write
def _absent(on: date) -> Mapping[int, date | None]:
    """The people (ids) who are absent on the day `on`, and until when (exclusive)."""
    query = Absence.select(Absence.person, Absence.valid_until).where(valid_on(Absence, on))
    return {row[0]: row[1] for row in fetch_tuples(query)}


def _contact(
    person: Sequence[Any],
    details: Mapping[int, tuple[Detail, ...]],
    source: str,
    checked_on: date | None,
) -> Contact:
    """A person as a contact, from the columns of `_PERSON`."""
    number, given, infix, family, days, organisation = person
    return Contact(
        name=full_name(given, infix, family),
        organisation=organisation,
        person_id=number,
        days=days,
        details=details[number],
        source=source,
        checked_on=checked_on,
    )
