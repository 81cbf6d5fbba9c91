"""The age of a fact since its last check, in three levels and in Dutch words."""

from datetime import date
from typing import NamedTuple

USUAL = 6  # months between checks, where no role says otherwise


class Freshness(NamedTuple):
    """The time since the last check."""

    level: str  # "fresh", "old" (over the interval), "doubtful" (over one and a half)
    age: str


def freshness(checked_on: date, today: date, interval: int = USUAL) -> Freshness:
    """The age on the day `today` of a fact that was checked on `checked_on`, and is looked up once
    in `interval` months."""
    months = (today.year - checked_on.year) * 12 + today.month - checked_on.month
    days = today.day - checked_on.day
    months = max(months - (days < 0), 0)
    # Six months and a day are over six months.
    age = (months, days != 0)
    is_old, is_doubtful = age > (interval, False), age > (interval * 3 // 2, False)
    level = "doubtful" if is_doubtful else "old" if is_old else "fresh"
    # To the nearest month: 60 days are two.
    is_rounded = 0 < months < 12 and days % 30 >= 15
    return Freshness(level, _words(months + is_rounded))


def first_fresh_day(today: date, interval: int) -> date:
    """The first day of which a check is still fresh on the day `today`."""
    year, month = divmod(today.year * 12 + today.month - 1 - interval, 12)
    try:
        return date(year, month + 1, today.day)
    except ValueError:  # 31 September
        return date(year + month // 11, (month + 1) % 12 + 1, 1)


def _words(months: int) -> str:
    if months == 0:
        return "minder dan een maand geleden"
    if months < 12:
        return f"{months} {'maand' if months == 1 else 'maanden'} geleden"
    years, rest = divmod(months, 12)
    return f"{'ruim ' if rest else ''}{years} jaar geleden"
