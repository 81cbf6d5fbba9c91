"""Days and hours as people and programs write them, how to type them, and the days that a form accepts."""

import re
from datetime import date, time

HOW_TO_TYPE_DAY = "Vul een dag in, zoals 1-2-2027."
HOW_TO_TYPE_HOUR = "Vul een tijd in, zoals 15:30."
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)  # in a form
DAY_OUTSIDE_LIMITS = "Kies een dag tussen 1 januari 2000 en 31 december 2099."
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
    "oktober", "november", "december",
)  # fmt: skip
_SHORT = {"mrt": 3, "mar": 3, "may": 5, "oct": 10}  # the others are the beginning of the name
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ]?)(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(
    r"(?:(?:ma|di|wo|do|vr|za|zo)[a-z]{0,7}[., ]{1,2})?(\d{1,2})(?:e|ste|de)?[-‐‑–/. ]{1,2}"
    r"(\d{1,2}|[a-z]{3,9})[-‐‑–/. ]{1,2}['’]?(\d{4}|\d{2})"
)
_HOUR = re.compile(r"(\d{1,2})(?:[:.u](\d{2})?|(\d{2}))? ?(?:uur|u)?")


def read_time(text: str) -> time:
    """The hour of the day that a clean text means: 15:30, 15.30 uur, 15u30, 1530, "9 uur".

    Raises ValueError where it is no hour.
    """
    if found := _HOUR.fullmatch(text.lower()):
        return time(int(found[1]), int(found[2] or found[3] or 0))
    raise ValueError(f"{text!r} is no hour")


def read_day(text: str) -> date:
    """The day that a clean text means: 2026-12-10, 10-12-26, 10.12.2026, "do 10 december 2026".

    A year of two digits is one of this century. Raises ValueError where it is no day, or one without a year.
    """
    lower = text.lower()
    if found := _YEAR_FIRST.fullmatch(text):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _DAY_FIRST.fullmatch(lower):
        day, month, year = found.groups()
        return date(int(year) + 2000 * (len(year) == 2), _read_month(month), int(day))
    raise ValueError(f"{text!r} is no day")


def _read_month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text in _SHORT:
        return _SHORT[text]
    for number, name in enumerate(MONTHS, start=1):
        if name.startswith(text):
            return number
    raise ValueError(f"{text!r} is no month")
