"""Commands on assignments and vacancies; contradictions are refused.

Every change by a user goes through this module, who_works_or_is_absent.py or new_people_and_details.py; only the
seeds write these tables directly. Each command writes through the change set of a notice, in the caller's transaction.

Periods are half-open, in Amsterdam dates: `valid_until` is exclusive, None leaves the end open.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from peewee import chunked

from portal.database.compiled import read_models
from portal.database.validity import current_or_future, overlaps
from portal.directory.change_sets import ChangeSet, RuleViolation
from portal.directory.models import Assignment, Kern, Person, Place, Role, School, Vacancy, Workplace, is_open
from portal.directory.schools_and_kernen import WORKPLACE_KEY, with_workplace


def assign(
    change_set: ChangeSet,
    person: Person,
    role: Role,
    school: Workplace,
    valid_from: date,
    valid_until: date | None = None,
    *,
    is_pending: bool = False,
) -> Assignment:
    """Assign a role at a school or kern to `person` for a period; a vacancy of that post ends.

    Raises RuleViolation where the role allows one holder and has one in this period, and where
    `person` holds it already.
    """
    check_period(valid_from, valid_until)
    for other in _at(Assignment, role, school, valid_from, valid_until):
        if role.one_holder or other.person == person:
            raise RuleViolation(
                f"{other.person.name} is in deze tijd al {role.label} van {school.name}. Kies een andere dag."
            )
    same = Assignment.id > 0 if role.one_holder else Assignment.person == person
    _depend_on_previous(change_set, Assignment, role, school, valid_from, same)
    for vacancy in _at(Vacancy, role, school, valid_from, valid_until):
        change_set.end(vacancy, valid_from)
    assignment: Assignment = change_set.add(
        Assignment,
        person=person,
        role=role,
        **columns_of(school),
        valid_from=valid_from,
        valid_until=valid_until,
        is_pending=is_pending,
    )
    return assignment


def hand_over(
    change_set: ChangeSet, assignment: Assignment, successor: Person | None, on: date, *, is_pending: bool = False
) -> None:
    """End an assignment on the day `on` (exclusive) and assign the remaining period to a successor.

    Raises RuleViolation where the successor has it now, or cannot have it.
    """
    if successor == assignment.person:
        raise RuleViolation(f"{assignment.person.name} kan niet zichzelf opvolgen. Kies iemand anders.")
    valid_from, valid_until = max(assignment.valid_from, on), assignment.valid_until
    change_set.end(assignment, on)
    if successor:
        assign(
            change_set, successor, assignment.role, assignment.workplace, valid_from, valid_until, is_pending=is_pending
        )


def open_vacancy(
    change_set: ChangeSet,
    role: Role,
    school: Workplace,
    valid_from: date,
    valid_until: date | None = None,
    known_on: date | None = None,
) -> Vacancy:
    """Record that a post is open for a period, and the day around which it is known who comes.
    Raises RuleViolation, as `check_vacancy` does."""
    check_vacancy(role, school, valid_from, valid_until)
    _depend_on_previous(change_set, Vacancy, role, school, valid_from, Vacancy.id > 0)
    vacancy: Vacancy = change_set.add(
        Vacancy, role=role, **columns_of(school), valid_from=valid_from, valid_until=valid_until, known_on=known_on
    )
    return vacancy


def check_vacancy(role: Role, school: Workplace, valid_from: date, valid_until: date | None, but: int = 0) -> None:
    """Raise RuleViolation where another vacancy than `but` (id) overlaps a period, and where the
    role allows one holder and has one."""
    check_period(valid_from, valid_until)
    if any(row.id != but for row in _at(Vacancy, role, school, valid_from, valid_until)):
        raise RuleViolation(f"Er is dan al een vacature voor {role.label} bij {school.name}. Pas die aan.")
    for holder in _at(Assignment, role, school, valid_from, valid_until):
        if role.one_holder:
            raise RuleViolation(
                f"{holder.person.name} is in deze tijd {role.label} van {school.name}. Meld eerst het vertrek."
            )


def list_assignments(person: int, on: date) -> list[Assignment]:
    """The assignments of a person (id) on the day `on` or later at open schools and kernen, by role and school."""
    return list(
        with_workplace(Assignment.select(Assignment, Person, Role, School, Place, Kern))
        .join(Person)
        .join_from(Assignment, Role)
        .where((Assignment.person == person) & current_or_future(Assignment, on) & is_open(on))
        .order_by(Role.position, WORKPLACE_KEY, School.code, Assignment.valid_from)
    )


def list_open_posts(school: School, on: date) -> list[Any]:
    """The assignments and vacancies of a school on the day `on` or later."""
    held = Assignment.select(Assignment, Role, Person).join(Role).join_from(Assignment, Person)
    vacant = Vacancy.select(Vacancy, Role).join(Role)
    queries = ((Assignment, held), (Vacancy, vacant))
    return [
        row for model, query in queries for row in query.where((model.school == school) & current_or_future(model, on))
    ]


def end_posts(change_set: ChangeSet, schools: Sequence[str], on: date) -> int:
    """End the posts of these schools (codes), which close on the day `on`; gives how many."""
    ended = 0
    for model in (Assignment, Vacancy):
        for codes in chunked(schools, 500):
            there = model.school.in_(codes) & current_or_future(model, on)
            posts = read_models(model.select().where(there))
            change_set.end_many(model, posts, on)
            ended += len(posts)
    return ended


def columns_of(workplace: Workplace) -> dict[str, Workplace | None]:
    """The columns of a row at a school or kern."""
    is_school = isinstance(workplace, School)
    return {"school": workplace if is_school else None, "kern": None if is_school else workplace}


def _at(model: Any, role: Role, school: Workplace, valid_from: date, valid_until: date | None) -> list[Any]:
    """The rows about a post that are valid on some day of a period."""
    post = (model.role == role) & model.of(school)
    return list(model.select().where(post & overlaps(model, valid_from, valid_until)))


def _depend_on_previous(
    change_set: ChangeSet, model: Any, role: Role, school: Workplace, on: date, condition: Any
) -> None:
    """Record a dependency on the previous row of a post: restoring it would make two at once."""
    ended = (model.role == role) & model.of(school) & (model.valid_until <= on)
    previous = model.select().where(ended & condition).order_by(model.valid_until.desc()).first()
    if previous:
        change_set.change(previous)


def check_period(valid_from: date, valid_until: date | None) -> None:
    """Raise RuleViolation where a period ends before it begins."""
    if valid_until is not None and valid_until <= valid_from:
        raise RuleViolation("De laatste dag ligt voor de eerste dag. Kies een latere laatste dag.")
