"""Changes who works where, and refuses what contradicts itself: assignments, absences, vacancies.

Whatever people change goes through here; only the seeds write these tables as a whole. Every
function writes through the change_set of a notice, in the caller's transaction.

Every span is half-open, in dates of Amsterdam: `valid_until` is the first day on which it no
longer holds, None leaves it open.
"""

from datetime import date
from typing import Any, NamedTuple

from portal.directory.change_sets import ChangeSet
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    Person,
    Role,
    School,
    Substitute,
    Vacancy,
)
from portal.directory.validity import current_or_future, overlaps


class RuleViolation(ValueError):
    """A change that contradicts what is known; one Dutch sentence says what and what to do."""


class NewPerson(NamedTuple):
    """Somebody whom the directory does not know yet."""

    given_name: str
    infix: str
    family_name: str
    organisation: int
    phone: str  # E.164 where it is a number; may be empty
    email: str  # may be empty


def register(change_set: ChangeSet, new: NewPerson) -> Person:
    """Make a person, with how to reach them from now on. A notice makes one: carried out again, it
    gives the person whom it made before."""
    person: Person = Person.get_or_none(
        Person.id.in_(change_set.made(Person))
    ) or change_set.create(
        Person,
        organisation=new.organisation,
        given_name=new.given_name,
        infix=new.infix,
        family_name=new.family_name,
    )
    for kind, value in ((ContactDetail.PHONE, new.phone), (ContactDetail.EMAIL, new.email)):
        if value:
            _add_detail(change_set, person, kind, value, None)
    return person


def assign(
    change_set: ChangeSet,
    person: Person,
    role: Role,
    school: School,
    valid_from: date,
    valid_until: date | None = None,
    *,
    is_pending: bool = False,
) -> Assignment:
    """Give `person` a role at a school for a span; a vacancy there ends when they begin.

    Raises RuleViolation where the role allows one holder and somebody holds it on one of these
    days, and where this person holds it already.
    """
    _check(valid_from, valid_until)
    for other in _at(Assignment, role, school, valid_from, valid_until):
        if role.one_holder or other.person == person:
            raise RuleViolation(
                f"{other.person.name} is in deze tijd al {role.label} van {school.name}. "
                "Kies een andere dag."
            )
    same = Assignment.id > 0 if role.one_holder else Assignment.person == person
    _build_on(change_set, Assignment, role, school, valid_from, same)
    for vacancy in _at(Vacancy, role, school, valid_from, valid_until):
        change_set.end(vacancy, valid_from)
    assignment: Assignment = change_set.create(
        Assignment,
        person=person,
        role=role,
        school=school,
        valid_from=valid_from,
        valid_until=valid_until,
        is_pending=is_pending,
    )
    return assignment


def hand_over(
    change_set: ChangeSet,
    assignment: Assignment,
    successor: Person | None,
    on: date,
    *,
    is_pending: bool = False,
) -> None:
    """End an assignment on the day `on`, and give it to a successor for as long as it would have
    held. Raises RuleViolation where the successor cannot have it."""
    valid_from, valid_until = max(assignment.valid_from, on), assignment.valid_until
    change_set.end(assignment, on)
    if successor:
        assign(
            change_set, successor, assignment.role, assignment.school, valid_from, valid_until,
            is_pending=is_pending,
        )  # fmt: skip


def report_absence(
    change_set: ChangeSet,
    person: Person,
    valid_from: date,
    valid_until: date | None = None,
    substitutes: dict[Assignment, Person] | None = None,
) -> Absence:
    """Tell that `person` is not there for a span, and who stands in for which assignment.

    Raises RuleViolation where an absence of this person overlaps, and where somebody would stand
    in for themselves or for somebody else's assignment.
    """
    _check(valid_from, valid_until)
    overlap = overlaps(Absence, valid_from, valid_until)
    if Absence.select().where((Absence.person == person) & overlap).exists():
        raise RuleViolation(
            f"{person.name} is in deze tijd al afwezig gemeld. Pas die melding aan."
        )
    absence: Absence = change_set.create(
        Absence, person=person, valid_from=valid_from, valid_until=valid_until
    )
    for assignment, substitute in (substitutes or {}).items():
        if assignment.person != person or substitute == person:
            raise RuleViolation(f"Kies als vervanger van {person.name} iemand anders.")
        change_set.create(Substitute, absence=absence, assignment=assignment, person=substitute)
        change_set.change(assignment)
    return absence


