"""What begins or ends at a school: posts, vacancies, absences, numbers."""

from datetime import date
from typing import Any

from portal.database.compiled import prepared
from portal.directory import change_sets
from portal.directory.models import Absence, Assignment, ContactDetail, Person, Role, Vacancy
from portal.directory.read_models import Stretch
from portal.directory.validity import overlaps


def list_stretches(school: str, after: date) -> list[Stretch]:
    """What begins or ends at a school (code) after the day `after`, and by which notice."""

    begins = [
        *(("assignment", "assignment", row) for row in _post_stretches(school, after)),
        *(("vacancy", "vacancy", row) for row in _vacancy_stretches(school, after)),
        *(("absence", "absence", row) for row in _absence_stretches(school, after)),
        *(
            ("contact_detail", "detail", row)
            for row in _detail_stretches(school, after, ContactDetail.OPEN)
        ),
    ]
    begun, ended = change_sets.list_notices((table, row[0]) for table, _, row in begins)
    return [
        Stretch(
            kind, role, " ".join(filter(None, name)), valid_from, valid_until,
            begun.get((table, number)), ended.get((table, number)),
        )
        for table, kind, (number, role, *name, valid_from, valid_until) in begins
    ]  # fmt: skip


_NAME = (Person.given_name, Person.infix, Person.family_name)


@prepared
def _post_stretches(school: str, after: date) -> Any:
    return (
        Assignment.select(Assignment.id, Role.label, *_NAME, *_span(Assignment))
        .join(Role)
        .switch(Assignment)
        .join(Person)
        .where((Assignment.school == school) & _later(Assignment, after))
    )


@prepared
def _vacancy_stretches(school: str, after: date) -> Any:
    return (
        Vacancy.select(Vacancy.id, Role.label, *_span(Vacancy))
        .join(Role)
        .where((Vacancy.school == school) & _later(Vacancy, after))
    )


@prepared
def _absence_stretches(school: str, after: date) -> Any:
    return _of_people_at(school, Absence, _later(Absence, after))


@prepared
def _detail_stretches(school: str, after: date, visibility: str) -> Any:
    begun = (ContactDetail.valid_from > after) & (ContactDetail.visibility == visibility)
    return _of_people_at(school, ContactDetail, begun)


def _span(model: Any) -> tuple[Any, Any]:
    return model.valid_from, model.valid_until


def _later(model: Any, after: date) -> Any:
    return (model.valid_from > after) | (model.valid_until > after)


def _of_people_at(school: str, model: Any, condition: Any) -> Any:
    """Rows about people who work at a school while they hold, once per role."""
    return (
        model.select(model.id, Role.label, *_NAME, *_span(model))
        .join(Person)
        .join(Assignment, on=(Assignment.person == Person.id))
        .join(Role)
        .where(
            (Assignment.school == school)
            & condition
            & overlaps(Assignment, model.valid_from, None)
            & (model.valid_until.is_null() | (Assignment.valid_from < model.valid_until))
        )
    )
