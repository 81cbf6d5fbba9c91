"""The rules of the attendance card (Verzuimkaart) about pupils who are late, ill or absent.

Pure: thresholds and calendar are arguments. All days are dates of Amsterdam.
Source of every rule: the guide, “De Verzuimkaart” (domain rows A23-A26, A29).
"""

from datetime import date, timedelta
from decimal import Decimal

from portal.guide.attendance_advice import Limits, Note, Outcome, Result, unknown_holidays
from portal.web.formatting import day as full
from portal.web.formatting import weekday
from portal.workdays import Calendar


def late(times: int, limits: Limits) -> Outcome:
    """A pupil came too late `times` times."""
    limit = limits["late_times"]
    values = {"times": times, "left": limit.value + 1 - times}
    if times > limit.value:
        return Outcome(Result.LATE_REPORT, values, (limit,))
    return Outcome(Result.LATE_SCHOOL, values, (limit,), (Note("late_left"),))


def ill() -> Outcome:
    """The parents report a pupil ill, in body or in mind."""
    return Outcome(Result.ILL, {}, ())


def absent(hours: Decimal, first: date, calendar: Calendar, limits: Limits) -> Outcome:
    """A pupil was absent without leave for `hours`, in the school weeks from `first` on."""
    limit, span = limits["absent_hours"], limits["absent_weeks"]
    weeks = calendar.school_weeks(first, span.value)
    last = weeks[-1] + timedelta(days=4)
    values = {
        "hours": f"{hours.normalize():f}".replace(".", ","),
        "first": weekday(weeks[0]),
        "last": weekday(last),
    }
    notes = (
        Note("count_hours"),
        *_skipped_holidays(weeks[0], last, calendar),
        Note("later_weeks"),
        *unknown_holidays(last, calendar),
    )
    if hours > limit.value:
        return Outcome(Result.ABSENT_REPORT, values, (limit, span), notes)
    return Outcome(Result.ABSENT_SUPPORT, values, (limit, span), (*notes, Note("report_later")))


def registration(on: date, calendar: Calendar, limits: Limits) -> Outcome:
    """A pupil was enrolled, or left the school, on the day `on`.

    The source says “binnen 7 dagen”, not which days. Every day counts, which is the careful
    reading; where the school is closed on the last day, the working day before it counts.
    """
    limit = limits["registration_days"]
    last = on + timedelta(days=limit.value)
    open_day = max(calendar.last_working_day(last), on)
    values = {"by": weekday(last), "open": weekday(open_day)}
    notes = unknown_holidays(last, calendar)
    if open_day == last:
        return Outcome(Result.REGISTRATION, values, (limit,), notes)
    holidays = calendar.holidays_on(last)
    is_school_holiday = bool(holidays) and holidays[0].is_school
    closed = {
        "by": weekday(last).capitalize(),
        "closed": holidays[0].name.lower() if is_school_holiday else "weekend of feestdag",
    }
    return Outcome(Result.REGISTRATION_EARLY, values, (limit,), (Note("closed", closed), *notes))


def _skipped_holidays(first: date, last: date, calendar: Calendar) -> list[Note]:
    return [
        Note(
            "skipped_holiday",
            {
                "holiday": row.name.lower(),
                "from": full(row.valid_from),
                "until": full(row.valid_until - timedelta(days=1)),
            },
        )
        for row in calendar.holidays
        if row.is_school and row.valid_from <= last and first < row.valid_until
    ]
