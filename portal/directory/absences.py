"""Reports absences with their substitutes; contradictions are refused.

Periods are half-open, in Amsterdam dates: `valid_until` is exclusive, None leaves the end open.
"""

from datetime import date

from portal.database.validity import overlaps
from portal.directory.assignments import check_period
from portal.directory.change_sets import ChangeSet, RuleViolation
from portal.directory.models import Absence, Assignment, Person, Substitute


def report_absence(
    change_set: ChangeSet,
    person: Person,
    valid_from: date,
    valid_until: date | None = None,
    substitutes: dict[Assignment, Person] | None = None,
) -> Absence:
    """Record the absence of `person` for a period, with a substitute per assignment.

    Raises RuleViolation where an absence of this person overlaps, and where a substitute is the
    person themselves or an assignment is not theirs.
    """
    check_period(valid_from, valid_until)
    overlap = overlaps(Absence, valid_from, valid_until)
    if Absence.select().where((Absence.person == person) & overlap).exists():
        raise RuleViolation(
            f"{person.name} is in deze tijd al afwezig gemeld. Pas die melding aan."
        )
    absence: Absence = change_set.add(
        Absence, person=person, valid_from=valid_from, valid_until=valid_until
    )
    for assignment, substitute in (substitutes or {}).items():
        if assignment.person != person or substitute == person:
            raise RuleViolation(f"Kies als vervanger van {person.name} iemand anders.")
        change_set.add(Substitute, absence=absence, assignment=assignment, person=substitute)
        change_set.change(assignment)
    return absence
