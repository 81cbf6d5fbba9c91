"""Working days and school weeks: weekends, public holidays and school holidays do not count; the begin of a school
year; the name of a free day, and the question whether it is meant; and when somebody works again.

The days are Amsterdam dates; the holidays are data of the region (`holidays.csv`).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count
from typing import NamedTuple

from portal.labelled_enum import LabelledEnum
from portal.typed_days import MONTHS

LONGEST_HOLIDAY = timedelta(days=100)
_DAY = timedelta(days=1)


def school_year(day: date) -> int:
    """The year in which the school year of `day` began; a school year begins on 1 August."""
    return day.year if day.month >= 8 else day.year - 1


def coming_august(today: date) -> date:
    """The next 1 August, on which a school year begins."""
    return date(school_year(today) + 1, 8, 1)


class HolidayKind(LabelledEnum):
    """The kinds of holidays. The summer holiday is a kind of its own: rules count from its end."""

    PUBLIC = "public", "feestdag"
    SCHOOL = "school", "schoolvakantie"
    SUMMER = "summer", "zomervakantie"


class HolidayRow(NamedTuple):
    """A holiday with its half-open span `[valid_from, valid_until)`."""

    name: str
    kind: HolidayKind
    valid_from: date
    valid_until: date

    @property
    def is_school(self) -> bool:
        """Whether it is a school holiday, not a public holiday."""
        return self.kind is not HolidayKind.PUBLIC


class Calendar:
    """Counts days with the holidays of the region."""

    def __init__(self, holidays: Iterable[HolidayRow]) -> None:
        self.holidays = tuple(holidays)

    @property
    def known_until(self) -> date:
        """The first day after the last known school holiday."""
        return max(row.valid_until for row in self.holidays if row.is_school)

    @property
    def known_from(self) -> date:
        """The first day of the first known school holiday."""
        return min(row.valid_from for row in self.holidays if row.is_school)

    def knows_school_holidays(self, day: date) -> bool:
        """Whether the school holidays around a day are known."""
        return self.known_from <= day < self.known_until

    def knows_public_holidays(self, day: date) -> bool:
        """Whether the last known public holiday is not before a day."""
        return any(day < row.valid_until for row in self.holidays if not row.is_school)

    def holidays_on(self, day: date) -> list[HolidayRow]:
        """The holidays that contain a day."""
        return [row for row in self.holidays if row.valid_from <= day < row.valid_until]

    def is_working_day(self, day: date) -> bool:
        """Whether schools are open: no weekend and no holiday of any kind."""
        return day.isoweekday() <= 5 and not self.holidays_on(day)

    def name_free_day(self, day: date) -> str:
        """Why schools are closed on a day: the name of its holiday, or "weekend"; "" on a working day."""
        if self.is_working_day(day):
            return ""
        return next((row.name.lower() for row in self.holidays_on(day)), "weekend")

    def ask_about_day(self, day: date, said: str) -> str:
        """The question whether a day without school is meant; `said` begins it: "Op deze dag". "" on a working day."""
        what = self.name_free_day(day)
        return what and f"{said} is het {what}. Kies een andere dag of zet het vinkje."

    def is_office_day(self, day: date) -> bool:
        """Whether it is no weekend and no public holiday; schools may be on holiday."""
        return day.isoweekday() <= 5 and all(row.is_school for row in self.holidays_on(day))

    def list_working_days(self, first: date, last: date) -> list[date]:
        """The working days from `first` up to and including `last`."""
        days = (first + _DAY * number for number in range((last - first).days + 1))
        return [day for day in days if self.is_working_day(day)]

    def count_working_days(self, start: date, end: date) -> int:
        """The number of working days after `start`, up to and including `end`."""
        return len(self.list_working_days(start + _DAY, end))

    def last_working_day(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def next_working_day(self, day: date) -> date:
        """The day itself, or the next working day behind it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def school_weeks(self, day: date, number: int) -> list[date]:
        """The Mondays of `number` school weeks, starting with the week of `day`. A week without a
        working day does not count."""
        monday = day - _DAY * (day.isoweekday() - 1)
        weeks: list[date] = []
        while len(weeks) < number:
            if any(self.is_working_day(monday + _DAY * at) for at in range(5)):
                weeks.append(monday)
            monday += timedelta(weeks=1)
        return weeks


_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def availability(days: str, on: date, today: date, calendar: Calendar) -> str:
    """ "werkt morgen weer" for somebody who works on `days` (ISO weekdays: "124"; on no public holiday)
    but not on the day `on`. Empty where they do work then, or where their days are unknown."""

    def works(day: date) -> bool:
        return str(day.isoweekday()) in days and all(row.is_school for row in calendar.holidays_on(day))

    if not days or works(on):
        return ""
    ahead = next(number for number in count(1) if works(on + _DAY * number))
    back = on + _DAY * ahead
    named = _DAYS[back.weekday()] + f" {back.day} {MONTHS[back.month - 1]}" * (ahead >= 7)
    if on != today:
        return f"werkt dan niet, {named} weer"
    return f"werkt {'morgen' if ahead == 1 else named} weer"
