"""The schedule of a confirmation round: who is asked on which day, and what follows on silence. Pure: people, days and
the calendar of the region are arguments. Days are Amsterdam dates."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zlib import crc32

from portal.clock import AMSTERDAM, day_of
from portal.labelled_enum import LabelledEnum
from portal.workdays import Calendar

_MONTHS = _SPRING, _AUTUMN = 3, 9  # on whose first day a round begins
_MAY_BEGIN_FOR = timedelta(weeks=6)  # a worker that was away begins later; a new portal waits
_EARLY = 1  # months
_FROM_HOUR = 8  # in Amsterdam
_SPREAD = 15  # working days over which a round asks everybody: the first three weeks
_MOST_PER_DAY = 40  # people, or a thirtieth of all who are due
STEP_AFTER = 10  # working days of silence
# Between the mails of two rounds.
REST = timedelta(days=28)


class Step(LabelledEnum):
    """How far the question to a person is."""

    ASKED = "asked", "gevraagd"
    REMINDED = "reminded", "nog een keer gevraagd"
    EDITOR = "editor", "bij de organisatie"
    COORDINATOR = "coordinator", "bij de coördinator"
    CONFIRMED = "confirmed", "bevestigd"


OPEN = (Step.ASKED, Step.REMINDED, Step.EDITOR, Step.COORDINATOR)


class Reach(NamedTuple):
    """How a person can be asked today."""

    email: str  # "": no address is known
    is_absent: bool
    has_editor: bool  # somebody looks after the people of their organisation


def find_begin(day: date) -> date | None:
    """The first day of the round that begins on or shortly before `day`; None where that is long ago."""
    months = [(day.year, _AUTUMN), (day.year, _SPRING), (day.year - 1, _AUTUMN)]
    last = next(begin for year, month in months if (begin := date(year, month, 1)) <= day)
    return last if day < last + _MAY_BEGIN_FOR else None


def find_next_begin(day: date) -> date:
    """The first day of the next round after `day`."""
    begins = (date(year, month, 1) for year in (day.year, day.year + 1) for month in _MONTHS)
    return next(begin for begin in begins if begin > day)


def is_time_to_ask(now: datetime, calendar: Calendar) -> bool:
    """Whether people are mailed at this aware moment: on a working day, from eight o'clock."""
    return now.astimezone(AMSTERDAM).hour >= _FROM_HOUR and calendar.is_working_day(day_of(now))


def is_due(checked_on: date | None, months: int, today: date) -> bool:
    """Whether a fact is to be confirmed that was checked on a day, or never, and is checked once in so many months:
    shortly before that time is over, so that a fact of September is asked each September. A fact with an interval of a
    year is asked in spring only where nobody ever checked it."""
    if checked_on is None:
        return True
    if months >= 12 and _SPRING <= today.month < _AUTUMN:
        return False
    passed = (today.year - checked_on.year) * 12 + today.month - checked_on.month
    return (passed, today.day) >= (months - _EARLY, checked_on.day)


def choose(due: Iterable[int], begins_on: date, today: date, calendar: Calendar, asked_today: int) -> list[int]:
    """The people (ids) to ask today, of those who are due in a round: each on a working day of
    their own in its first weeks, and no more than a bounded number per day."""
    people = sorted(due, key=_slot)
    most = max(_MOST_PER_DAY, len(people) // 30) - asked_today
    passed = calendar.count_working_days(begins_on - timedelta(days=1), today)
    return [person for person in people if _slot(person) < passed][: max(most, 0)]


def _slot(person: int) -> int:
    """The working day of a round on which a person is asked: the same in each round, so that half
    a year lies in between."""
    return crc32(str(person).encode()) % _SPREAD


def first_step(reach: Reach) -> Step | None:
    """The beginning for a person who is due; None: not today."""
    if reach.is_absent:
        return None
    return Step.ASKED if reach.email else _ask_others(reach)


def next_step(step: Step, reach: Reach) -> Step:
    """The step after STEP_AFTER working days of silence; the same one where nothing follows today.
    Two mails, then the organisation, then the coordinator."""
    if step is Step.ASKED and reach.is_absent:
        return step
    if step is Step.ASKED and reach.email:
        return Step.REMINDED
    if step in (Step.ASKED, Step.REMINDED):
        return _ask_others(reach)
    return Step.COORDINATOR


def _ask_others(reach: Reach) -> Step:
    return Step.EDITOR if reach.has_editor else Step.COORDINATOR
