"""Counting working days: weekends, public holidays and school holidays do not count."""

from datetime import date

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.schools_and_kernen import get_calendar
from portal.workdays import Calendar


@pytest.fixture
def calendar(app: Flask) -> Calendar:
    with connection():
        return get_calendar()


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 30)),  # Monday to Monday
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # over a weekend
        (date(2026, 12, 17), 2, date(2027, 1, 4)),  # over the Christmas holidays
        (date(2027, 3, 26), 1, date(2027, 3, 30)),  # over Easter Monday
        (date(2027, 4, 23), 1, date(2027, 5, 3)),  # King's Day lies in the May holidays
        (date(2027, 5, 4), 1, date(2027, 5, 7)),  # Liberation Day and Ascension Day
        (date(2027, 7, 9), 1, date(2027, 8, 23)),  # over the summer
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_the_number_of_working_days_after_a_day(calendar: Calendar, start: date, number: int, end: date) -> None:
    assert calendar.count_working_days(start, end) == number


def test_the_calendar_knows_the_end_of_its_data(calendar: Calendar) -> None:
    assert calendar.known_until == date(2027, 8, 23)


def test_the_holidays_of_a_day(calendar: Calendar) -> None:
    names = [row.name for row in calendar.holidays_on(date(2026, 12, 25))]
    assert names == ["Kerstvakantie", "Eerste Kerstdag"]
    assert calendar.holidays_on(date(2026, 11, 23)) == []
