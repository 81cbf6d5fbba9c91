"""Filters that format values for a page, in Dutch."""

import re
from datetime import date, datetime
from difflib import SequenceMatcher
from functools import lru_cache

from babel.dates import format_date
from flask import Flask
from flask_babel import format_datetime
from markupsafe import Markup, escape

from portal import phones

_LOCALE = "nl"  # fixed: also used outside a request
_NUMBER = re.compile(r"(?<![\w+])(?:\+|0)[\d\s()-]{7,17}\d(?!\w)")
WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")


def weekday_names(weekdays: str) -> str:
    """ISO weekdays as words: "124" is "ma, di, do"."""
    return ", ".join(WEEKDAYS[int(day) - 1] for day in weekdays)


def capital(text: str) -> str:
    """`text` with its first letter in upper case; the rest stays ("CJG-coach")."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1000)
def day(value: date) -> str:
    """A date in full: "1 februari 2027"."""
    return format_date(value, "d MMMM y", locale=_LOCALE)


@lru_cache(maxsize=1000)
def weekday(value: date) -> str:
    """A date with its day: "maandag 1 februari 2027"."""
    return format_date(value, "EEEE d MMMM y", locale=_LOCALE)


def short_day(value: date) -> str:
    """A date in figures: "1-2-2027"."""
    return f"{value.day}-{value.month}-{value.year}"


def period(first: date, last: date | None) -> str:
    """A span with its last day inclusive: "vanaf 1-2-2027 tot en met 12-2-2027"."""
    return f"vanaf {short_day(first)}" + (f" tot en met {short_day(last)}" if last else "")


def moment(value: datetime) -> str:
    """An aware moment in Amsterdam time: "23 november 2026 om 09:05 uur"."""
    return str(format_datetime(value, "d MMMM y 'om' HH:mm 'uur'"))


@lru_cache(maxsize=1000)
def month(value: date) -> str:
    """A month: "januari 2024"."""
    return format_date(value, "MMMM y", locale=_LOCALE)


def link_numbers(text: str) -> Markup:
    """A text as HTML, in which each telephone number is a link."""

    def link(found: re.Match[str]) -> str:
        number = found[0]
        if not phones.is_number(number):
            return number
        return f'<a class="phone-link" href="{phones.link(number)}">{number}</a>'

    return Markup(_NUMBER.sub(link, str(escape(text))))  # noqa: S704 - escaped, digits in the link


def difference(before: str, after: str) -> Markup:
    """A text as HTML, in which the words are marked that a later text left out or added."""
    old, new = re.split(r"(\s+)", before), re.split(r"(\s+)", after)
    parts = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = escape("".join(old[a:b])), escape("".join(new[c:d]))
        if kind == "equal":
            parts.append(gone)
            continue
        parts += [Markup("<del>{}</del>").format(gone)] if gone else []
        parts += [Markup("<ins>{}</ins>").format(come)] if come else []
    return Markup("").join(parts)


def site(value: str) -> str:
    """A website without https:// and www., as people write it."""
    return value.removeprefix("https://").removeprefix("http://").removeprefix("www.")


def site_link(value: str) -> str:
    """The URL of a website; its scheme is always http or https."""
    return value if value.startswith(("https://", "http://")) else f"https://{value}"


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: "1 school", "3 scholen"."""
    return f"{number} {one if number == 1 else many}"


def register_filters(app: Flask) -> None:
    """Register these functions as filters of Jinja."""
    for function in (
        weekday_names, capital, day, weekday, moment, month, link_numbers, difference,
        site, site_link,
        count,
    ):  # fmt: skip
        app.jinja_env.filters[function.__name__] = function
