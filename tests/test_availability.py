"""Whether somebody works on a day, in words."""

from datetime import date

import pytest

from portal.workdays import availability

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


@pytest.mark.parametrize(
    ("days", "on", "today", "said"),
    [
        ("124", MONDAY, MONDAY, ""),
        ("", MONDAY, MONDAY, ""),
        ("23", MONDAY, MONDAY, "werkt morgen weer"),
        ("4", MONDAY, MONDAY, "werkt donderdag weer"),
        ("1", FRIDAY, FRIDAY, "werkt maandag weer"),
        ("15", date(2026, 11, 24), MONDAY, "werkt niet op dinsdag, wel op vrijdag"),
    ],
)
def test_a_day_off_names_the_next_working_day(days: str, on: date, today: date, said: str) -> None:
    assert availability(days, on, today) == said
