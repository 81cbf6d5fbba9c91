"""The rules of the attendance card (Verzuimkaart) about leave that parents ask for.

Pure: thresholds, calendar and today are arguments. All days are dates of Amsterdam.
Source of every rule: the guide, “De Verzuimkaart” (domain rows A27-A28).
"""

from collections.abc import Sequence
from datetime import date, timedelta

from portal.guide.attendance_rules import Note, Outcome, Result, ThresholdsByKey, unknown_holidays
from portal.web.formatting import count, weekday
from portal.web.formatting import day as full
from portal.workdays import Calendar, HolidayKind


def holiday(
    first: date, last: date, *, for_work: bool, earlier: bool, today: date, calendar: Calendar, limits: ThresholdsByKey
) -> Outcome:
    """Leave for a holiday from `first` up to and including `last`; its school days count. `for_work`: the parents' work
    leaves no other time; `earlier`: there was such leave this year already."""
    most, weeks = limits["holiday_days"], limits["after_summer_weeks"]
    used = (limits["holiday_times"], most, weeks, limits["request_weeks"])
    days = calendar.list_working_days(first, last)
    if not days:
        return Outcome(Result.HOLIDAY_NOT_NEEDED, {}, used)
    conditions = {
        "work": for_work,
        "once": not earlier,
        "days": _are_at_most(days, most.value, calendar),
        "summer": _avoids_start_of_year(days[0], days[-1], calendar, weeks.value),
    }
    by, too_late = _request_by(days[0], today, limits)
    if False in conditions.values():
        result = Result.HOLIDAY_REFUSED
    elif None in conditions.values():
        result = Result.HOLIDAY_UNKNOWN
    else:
        result = Result.HOLIDAY_TOO_LATE if too_late else Result.HOLIDAY_ALLOWED
    number = f"{'is' if len(days) == 1 else 'zijn'} {count(len(days), 'lesdag', 'lesdagen')}"
    notes = (*too_late, *unknown_holidays(days[0], days[-1], calendar))
    return Outcome(result, {"days": number, "by": by}, used, notes, conditions)


def circumstances(days: int, first: date, *, forced: bool, today: date, limits: ThresholdsByKey) -> Outcome:
    """Leave of `days` days from `first` on for a weighty reason. `forced`: parents and child can
    do nothing about it. On a longer leave leerplicht decides, whatever the reason."""
    limit = limits["circumstances_days"]
    if days > limit.value:
        result = Result.CIRCUMSTANCES_PASS_ON
    elif forced:
        result = Result.CIRCUMSTANCES_SCHOOL
    else:
        result = Result.CIRCUMSTANCES_REFUSED
    by, too_late = _request_by(first, today, limits)
    return Outcome(
        result,
        {"days": count(days, "dag", "dagen"), "by": by},
        (limit, limits["request_weeks"]),
        too_late,
        {"forced": forced},
    )


def _are_at_most(days: Sequence[date], most: int, calendar: Calendar) -> bool | None:
    """Whether the school days are at most so many. None: some of them may be in a holiday that is not known yet."""
    known = sum(calendar.knows_school_holidays(day) for day in days)
    if known > most:
        return False
    return True if known == len(days) else None


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


def _request_by(first: date, today: date, limits: ThresholdsByKey) -> tuple[str, tuple[Note, ...]]:
    """The last day to ask for leave from `first` on, and the note that it is over, if so."""
    by = first - timedelta(weeks=limits["request_weeks"].value)
    if by >= today:
        return weekday(by), ()
    return weekday(by), (Note("too_late", {"by": full(by).capitalize()}),)
