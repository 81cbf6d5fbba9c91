"""The days and deadlines of meetings, without a database."""

from datetime import UTC, date, datetime, time

import pytest

from portal.meetings.days_and_deadlines import (
    add_months,
    calculated_end,
    closes_at,
    evaluation_day,
    is_last_of_school_year,
    list_days,
    moment,
    reminds_on,
)
from portal.workdays import Calendar, HolidayKind, HolidayRow

CALENDAR = Calendar(
    [
        HolidayRow("Kerstvakantie", HolidayKind.SCHOOL, date(2026, 12, 19), date(2027, 1, 4)),
        HolidayRow("Pasen", HolidayKind.PUBLIC, date(2027, 3, 28), date(2027, 3, 30)),
        HolidayRow("Meivakantie", HolidayKind.SCHOOL, date(2027, 4, 24), date(2027, 5, 10)),
        HolidayRow("Zomervakantie", HolidayKind.SUMMER, date(2027, 7, 17), date(2027, 8, 30)),
    ]
)


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        ("2026-12-10", "2026-12-03 16:00"),  # a Thursday in winter: 17:00 is 16:00 UTC
        ("2026-09-17", "2026-09-10 15:00"),  # in summer 15:00 UTC
        ("2027-01-10", "2026-12-18 16:00"),  # a week before is the last day of a holiday
        ("2027-01-12", "2027-01-05 16:00"),
        ("2026-12-19", "2026-12-11 16:00"),  # a Saturday: a week before is none either
        ("2027-04-05", "2027-03-26 16:00"),  # Easter Monday, over the change to summer time
        ("2027-04-01", "2027-03-25 16:00"),  # the week holds the change to summer time
        ("2027-04-06", "2027-03-30 15:00"),
        ("2026-10-29", "2026-10-22 15:00"),  # the week holds the change to winter time
        ("2026-11-02", "2026-10-26 16:00"),  # a Monday; the clock changed the night before
    ],
)
def test_an_agenda_closes_a_week_before_at_five_on_a_working_day(day: str, closes: str) -> None:
    expected = datetime.fromisoformat(closes).replace(tzinfo=UTC)
    assert closes_at(date.fromisoformat(day), CALENDAR) == expected


@pytest.mark.parametrize(
    ("day", "reminds"),
    [
        ("2026-12-17", "2026-12-07"),  # ten days before
        ("2026-12-10", "2026-11-30"),
        ("2026-11-27", "2026-11-17"),
        ("2026-11-25", "2026-11-13"),  # ten days before is a Sunday
        ("2027-01-10", "2026-12-15"),  # it closes before the holiday
    ],
)
def test_schools_are_reminded_three_days_before_the_agenda_closes(day: str, reminds: str) -> None:
    assert reminds_on(date.fromisoformat(day), CALENDAR) == date.fromisoformat(reminds)


def test_an_hour_that_the_clock_skips_does_not_exist() -> None:
    with pytest.raises(ValueError, match="02:30"):
        moment(date(2027, 3, 28), time(2, 30))
    assert moment(date(2027, 3, 28), time(3)) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    # Twice in the night of winter time: the first one counts.
    assert moment(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_end_is_calculated_in_minutes_that_pass() -> None:
    begins = moment(date(2026, 10, 25), time(1, 30))
    end = calculated_end(begins, [60, 60])
    assert end == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in winter time
    assert calculated_end(begins, []) == begins


def test_a_series_leaves_out_holidays_and_weekends() -> None:
    days, left_out = list_days(date(2026, 12, 7), date(2027, 1, 18), 1, CALENDAR)
    assert [f"{day:%m-%d}" for day in days] == ["12-07", "12-14", "01-04", "01-11", "01-18"]
    assert left_out == [date(2026, 12, 21), date(2026, 12, 28)]
    assert list_days(date(2026, 12, 12), date(2027, 1, 2), 1, CALENDAR)[0] == []
    assert list_days(date(2026, 12, 7), date(2026, 12, 6), 1, CALENDAR) == ([], [])


def test_months_later_is_the_last_day_of_a_shorter_month() -> None:
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 10, 15), 3) == date(2027, 1, 15)
    assert add_months(date(2026, 12, 1), 12) == date(2027, 12, 1)


@pytest.mark.parametrize(
    ("held_on", "months", "meetings", "evaluated"),
    [
        ("2026-11-26", 3, ["2027-02-25", "2027-03-04", "2027-04-01"], "2027-03-04"),
        ("2026-11-26", 4, ["2027-03-04", "2027-04-01"], "2027-04-01"),
        ("2026-11-26", 3, ["2027-02-26"], "2027-02-26"),
        ("2026-11-26", 3, [], "2027-02-26"),  # a Friday
        ("2026-11-28", 3, [], "2027-03-01"),  # a Sunday
        ("2027-01-26", 3, [], "2027-05-10"),  # in a holiday
        ("2027-01-26", 3, ["2027-04-29", "2027-05-20"], "2027-05-20"),
    ],
)
def test_an_evaluation_is_at_the_first_meeting_three_or_four_months_later(
    held_on: str, months: int, meetings: list[str], evaluated: str
) -> None:
    days = [date.fromisoformat(day) for day in reversed(meetings)]
    found = evaluation_day(date.fromisoformat(held_on), months, days, CALENDAR)
    assert found == date.fromisoformat(evaluated)


def test_the_last_meeting_before_the_summer_evaluates_the_way_of_working() -> None:
    days = [date(2026, 11, 5), date(2027, 3, 4), date(2027, 6, 10), date(2027, 9, 9)]
    assert [is_last_of_school_year(day, days) for day in days] == [False, False, True, True]
    assert is_last_of_school_year(date(2026, 8, 1), [date(2026, 7, 1)])
