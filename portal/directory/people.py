"""Everything that is asked of people: who works where, who is there, who stands in.

Each function costs a fixed number of statements, however many rows there are.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from portal.database import fetch_tuples
from portal.database.cache import cached_until_write
from portal.database.compiled import prepared
from portal.directory.contact_details import list_details
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    Organisation,
    Person,
    Place,
    Role,
    School,
    Substitute,
    Vacancy,
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
from portal.directory.validity import current_or_future, valid_on


def list_holders(
    on: date, schools: Collection[str] | None = None, roles: Collection[str] | None = None
) -> list[PostHolder]:
    """Who holds which role at which school on the day `on` (Amsterdam), the longest first, with
    who is absent then and who stands in."""
    rows = _holders(
        on, None if schools is None else list(schools), None if roles is None else list(roles)
    )
    absent = _absent(on)
    away = [assignment for assignment, _, _, person, *_ in rows if person in absent]
    standing_in = {
        assignment: person for assignment, person in _standing_in(on, away) if person not in absent
    }
    others = {row[0]: row for row in _people(list(set(standing_in.values())))}
    details = list_details(ContactDetail.person, {row[3] for row in rows} | others.keys(), on)
    found = []
    for (
        assignment, school, role, person, given, infix, family, days, organisation, employer,
        valid_from, is_pending, source, checked_on,
    ) in rows:  # fmt: skip
        substitute = others.get(standing_in.get(assignment))
        found.append(
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
    return found


_PERSON = (
    Person.id, Person.given_name, Person.infix, Person.family_name, Person.working_days,
    Organisation.name,
)  # fmt: skip


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
        .order_by(Role.position, Assignment.valid_from, Person.family_name, Person.id)
    )
    if schools is not None:
        query = query.where(Assignment.school.in_(schools))
    if roles is not None:
        query = query.where(Role.key.in_(roles))
    return query


@prepared
def _standing_in(on: date, assignments: list[int]) -> Any:
    return (
        Substitute.select(Substitute.assignment, Substitute.person)
        .join(Absence)
        .where(valid_on(Absence, on) & Substitute.assignment.in_(assignments))
    )


@prepared
def _people(ids: list[int]) -> Any:
    return Person.select(*_PERSON).join(Organisation).where(Person.id.in_(ids)).order_by(Person.id)


def list_vacancies(on: date, schools: Collection[str]) -> list[VacancyRow]:
    """The posts of these schools that are open on the day `on`."""
    return [VacancyRow(*row) for row in _vacancies(on, list(schools))]


@prepared
def _vacancies(on: date, schools: list[str]) -> Any:
    return (
        Vacancy.select(Vacancy.school, Role.key, Vacancy.valid_from, Vacancy.valid_until)
        .join(Role)
        .where(valid_on(Vacancy, on) & Vacancy.school.in_(schools))
    )


def list_people(on: date, ids: Collection[int]) -> list[PersonRow]:
    """People by id, with what one can reach them on that day."""
    rows = _people(list(ids))
    details = list_details(ContactDetail.person, ids, on)
    checked = {person: told for person, *told in _checked(list(ids))}
    absent = _absent(on)
    return [
        PersonRow(
            row[0],
            _contact(row, details, *checked.get(row[0], ("", None))),
            row[0] in absent,
            absent.get(row[0]),
        )
        for row in rows
    ]


def find_names(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Per person (id) the given name and the family name, "van der" included: as an address book
    keeps them."""
    query = Person.select(Person.id, Person.given_name, Person.infix, Person.family_name)
    return {
        person: (given, f"{infix} {family}".strip())
        for person, given, infix, family in fetch_tuples(query.where(Person.id.in_(ids)))
    }


@prepared
def _checked(ids: list[int]) -> Any:
    return (
        Assignment.select(Assignment.person, Assignment.source, Assignment.checked_on)
        .where(Assignment.person.in_(ids))
        .order_by(Assignment.checked_on)
    )


def list_standing_in(on: date, person: int) -> list[Substitution]:
    """Who stands in for a person on the day `on`, and for whom this person stands in."""
    away, other = Person.alias(), Person.alias()
    query = (
        Substitute.select(away, other, Role.label, Absence.valid_until)
        .join(Absence)
        .join(away, on=(Absence.person == away.id))
        .switch(Substitute)
        .join(other, on=(Substitute.person == other.id))
        .switch(Substitute)
        .join(Assignment)
        .join(Role)
        .where(valid_on(Absence, on) & ((away.id == person) | (other.id == person)))
        .order_by(Role.position, other.family_name)
    )
    return list(
        dict.fromkeys(
            Substitution(
                away=row.absence.person.name,
                away_id=row.absence.person.id,
                other=row.person.name,
                other_id=row.person.id,
                role=row.assignment.role.label,
                until=row.absence.valid_until,
            )
            for row in query
        )
    )


def list_posts(on: date, people: Collection[int], *, ahead: bool = False) -> list[Post]:
    """The roles and schools of these people on the day `on`, by role and school; with `ahead`
    also those that begin later."""
    rows = (_posts_ahead if ahead else _posts)(on, list(people))
    return [Post(*row) for row in rows]


def _of_people(people: list[int], when: Any) -> Any:
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
        .order_by(Role.position, School.name, School.code)
    )


@prepared
def _posts(on: date, people: list[int]) -> Any:
    return _of_people(people, valid_on(Assignment, on))


@prepared
def _posts_ahead(on: date, people: list[int]) -> Any:
    return _of_people(people, current_or_future(Assignment, on))


def list_people_in_role(on: date, role: str) -> list[tuple[PostHolder, int]]:
    """Who holds the role somewhere on the day `on` (one of their posts), and at how many
    schools."""
    schools: dict[int | None, int] = defaultdict(int)
    one: dict[int | None, PostHolder] = {}
    for holder in list_holders(on, roles=[role]):
        schools[holder.contact.person_id] += 1
        one[holder.contact.person_id] = holder
    return sorted(
        ((holder, schools[person]) for person, holder in one.items()),
        key=lambda row: (row[0].contact.organisation, row[0].contact.name),
    )


@cached_until_write
def _absent(on: date) -> Mapping[int, date | None]:
    """Who (person ids) is absent on the day `on`, and until when (exclusive)."""
    query = Absence.select(Absence.person, Absence.valid_until).where(valid_on(Absence, on))
    return {row[0]: row[1] for row in fetch_tuples(query)}


def _contact(
    person: tuple[Any, ...],
    details: Mapping[int, tuple[Detail, ...]],
    source: str,
    checked_on: date | None,
) -> Contact:
    number, given, infix, family, days, organisation = person
    return Contact(
        name=" ".join(filter(None, (given, infix, family))),
        organisation=organisation,
        person_id=number,
        days=days,
        note="",
        details=details[number],
        source=source,
        checked_on=checked_on,
    )
