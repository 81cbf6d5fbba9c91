"""Everything that is asked of people: who works where, who is there, who stands in.

Each function costs a fixed number of statements, however many rows there are.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from portal.database import tuples
from portal.directory import ledger
from portal.directory.details import list_details
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
from portal.directory.rows import (
    Detail,
    Holder,
    Party,
    PersonRow,
    Post,
    StandIn,
    Stretch,
    VacancyRow,
)
from portal.directory.spans import holds, overlaps, still_to_come


def list_holders(
    on: date, schools: Collection[str] | None = None, roles: Collection[str] | None = None
) -> list[Holder]:
    """Who holds which role at which school on the day `on` (Amsterdam), the longest first, with
    who is absent then and who stands in."""
    query = (
        Assignment.select(Assignment, Role.key, Person, Organisation)
        .join(Role)
        .switch(Assignment)
        .join(Person)
        .join(Organisation)
        .switch(Assignment)
        .join(School)
        .where(holds(Assignment, on) & School.closed_on.is_null())
        .order_by(Role.position, Assignment.valid_from, Person.family_name, Person.id)
    )
    if schools is not None:
        query = query.where(Assignment.school.in_(schools))
    if roles is not None:
        query = query.where(Role.key.in_(roles))
    rows = list(query)
    absent = _absent(on)
    standing_in = {
        assignment: person
        for assignment, person in tuples(
            Substitute.select(Substitute.assignment, Substitute.person)
            .join(Absence)
            .where(holds(Absence, on) & Substitute.assignment.in_([row.id for row in rows]))
        )
        if person not in absent
    }
    people = [row.person for row in rows] + list(
        Person.select(Person, Organisation)
        .join(Organisation)
        .where(Person.id.in_(list(standing_in.values())))
    )
    details = list_details(ContactDetail.person, {person.id for person in people}, on)
    by_id = {person.id: person for person in people}

    def party(person: int, row: Assignment) -> Party:
        return _person(by_id[person], details, row.source, row.checked_on)

    return [
        Holder(
            assignment=row.id,
            school=row.school_id,
            role=row.role.key,
            party=party(row.person_id, row),
            employer=row.person.organisation.key,
            since=row.valid_from,
            is_pending=row.is_pending,
            is_absent=row.person_id in absent,
            absent_until=absent.get(row.person_id),
            substitute=party(standing_in[row.id], row) if row.id in standing_in else None,
        )
        for row in rows
    ]


def list_vacancies(on: date, schools: Collection[str]) -> list[VacancyRow]:
    """The posts of these schools that are open on the day `on`."""
    return [
        VacancyRow(*row)
        for row in tuples(
            Vacancy.select(Vacancy.school, Role.key, Vacancy.valid_from, Vacancy.valid_until)
            .join(Role)
            .where(holds(Vacancy, on) & Vacancy.school.in_(schools))
        )
    ]


def list_stretches(school: str, after: date) -> list[Stretch]:
    """What begins or ends at a school (code) after the day `after`, and by which notice."""

    def later(model: Any) -> Any:
        return (model.valid_from > after) | (model.valid_until > after)

    posts = [
        (row, Stretch("assignment", row.role.label, row.person.name, *_span(row)))
        for row in Assignment.select(Assignment, Role, Person)
        .join(Role)
        .switch(Assignment)
        .join(Person)
        .where((Assignment.school == school) & later(Assignment))
    ]
    vacancies = [
        (row, Stretch("vacancy", row.role.label, "", *_span(row)))
        for row in Vacancy.select(Vacancy, Role)
        .join(Role)
        .where((Vacancy.school == school) & later(Vacancy))
    ]
    open_details = ContactDetail.visibility == ContactDetail.OPEN
    found = [
        *posts,
        *vacancies,
        *_of_people_at(school, "absence", Absence, later(Absence)),
        *_of_people_at(
            school, "detail", ContactDetail, (ContactDetail.valid_from > after) & open_details
        ),
    ]
    begun, ended = ledger.list_notices(row for row, _ in found)
    return [
        stretch._replace(begun_by=begun.get(ledger.key(row)), ended_by=ended.get(ledger.key(row)))
        for row, stretch in found
    ]


def _span(row: Any) -> tuple[date, date | None]:
    return row.valid_from, row.valid_until


def _of_people_at(school: str, kind: str, model: Any, condition: Any) -> list[tuple[Any, Stretch]]:
    """Rows about people who work at a school while they hold, once per role."""
    query = (
        model.select(model, Person, Assignment, Role)
        .join(Person)
        .join(Assignment, on=(Assignment.person == Person.id), attr="post")
        .join(Role)
        .where(
            (Assignment.school == school)
            & condition
            & overlaps(Assignment, model.valid_from, None)
            & (model.valid_until.is_null() | (Assignment.valid_from < model.valid_until))
        )
    )
    return [
        (row, Stretch(kind, row.person.post.role.label, row.person.name, *_span(row)))
        for row in query
    ]


def list_people(on: date, ids: Collection[int]) -> list[PersonRow]:
    """People by id, with what one can reach them on that day."""
    rows = list(Person.select(Person, Organisation).join(Organisation).where(Person.id.in_(ids)))
    details = list_details(ContactDetail.person, {row.id for row in rows}, on)
    checked = {
        person: (source, checked_on)
        for person, source, checked_on in tuples(
            Assignment.select(Assignment.person, Assignment.source, Assignment.checked_on)
            .where(Assignment.person.in_(ids))
            .order_by(Assignment.checked_on)
        )
    }
    absent = _absent(on)
    return [
        PersonRow(
            row.id,
            _person(row, details, *checked.get(row.id, ("", None))),
            row.id in absent,
            absent.get(row.id),
        )
        for row in rows
    ]


def find_names(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Per person (id) the given name and the family name, "van der" included: as an address book
    keeps them."""
    query = Person.select(Person.id, Person.given_name, Person.infix, Person.family_name)
    return {
        person: (given, f"{infix} {family}".strip())
        for person, given, infix, family in tuples(query.where(Person.id.in_(ids)))
    }


