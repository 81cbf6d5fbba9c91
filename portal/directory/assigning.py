"""Changes who works where, and refuses what contradicts itself: assignments, absences, vacancies.

Whatever people change goes through here; only the seeds write these tables as a whole.

Every span is half-open, in dates of Amsterdam: `valid_until` is the first day on which it no
longer holds, None leaves it open. Each function is one transaction.
"""

from datetime import date

from portal import clock
from portal.database import db
from portal.directory.models import Absence, Assignment, Person, Role, School, Substitute, Vacancy
from portal.directory.spans import overlaps


class Refused(ValueError):
    """A change that contradicts what is known; one Dutch sentence says what and what to do."""


def assign(
    person: Person,
    role: Role,
    school: School,
    valid_from: date,
    valid_until: date | None = None,
    *,
    source: str,
) -> Assignment:
    """Give `person` a role at a school for a span.

    Raises Refused where the role allows one holder and somebody holds it on one of these days, and
    where this person holds it already.
    """
    _check(valid_from, valid_until)
    with db.atomic():
        held = Assignment.select().where(
            (Assignment.role == role)
            & (Assignment.school == school)
            & overlaps(Assignment, valid_from, valid_until)
        )
        for other in held:
            if role.one_holder or other.person == person:
                raise Refused(
                    f"{other.person.name} is in deze tijd al {role.label} van {school.name}. "
                    "Kies een andere begindatum, of laat dat eerst eindigen."
                )
        return Assignment.create(
            person=person,
            role=role,
            school=school,
            valid_from=valid_from,
            valid_until=valid_until,
            source=source,
            checked_on=clock.today(),
        )


def report_absence(
    person: Person,
    valid_from: date,
    valid_until: date | None = None,
    substitutes: dict[Assignment, Person] | None = None,
    *,
    source: str,
) -> Absence:
    """Tell that `person` is not there for a span, and who stands in for which assignment.

    Raises Refused where an absence of this person overlaps, and where somebody would stand in for
    themselves or for somebody else's assignment.
    """
    _check(valid_from, valid_until)
    with db.atomic():
        overlap = overlaps(Absence, valid_from, valid_until)
        if Absence.select().where((Absence.person == person) & overlap).exists():
            raise Refused(f"{person.name} is in deze tijd al afwezig gemeld. Pas die melding aan.")
        absence = Absence.create(
            person=person,
            valid_from=valid_from,
            valid_until=valid_until,
            source=source,
            checked_on=clock.today(),
        )
        for assignment, substitute in (substitutes or {}).items():
            if assignment.person != person or substitute == person:
                raise Refused(f"Kies als vervanger van {person.name} iemand anders.")
            Substitute.create(absence=absence, assignment=assignment, person=substitute)
        return absence


def open_vacancy(
    role: Role,
    school: School,
    valid_from: date,
    valid_until: date | None = None,
    *,
    source: str,
) -> Vacancy:
    """Tell that a post is open for a span. Raises Refused where that is known already."""
    _check(valid_from, valid_until)
    with db.atomic():
        if (
            Vacancy.select()
            .where(
                (Vacancy.role == role)
                & (Vacancy.school == school)
                & overlaps(Vacancy, valid_from, valid_until)
            )
            .exists()
        ):
            raise Refused(
                f"Er is in deze tijd al een vacature voor {role.label} bij {school.name}. "
                "Pas die aan."
            )
        return Vacancy.create(
            role=role,
            school=school,
            valid_from=valid_from,
            valid_until=valid_until,
            source=source,
            checked_on=clock.today(),
        )


def _check(valid_from: date, valid_until: date | None) -> None:
    if valid_until is not None and valid_until <= valid_from:
        raise Refused("De laatste dag ligt voor de eerste dag. Kies een latere laatste dag.")
