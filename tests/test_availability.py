"""Whether somebody works on a day, in words."""

from datetime import date, timedelta

import pytest

from portal.workdays import Calendar, HolidayKind, HolidayRow, availability

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
EASTER_MONDAY = date(2027, 3, 29)
EASTER = HolidayRow("Tweede Paasdag", HolidayKind.PUBLIC, EASTER_MONDAY, date(2027, 3, 30))
CHRISTMAS = date(2026, 12, 25)  # a Friday, as New Year's Day after it
FRIDAYS = [HolidayRow("Feestdag", HolidayKind.PUBLIC, day, day + timedelta(1)) for day in (CHRISTMAS, date(2027, 1, 1))]
MAY = HolidayRow("Meivakantie", HolidayKind.SCHOOL, date(2027, 4, 24), date(2027, 5, 3))


@pytest.mark.parametrize(
    ("days", "on", "today", "said"),
    [
        ("124", MONDAY, MONDAY, ""),
        ("", MONDAY, MONDAY, ""),
        ("23", MONDAY, MONDAY, "werkt morgen weer"),
        ("4", MONDAY, MONDAY, "werkt donderdag weer"),
        ("1", FRIDAY, FRIDAY, "werkt maandag weer"),
        ("15", date(2026, 11, 24), MONDAY, "werkt dan niet, vrijdag weer"),
        ("12", date(2027, 3, 28), date(2027, 3, 28), "werkt dinsdag weer"),
        ("12", EASTER_MONDAY, EASTER_MONDAY, "werkt morgen weer"),
        ("1", EASTER_MONDAY, EASTER_MONDAY, "werkt maandag 5 april weer"),
        ("1", EASTER_MONDAY, MONDAY, "werkt dan niet, maandag 5 april weer"),
        ("1", date(2027, 4, 26), MONDAY, ""),
        ("5", CHRISTMAS, CHRISTMAS, "werkt vrijdag 8 januari weer"),
    ],
)
def test_a_day_off_names_the_next_working_day(days: str, on: date, today: date, said: str) -> None:
    assert availability(days, on, today, Calendar([*FRIDAYS, EASTER, MAY])) == said
