"""The rules of the attendance card (Verzuimkaart) about leave that parents ask for.

Pure: thresholds, calendar and today are arguments. All days are dates of Amsterdam.
Source of every rule: the guide, “De Verzuimkaart” (domain rows A27-A28).
"""

from datetime import date, timedelta

from portal.guide.attendance_advice import Limits, Note, Outcome, Result, unknown_holidays
from portal.web.formatting import day as full
from portal.web.formatting import weekday
from portal.workdays import Calendar, HolidayKind


def holiday(
    first: date,
    last: date,
    *,
    for_work: bool,
    earlier: bool,
    today: date,
    calendar: Calendar,
    limits: Limits,
) -> Outcome:
    """Leave for a holiday from `first` up to and including `last`. `for_work`: the parents' work
    leaves no other time; `earlier`: there was such leave this year already."""
    most, weeks = limits["holiday_days"], limits["after_summer_weeks"]
    days = calendar.count_working_days(first - timedelta(days=1), last)
    conditions = {
        "work": for_work,
        "once": not earlier,
        "days": days <= most.value,
        "summer": _avoids_start_of_year(first, last, calendar, weeks.value),
    }
    if False in conditions.values():
        result = Result.HOLIDAY_REFUSED
    elif None in conditions.values():
        result = Result.HOLIDAY_UNKNOWN
    else:
        result = Result.HOLIDAY_ALLOWED
    by, too_late = _request_by(first, today, limits)
    return Outcome(
        result,
        {"days": days, "by": by},
        (limits["holiday_times"], most, weeks, limits["request_weeks"]),
        (*too_late, *unknown_holidays(last, calendar)),
        conditions,
    )


def circumstances(days: int, first: date, *, forced: bool, today: date, limits: Limits) -> Outcome:
    """Leave of `days` days from `first` on for a weighty reason. `forced`: parents and child can
    do nothing about it."""
    limit = limits["circumstances_days"]
    if not forced:
        result = Result.CIRCUMSTANCES_REFUSED
    elif days > limit.value:
        result = Result.CIRCUMSTANCES_PASS_ON
    else:
        result = Result.CIRCUMSTANCES_SCHOOL
    by, too_late = _request_by(first, today, limits)
    return Outcome(
        result,
        {"days": days, "by": by},
        (limit, limits["request_weeks"]),
        too_late,
        {"forced": forced},
    )


def _avoids_start_of_year(first: date, last: date, calendar: Calendar, weeks: int) -> bool | None:
    """Whether leave avoids the first `weeks` weeks after the summer holiday. None: the calendar
    does not know the summer holiday of that year yet."""
    ends = [row.valid_until for row in calendar.holidays if row.kind is HolidayKind.SUMMER]
    if any(end <= last and first < end + timedelta(weeks=weeks) for end in ends):
        return False
    known = {end.year for end in ends}
    if any(day.year not in known and 7 <= day.month <= 10 for day in (first, last)):
        return None
    return True


def _request_by(first: date, today: date, limits: Limits) -> tuple[str, tuple[Note, ...]]:
    """The last day to ask for leave from `first` on, and the note that it is over, if so."""
    by = first - timedelta(weeks=limits["request_weeks"].value)
    if by >= today:
        return weekday(by), ()
    return weekday(by), (Note("too_late", {"by": full(by).capitalize()}),)
