"""Reads the posts of schools and kernen on a day: their holders, who is absent, who stands in, and
vacancies.

Each function runs a fixed number of statements, for any number of rows. Days are Amsterdam dates.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from peewee import fn

from portal.database import fetch_tuples
from portal.database.cache import cached_until_change
from portal.database.compiled import prepared
from portal.database.validity import current_or_future, valid_on
from portal.directory.contact_details import Contact, Detail, list_person_details
from portal.directory.employers import Employer, list_moved
from portal.directory.models import (
    Absence,
    Assignment,
    CheckedBy,
    Organisation,
    Person,
    Role,
    School,
    Substitute,
    Vacancy,
    is_open,
)
from portal.directory.read_models import PostHolder, VacancyRow
from portal.person_names import full_name

PERSON_COLUMNS = (
    Person.id, Person.given_name, Person.infix, Person.family_name, Person.working_days,
    Person.hours, Person.reached_by, Organisation.name,
)  # fmt: skip


def list_holders(
    on: date, schools: Collection[str] | None = None, roles: Collection[str] | None = None
) -> list[PostHolder]:
    """The holders of roles on the day `on`, those who began first in front; all, or those at these
    schools and kernen (codes) or in these roles (keys). A substitute who is absent is left out."""
    rows = _holders(
        on, None if schools is None else list(schools), None if roles is None else list(roles)
    )
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
        substitute = substitutes.get(assignment)
        holders.append(
            PostHolder(
                assignment=assignment,
                school=school,
                role=role,
                contact=make_contact(
                    (person, *columns),
                    details,
                    moved,
                    source,
                    (checked_on, checked_by),
                ),
                employer=moved[person].key if person in moved else employer,
                since=valid_from,
                is_pending=is_pending,
                is_absent=person in absent,
                absent_until=absent.get(person),
                substitute=(
                    make_contact(substitute, details, moved, source, (checked_on, checked_by))
                    if substitute
                    else None
                ),
            )
        )
    return holders


@prepared
def _holders(on: date, schools: list[str] | None, roles: list[str] | None) -> Any:
    query = (
        Assignment.select(
            Assignment.id,
            Assignment.code(),
            Role.key,
            *PERSON_COLUMNS,
            Organisation.key,
            Assignment.valid_from,
            Assignment.is_pending,
            Assignment.source,
            Assignment.checked_on,
            Assignment.checked_by,
        )
        .join(Role)
        .switch(Assignment)
        .join(Person)
        .join(Organisation)
        .switch(Assignment)
        .left_outer_join(School)
        .where(valid_on(Assignment, on) & is_open(on))
        .order_by(Role.position, Assignment.valid_from, Person.sort_key, Person.id, Assignment.id)
    )
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
        .switch(Substitute)
        .join(Person)
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
        Vacancy.select(
            Vacancy.code(), Role.key, Vacancy.valid_from, Vacancy.valid_until, Vacancy.known_on
        )
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
