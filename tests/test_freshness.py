"""The age of a fact, in words and in three levels."""

from datetime import date, timedelta

import pytest

from portal.freshness import first_fresh_day, freshness

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("checked_on", "level", "age"),
    [
        (date(2026, 11, 23), "fresh", "minder dan een maand geleden"),
        (date(2026, 10, 24), "fresh", "minder dan een maand geleden"),
        (date(2026, 10, 23), "fresh", "1 maand geleden"),
        (date(2026, 10, 9), "fresh", "1 maand geleden"),
        (date(2026, 9, 24), "fresh", "2 maanden geleden"),
        (date(2026, 5, 23), "fresh", "6 maanden geleden"),
        (date(2026, 5, 22), "old", "6 maanden geleden"),
        (date(2026, 2, 23), "old", "9 maanden geleden"),
        (date(2026, 2, 22), "doubtful", "9 maanden geleden"),
        (date(2025, 11, 23), "doubtful", "1 jaar geleden"),
        (date(2025, 6, 1), "doubtful", "ruim 1 jaar geleden"),
        (date(2024, 1, 1), "doubtful", "ruim 2 jaar geleden"),
        (date(2027, 1, 1), "fresh", "minder dan een maand geleden"),
    ],
)
def test_six_and_nine_months_are_the_borders(checked_on: date, level: str, age: str) -> None:
    assert freshness(checked_on, TODAY) == (level, age)


@pytest.mark.parametrize(
    ("checked_on", "level"),
    [(date(2025, 11, 23), "fresh"), (date(2025, 11, 22), "old"), (date(2025, 5, 22), "doubtful")],
)
def test_a_director_is_looked_up_once_a_year(checked_on: date, level: str) -> None:
    assert freshness(checked_on, TODAY, 12).level == level


@pytest.mark.parametrize("today", [TODAY, date(2027, 3, 31), date(2027, 12, 31), date(2028, 2, 29)])
@pytest.mark.parametrize("interval", [3, 6, 12])
def test_the_first_fresh_day_is_the_border(today: date, interval: int) -> None:
    first = first_fresh_day(today, interval)
    assert freshness(first, today, interval).level == "fresh"
    assert freshness(first - timedelta(days=1), today, interval).level == "old"
