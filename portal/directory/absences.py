"""Reports absences with their substitutes; contradictions are refused.

Periods are half-open, in Amsterdam dates: `valid_until` is exclusive, None leaves the end open.
"""

from collections.abc import Collection, Mapping
from datetime import date

from portal.database.validity import current_or_future, overlaps
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
        raise RuleViolation(f"{person.name} is in deze tijd al afwezig gemeld. Pas die melding aan.")
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