def list_standing_in(on: date, person: int) -> list[StandIn]:
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
        .where(holds(Absence, on) & ((away.id == person) | (other.id == person)))
        .order_by(Role.position, other.family_name)
    )
    return list(
        dict.fromkeys(
            StandIn(
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
    query = (
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
        .where(
            Assignment.person.in_(people)
            & (still_to_come if ahead else holds)(Assignment, on)
            & School.closed_on.is_null()
        )
        .order_by(Role.position, School.name, School.code)
    )
    return [Post(*row) for row in tuples(query)]


def list_people_in_role(on: date, role: str) -> list[tuple[Holder, int]]:
    """Who holds the role somewhere on the day `on` (one of their posts), and at how many
    schools."""
    schools: dict[int | None, int] = defaultdict(int)
    one: dict[int | None, Holder] = {}
    for holder in list_holders(on, roles=[role]):
        schools[holder.party.person_id] += 1
        one[holder.party.person_id] = holder
    return sorted(
        ((holder, schools[person]) for person, holder in one.items()),
        key=lambda row: (row[0].party.organisation, row[0].party.name),
    )


def _absent(on: date) -> dict[int, date | None]:
    """Who (person ids) is absent on the day `on`, and until when (exclusive)."""
    query = Absence.select(Absence.person, Absence.valid_until).where(holds(Absence, on))
    return {row[0]: row[1] for row in tuples(query)}


def _person(
    person: Person,
    details: defaultdict[int, tuple[Detail, ...]],
    source: str,
    checked_on: date | None,
) -> Party:
    return Party(
        name=person.name,
        organisation=person.organisation.name,
        person_id=person.id,
        days=person.working_days,
        note="",
        details=details[person.id],
        source=source,
        checked_on=checked_on,
    )