def open_vacancy(
    change_set: ChangeSet,
    role: Role,
    school: School,
    valid_from: date,
    valid_until: date | None = None,
) -> Vacancy:
    """Tell that a post is open for a span. Raises RuleViolation where that is known already, and
    where somebody holds the one post that there is."""
    _check(valid_from, valid_until)
    if _at(Vacancy, role, school, valid_from, valid_until):
        raise RuleViolation(
            f"Er is dan al een vacature voor {role.label} bij {school.name}. Pas die aan."
        )
    for holder in _at(Assignment, role, school, valid_from, valid_until):
        if role.one_holder:
            raise RuleViolation(
                f"{holder.person.name} is in deze tijd {role.label} van {school.name}. "
                "Meld eerst het vertrek."
            )
    _build_on(change_set, Vacancy, role, school, valid_from, Vacancy.id > 0)
    vacancy: Vacancy = change_set.create(
        Vacancy, role=role, school=school, valid_from=valid_from, valid_until=valid_until
    )
    return vacancy


def replace_detail(change_set: ChangeSet, detail: ContactDetail, value: str, on: date) -> None:
    """Give a person another number or address instead of this one, from the day `on`.

    Raises RuleViolation where it is already replaced by then.
    """
    if detail.valid_until is not None and detail.valid_until <= on:
        raise RuleViolation("Dit nummer of adres verandert al eerder. Kies een dag daarvoor.")
    kept = {
        name: detail.__data__[name]
        for name in ("person", "kind", "label", "visibility", "position", "valid_until")
    }
    change_set.end(detail, on)
    change_set.create(ContactDetail, **kept, value=value, valid_from=on)


def add_detail(change_set: ChangeSet, person: Person, kind: str, value: str, on: date) -> None:
    """Give a person one more number or address, from the day `on`."""
    _add_detail(change_set, person, kind, value, on)


def list_assignments(person: int, on: date) -> list[Assignment]:
    """The posts that somebody holds on the day `on` or later at a school that is open, by role and
    school."""
    return list(
        Assignment.select(Assignment, Person, Role, School)
        .join(Person)
        .switch(Assignment)
        .join(Role)
        .switch(Assignment)
        .join(School)
        .where(
            (Assignment.person == person)
            & current_or_future(Assignment, on)
            & School.closed_on.is_null()
        )
        .order_by(Role.position, School.name, School.code, Assignment.valid_from)
    )


def _add_detail(
    change_set: ChangeSet, person: Person, kind: str, value: str, valid_from: date | None
) -> None:
    change_set.create(
        ContactDetail,
        person=person,
        kind=kind,
        value=value,
        visibility=ContactDetail.OPEN,
        valid_from=valid_from,
    )


def _at(
    model: Any, role: Role, school: School, valid_from: date, valid_until: date | None
) -> list[Any]:
    """The rows about a role at a school that hold on some day of a span."""
    here = (model.role == role) & (model.school == school)
    return list(model.select().where(here & overlaps(model, valid_from, valid_until)))


def _build_on(
    change_set: ChangeSet, model: Any, role: Role, school: School, on: date, which: Any
) -> None:
    """Say that what begins on the day `on` needs the end of what was there last: if that came back,
    there would be two."""
    here = (model.role == role) & (model.school == school) & (model.valid_until <= on)
    last = model.select().where(here & which).order_by(model.valid_until.desc()).first()
    if last:
        change_set.change(last)


def _check(valid_from: date, valid_until: date | None) -> None:
    if valid_until is not None and valid_until <= valid_from:
        raise RuleViolation("De laatste dag ligt voor de eerste dag. Kies een latere laatste dag.")
