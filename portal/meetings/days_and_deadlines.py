"""The days and deadlines of meetings: which they can have, series, agendas and evaluations. Pure: days and
the calendar of the region are arguments. Days are Amsterdam dates, moments aware UTC.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from portal.clock import AMSTERDAM
from portal.web.formatting import weekday
from portal.workdays import Calendar, coming_august

_CLOSES_BEFORE = timedelta(days=7)  # 004: "uiterlijk een week voorafgaand aan het overleg"
_CLOSES_AT = time(17)
_REMINDS_BEFORE = timedelta(days=3)  # before it closes: ten days before the meeting
EVALUATION_MONTHS = (3, 4)  # 004: "standaard na drie of vier maanden"
REMIND_OF_EVALUATION = timedelta(days=14)
LISTED_FOR = timedelta(days=30)  # after a meeting
LONGEST_SERIES = timedelta(days=366)
MOST_DAYS = 60  # of a series, that are typed one by one
# By the weeks between two meetings of a series.
FREQUENCIES = {
    0: "één keer", 1: "elke week", 2: "elke 2 weken", 3: "elke 3 weken", 4: "elke 4 weken",
    6: "elke 6 weken", 8: "elke 8 weken",
}  # fmt: skip


def moment(day: date, hour: time) -> datetime:
    """The moment of a local hour. Raises ValueError where the clock skips it that night."""
    local = datetime.combine(day, hour, AMSTERDAM)
    found = local.astimezone(UTC)
    if found.astimezone(AMSTERDAM).time() != hour:
        raise ValueError(f"{day} has no {hour}")
    return found


def refuse_days(days: Sequence[date], today: date) -> str:
    """Why a series cannot have these days, in Dutch; "": it can."""
    for day in days:
        if day < today:
            return f"{weekday(day).capitalize()} is al voorbij."
        if day > today + 2 * LONGEST_SERIES:
            return f"{weekday(day).capitalize()} is te ver weg."
    return "Een dag staat er twee keer." if len(set(days)) < len(days) else ""


def ask_about_days(days: Iterable[date], calendar: Calendar) -> str:
    """The question whether the first of these days without school is meant; "": all are working days."""
    return next(filter(None, (calendar.ask_about_day(day, f"Op {weekday(day)}") for day in days)), "")


def closes_at(day: date, calendar: Calendar) -> datetime:
    """The moment at which the agenda of a meeting on `day` closes: at 17:00, seven days before,
    or on the last working day before that."""
    closing_day = calendar.last_working_day(day - _CLOSES_BEFORE)
    return moment(closing_day, _CLOSES_AT)


def reminds_on(day: date, calendar: Calendar) -> date:
    """The working day of the reminder that the agenda of a meeting on `day` closes."""
    closing_day = calendar.last_working_day(day - _CLOSES_BEFORE)
    return calendar.last_working_day(closing_day - _REMINDS_BEFORE)


def calculated_end(begins_at: datetime, minutes: Iterable[int]) -> datetime:
    """The moment at which the slots of these minutes are over."""
    return begins_at + timedelta(minutes=sum(minutes))


def list_days(first: date, last: date, weeks: int, calendar: Calendar) -> tuple[list[date], list[date]]:
    """The days of a series, once in so many weeks, and those that are left out: holidays."""
    step = timedelta(weeks=weeks)
    days = [first + step * number for number in range((last - first) // step + 1)]
    kept = [day for day in days if calendar.is_working_day(day)]
    return kept, [day for day in days if day not in kept]


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def evaluation_day(held_on: date, months: int, meetings: Iterable[date], calendar: Calendar) -> date:
    """The day of the evaluation of a case so many months after a meeting: that of the first meeting
    then or later, outside holidays; without such a meeting the next working day."""
    due = add_months(held_on, months)
    later = (day for day in sorted(meetings) if day >= due and calendar.is_working_day(day))
    return next(later, calendar.next_working_day(due))


def list_evaluation_days(held_on: date, meetings: Iterable[date], calendar: Calendar) -> dict[str, date]:
    """Per number of months the day of the evaluation of a case, each day once."""
    found = {evaluation_day(held_on, months, meetings, calendar): months for months in reversed(EVALUATION_MONTHS)}
    return {str(months): day for day, months in sorted(found.items())}


def is_last_of_school_year(day: date, others: Sequence[date]) -> bool:
    """Whether a meeting is the last one before the summer; there the way of working is evaluated
    (004: "regelmatig onderwerp van evaluatie")."""
    return not any(day < other < coming_august(day) for other in others)
