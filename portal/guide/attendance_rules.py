"""The rules of the attendance card (Verzuimkaart) about pupils who are late, ill or absent.

Pure: thresholds and calendar are arguments. All days are dates of Amsterdam.
Source of every rule: the guide, “De Verzuimkaart” (domain rows A23-A26, A29).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from portal.guide.attendance_advice import Limits, Note, Outcome, Result, Threshold, unknown_holidays
from portal.web.formatting import day as full
from portal.web.formatting import weekday
from portal.workdays import Calendar


def limits_on(records: Iterable[Threshold], day: date) -> Limits:
    """The threshold that holds on `day`, by key; before its first record, that one."""
    limits: Limits = {}
    for record in sorted(records, key=lambda record: record.valid_from):
        if record.key not in limits or record.valid_from <= day:
            limits[record.key] = record
    return limits


def late(times: int, limits: Limits) -> Outcome:
    """The outcome for a pupil who came too late `times` times."""
    limit = limits["late_times"]
    values = {"times": times, "left": limit.value + 1 - times}
    if times > limit.value:
        return Outcome(Result.LATE_REPORT, values, (limit,))
    return Outcome(Result.LATE_SCHOOL, values, (limit,), (Note("late_left"),))


def ill() -> Outcome:
    """The outcome for a pupil whose parents report an illness, of body or mind."""
    return Outcome(Result.ILL, {}, ())


def absent(hours: Decimal, first: date, calendar: Calendar, limits: Limits) -> Outcome:
    """The outcome for a pupil who was absent without leave for `hours`, in the school weeks from `first` on. A first
    day without school is moved to the next school day, and the answer says so."""
    limit, span = limits["absent_hours"], limits["absent_weeks"]
    first_open = calendar.next_working_day(first)
    weeks = calendar.school_weeks(first_open, span.value)
    last = weeks[-1] + timedelta(days=4)
    values = {"hours": f"{hours.normalize():f}".replace(".", ","), "first": weekday(weeks[0]), "last": weekday(last)}
    unknown = unknown_holidays(weeks[0], last, calendar)
    moved = {"closed": weekday(first).capitalize(), "open": weekday(first_open)}
    notes = (
        *([Note("no_school_day", moved)] if first_open != first else []),
        Note("count_hours_open" if unknown else "count_hours"),
        *_skipped_holidays(weeks[0], last, calendar),
        Note("later_weeks"),
        *unknown,
    )
    if hours > limit.value:
        return Outcome(Result.ABSENT_REPORT, values, (limit, span), notes)
    return Outcome(Result.ABSENT_SUPPORT, values, (limit, span), (*notes, Note("report_later")))


def registration(on: date, today: date, calendar: Calendar, limits: Limits) -> Outcome:
    """The outcome for a pupil who was enrolled, or left the school, on the day `on`.

    The source says “binnen 7 dagen”, not which days. Every day counts, which is the careful
    reading; on a weekend or public holiday the office day before it is the last one.
    """
    limit = limits["registration_days"]
    last = on + timedelta(days=limit.value)
    if not calendar.knows_public_holidays(last):
        return Outcome(Result.REGISTRATION_UNKNOWN, {"by": weekday(last)}, (limit,))
    by = last
    while not calendar.is_office_day(by):
        by -= timedelta(days=1)
    notes = [Note("closed_day", {"closed": weekday(last).capitalize()})] if by != last else []
    open_day = calendar.last_working_day(by)
    if open_day != by:
        holiday = next(row for row in calendar.holidays_on(by) if row.is_school)
        notes.append(Note("school_closed", {"holiday": holiday.name.lower()}))
        if open_day >= on:
            notes.append(Note("school_open", {"open": weekday(open_day)}))
    if by < today:
        notes.append(Note("report_now"))
    return Outcome(Result.REGISTRATION, {"by": weekday(by)}, (limit,), tuple(notes))


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
