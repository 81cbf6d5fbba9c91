"""What begins, ends and changes at a school in the coming time, as rows and as sentences."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from portal.database.compiled import prepared
from portal.directory import change_sets
from portal.directory.models import Absence, Assignment, ContactDetail, Person, Role, Vacancy
from portal.directory.read_models import ValidityPeriod
from portal.directory.validity import overlaps

AHEAD = timedelta(days=90)  # how far a page looks ahead


class TimelineEvent(NamedTuple):
    """Something that is different from a day on."""

    on: date
    text: str
    notice: int | None = None  # the notice that said so


def changes(periods: Sequence[ValidityPeriod], after: date, until: date) -> list[TimelineEvent]:
    """What changes after the day `after`, up to and including `until`, in order of time.

    A holder who ends where another begins is one change: "X volgt Y op"; one who ends and begins
    again is none.
    """
    starting: dict[tuple[date, str], list[ValidityPeriod]] = defaultdict(list)
    ending: dict[tuple[date, str], list[ValidityPeriod]] = defaultdict(list)
    for period in periods:
        if after < period.valid_from <= until:
            starting[period.valid_from, period.role].append(period)
        if period.valid_until and after < period.valid_until <= until:
            ending[period.valid_until, period.role].append(period)
    found = [
        TimelineEvent(day, text, notice)
        for day, role in sorted({*starting, *ending})
        for text, notice in _sentences(starting[day, role], ending[day, role])
    ]
    # Somebody in several roles has one new number.
    return list(dict.fromkeys(found))


def _sentences(
    starting: Sequence[ValidityPeriod], ending: Sequence[ValidityPeriod]
) -> list[tuple[str, int | None]]:
    staying = {s.name for s in starting} & {s.name for s in ending if s.kind == "assignment"}
    begin = [s for s in starting if s.kind == "assignment" and s.name not in staying]
    end = [s for s in ending if s.kind == "assignment" and s.name not in staying]
    if len(begin) == len(end) == 1:
        new, old = begin[0], end[0]
        told = [(f"{new.name} volgt {old.name} op als {new.role}.", new.begun_by)]
    else:
        told = [(f"{s.name} begint als {s.role}.", s.begun_by) for s in begin]
        told += [(f"{s.name} stopt als {s.role}.", s.ended_by) for s in end]
    told += [(_BEGINS[s.kind].format(s=s), s.begun_by) for s in starting if s.kind in _BEGINS]
    told += [(_ENDS[s.kind].format(s=s), s.ended_by) for s in ending if s.kind in _ENDS]
    return told


_BEGINS = {
    "absence": "{s.name} ({s.role}) is afwezig.",
    "vacancy": "De functie van {s.role} staat open.",
    "detail": "{s.name} heeft een nieuw nummer of adres.",
}
_ENDS = {
    "absence": "{s.name} ({s.role}) is terug.",
    "vacancy": "De functie van {s.role} staat niet meer open.",
}


def list_periods(school: str, after: date) -> list[ValidityPeriod]:
    """What begins or ends at a school (code) after the day `after`, and by which notice."""

    begins = [
        *(("assignment", "assignment", row) for row in _post_periods(school, after)),
        *(("vacancy", "vacancy", row) for row in _vacancy_periods(school, after)),
        *(("absence", "absence", row) for row in _absence_periods(school, after)),
        *(
            ("contact_detail", "detail", row)
            for row in _detail_periods(school, after, ContactDetail.OPEN)
        ),
    ]
    begun, ended = change_sets.list_notices((table, row[0]) for table, _, row in begins)
    return [
        ValidityPeriod(
            kind, role, " ".join(filter(None, name)), valid_from, valid_until,
            begun.get((table, number)), ended.get((table, number)),
        )
        for table, kind, (number, role, *name, valid_from, valid_until) in begins
    ]  # fmt: skip


_NAME = (Person.given_name, Person.infix, Person.family_name)


@prepared
def _post_periods(school: str, after: date) -> Any:
    return (
        Assignment.select(Assignment.id, Role.label, *_NAME, *_span(Assignment))
        .join(Role)
        .switch(Assignment)
        .join(Person)
        .where((Assignment.school == school) & _later(Assignment, after))
    )


@prepared
def _vacancy_periods(school: str, after: date) -> Any:
    return (
        Vacancy.select(Vacancy.id, Role.label, *_span(Vacancy))
        .join(Role)
        .where((Vacancy.school == school) & _later(Vacancy, after))
    )


@prepared
def _absence_periods(school: str, after: date) -> Any:
    return _of_people_at(school, Absence, _later(Absence, after))


@prepared
def _detail_periods(school: str, after: date, visibility: str) -> Any:
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
