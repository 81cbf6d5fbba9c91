"""The days on which a round asks people, and the steps after silence."""

from datetime import date, timedelta

import pytest

from portal.quality.round_schedule import (
    Reach,
    Step,
    choose,
    find_begin,
    find_next_begin,
    first_step,
    is_due,
    next_step,
)
from portal.workdays import Calendar, HolidayKind, HolidayRow

AUTUMN = HolidayRow("Herfst", HolidayKind.SCHOOL, date(2026, 9, 14), date(2026, 9, 19))
CALENDAR = Calendar([AUTUMN])
BEGIN = date(2026, 9, 1)  # a Tuesday
BY_MAIL = Reach("a@b.example", is_absent=False, has_editor=True)


@pytest.mark.parametrize(
    ("day", "begin"),
    [
        ("2026-08-31", None), ("2026-09-01", BEGIN), ("2026-10-12", BEGIN), ("2026-10-13", None),
        ("2027-02-28", None), ("2027-03-01", date(2027, 3, 1)), ("2027-01-01", None),
    ],
)  # fmt: skip
def test_a_round_begins_in_march_and_september(day: str, begin: date | None) -> None:
    assert find_begin(date.fromisoformat(day)) == begin


@pytest.mark.parametrize(
    ("checked_on", "months", "today", "due"),
    [
        (None, 12, "2026-03-02", True),
        ("2026-04-02", 6, "2026-09-01", False),
        ("2026-04-01", 6, "2026-09-01", True),  # a month early: before it gets old
        ("2025-10-02", 12, "2026-09-01", False),
        ("2025-10-01", 12, "2026-09-01", True),
        ("2020-01-01", 12, "2026-08-31", False),  # in spring only what is checked twice a year
        ("2020-01-01", 6, "2026-08-31", True),
        ("2027-01-01", 6, "2026-09-01", False),
    ],
)
def test_a_fact_is_due_when_its_interval_is_over(checked_on: str | None, months: int, today: str, due: bool) -> None:
    day = date.fromisoformat(checked_on) if checked_on else None
    assert is_due(day, months, date.fromisoformat(today)) is due


def test_everybody_has_one_working_day_in_the_first_three_weeks() -> None:
    people, asked = set(range(1, 301)), dict[int, date]()
    day = BEGIN
    while day < BEGIN + timedelta(days=60):
        chosen = choose(people, BEGIN, day, CALENDAR, 0) if CALENDAR.is_working_day(day) else []
        assert len(chosen) <= 40
        asked |= dict.fromkeys(chosen, day)
        people -= set(chosen)
        day += timedelta(days=1)
    assert not people
    days = set(asked.values())
    assert len(days) == 15
    assert max(days) == date(2026, 9, 28)  # a week of holiday in between
    assert not any(AUTUMN.valid_from <= day < AUTUMN.valid_until for day in days)


def test_no_more_than_the_bound_are_asked_on_a_day() -> None:
    late = date(2026, 10, 12)  # the worker was away
    assert len(choose(range(300), BEGIN, late, CALENDAR, 0)) == 40
    assert len(choose(range(300), BEGIN, late, CALENDAR, 30)) == 10
    assert choose(range(300), BEGIN, late, CALENDAR, 50) == []
    assert len(choose(range(9000), BEGIN, late, CALENDAR, 0)) == 300


@pytest.mark.parametrize(
    ("day", "next_on"),
    [
        (date(2026, 2, 28), date(2026, 3, 1)), (date(2026, 3, 1), date(2026, 9, 1)),
        (date(2026, 9, 1), date(2027, 3, 1)), (date(2026, 12, 31), date(2027, 3, 1)),
    ],
)  # fmt: skip
def test_the_next_round_begins_in_march_or_september(day: date, next_on: date) -> None:
    assert find_next_begin(day) == next_on


def test_who_is_absent_is_not_asked_and_who_has_no_address_is_not_mailed() -> None:
    assert first_step(BY_MAIL) is Step.ASKED
    assert first_step(BY_MAIL._replace(is_absent=True)) is None
    assert first_step(Reach("", False, True)) is Step.EDITOR
    assert first_step(Reach("", False, False)) is Step.COORDINATOR


@pytest.mark.parametrize(
    ("step", "reach", "following"),
    [
        (Step.ASKED, BY_MAIL, Step.REMINDED),
        (Step.ASKED, BY_MAIL._replace(is_absent=True), Step.ASKED),
        (Step.ASKED, BY_MAIL._replace(email=""), Step.EDITOR),
        (Step.REMINDED, BY_MAIL, Step.EDITOR),
        (Step.REMINDED, BY_MAIL._replace(has_editor=False), Step.COORDINATOR),
        (Step.EDITOR, BY_MAIL, Step.COORDINATOR),
        (Step.COORDINATOR, BY_MAIL, Step.COORDINATOR),
    ],
)
def test_silence_goes_up_from_mail_to_organisation_to_coordinator(step: Step, reach: Reach, following: Step) -> None:
    assert next_step(step, reach) is following
