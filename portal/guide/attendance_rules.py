"""The rules of the attendance card (Verzuimkaart) about pupils who are late, ill or absent; and the advice, which says
the outcome of a rule in the words of the region.

The rules are pure: thresholds and calendar are arguments. All days are dates of Amsterdam.
Source of every rule: the guide, “De Verzuimkaart” (domain rows A23-A26, A29). Texts and thresholds are data, in
`guide/tools/verzuimkaart.toml` and `guide/attendance_thresholds.toml` of the region's folder.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from string import Formatter
from typing import Any, NamedTuple

from markupsafe import Markup

from portal.web.formatting import day as full
from portal.web.formatting import weekday
from portal.web.markdown import render_text
from portal.workdays import Calendar


class Result(StrEnum):
    """The possible decisions of the rules. The file has a text for each, by this name."""

    LATE_SCHOOL = "late_school"
    LATE_REPORT = "late_report"
    ILL = "ill"
    ABSENT_SUPPORT = "absent_support"
    ABSENT_REPORT = "absent_report"
    REGISTRATION = "registration"
    REGISTRATION_UNKNOWN = "registration_unknown"
    HOLIDAY_NOT_NEEDED = "holiday_not_needed"
    HOLIDAY_ALLOWED = "holiday_allowed"
    HOLIDAY_TOO_LATE = "holiday_too_late"
    HOLIDAY_UNKNOWN = "holiday_unknown"
    HOLIDAY_REFUSED = "holiday_refused"
    CIRCUMSTANCES_SCHOOL = "circumstances_school"
    CIRCUMSTANCES_PASS_ON = "circumstances_pass_on"  # noqa: S105 - no password
    CIRCUMSTANCES_REFUSED = "circumstances_refused"


# The kinds of questions, as they stand in an address.
QUESTIONS = ("te-laat", "ziek", "weg", "in-of-uit", "vakantie", "reden")
NOTES = (
    "late_left", "no_school_day", "count_hours", "count_hours_open", "skipped_holiday",
    "later_weeks", "unknown_holidays", "report_later", "closed_day", "school_closed",
    "school_open", "report_now", "too_late",
)  # fmt: skip
CONDITIONS = {
    "work": ("met", "unmet"),
    "once": ("met", "unmet"),
    "days": ("met", "unmet", "unknown"),
    "summer": ("met", "unmet", "unknown"),
    "forced": ("met", "unmet"),
}
VALUES = {
    "times", "left", "hours", "first", "last", "holiday", "from", "until", "known_from",
    "known_until", "by", "open", "closed", "days",
}  # fmt: skip
_MET = {True: "met", False: "unmet", None: "unknown"}


class Threshold(NamedTuple):
    """A number that decides, from a day on, with its source."""

    key: str
    value: int
    text: str  # the rule in one sentence
    valid_from: date
    source: str


ThresholdsByKey = dict[str, Threshold]


class Note(NamedTuple):
    """An additional remark: the name of its text, with values of its own."""

    name: str
    values: Mapping[str, object] = {}


class Outcome(NamedTuple):
    """The decision of a rule. `values` and the thresholds `used` fill the braces in the texts."""

    result: Result
    values: Mapping[str, object]
    used: tuple[Threshold, ...]
    notes: tuple[Note, ...] = ()
    conditions: Mapping[str, bool | None] = {}  # whether it is met; None: nobody can know yet


class Step(NamedTuple):
    """A task, who does it ("": the task says it), and by when ("": the source names no moment)."""

    task: str
    who: str = ""
    when: str = ""


class Condition(NamedTuple):
    """A condition, and whether it is met (None: nobody can know yet)."""

    text: str
    met: bool | None


class Advice(NamedTuple):
    """An answer of the attendance card."""

    headline: str
    steps: tuple[Step, ...]
    calls: tuple[str, ...]  # roles or services to call, the first first
    used: tuple[Threshold, ...]
    notes: tuple[str, ...]
    to_confirm: tuple[str, ...]
    conditions: tuple[Condition, ...]


class Question(NamedTuple):
    """A kind of absence or leave that the card can be asked about."""

    label: str
    about: str


class OutcomeTexts(NamedTuple):
    headline: str
    steps: tuple[Step, ...]
    calls: tuple[str, ...]
    to_confirm: tuple[str, ...]


class AttendanceTexts(NamedTuple):
    """The texts and numbers of the card."""

    questions: Mapping[str, Question]  # by their name in the address
    outcomes: Mapping[Result, OutcomeTexts]
    notes: Mapping[str, str]
    conditions: Mapping[str, Mapping[str, str]]
    thresholds: tuple[Threshold, ...]
    behind: Markup  # advice where a larger problem may be behind the absence

    def advise(self, outcome: Outcome) -> Advice:
        """The answer that says `outcome`."""
        values = {limit.key: limit.value for limit in outcome.used} | dict(outcome.values)
        texts = self.outcomes[outcome.result]
        return Advice(
            texts.headline.format_map(values),
            tuple(Step(*(part.format_map(values) for part in step)) for step in texts.steps),
            texts.calls,
            outcome.used,
            tuple(self.notes[note.name].format_map({**values, **note.values}) for note in outcome.notes),
            tuple(text.format_map(values) for text in texts.to_confirm),
            tuple(
                Condition(self.conditions[name][_MET[met]].format_map(values), met)
                for name, met in outcome.conditions.items()
            ),
        )


def read_thresholds(values: Mapping[str, Any]) -> tuple[Threshold, ...]:
    """The records out of the tables of their file. Raises KeyError or TypeError for a field that is
    missing or unknown."""
    return tuple(Threshold(**row) for row in values["thresholds"])


def read_attendance_texts(values: Mapping[str, Any]) -> AttendanceTexts:
    """The texts out of the tables of the file, with the `thresholds` that were read before. Raises
    KeyError, TypeError or ValueError for one that is missing or invalid."""
    steps = {name: Step(**row) for name, row in values["steps"].items()}
    thresholds: tuple[Threshold, ...] = values["thresholds"]
    known = VALUES | {threshold.key for threshold in thresholds}
    for text in _texts({name: values[name] for name in ("steps", "outcomes", "notes", "conditions")}):
        if unknown := {field for _, field, _, _ in Formatter().parse(text) if field} - known:
            raise ValueError(f"{{{unknown.pop()}}} kennen we niet")
    return AttendanceTexts(
        {name: Question(**values["questions"][name]) for name in QUESTIONS},
        {
            result: OutcomeTexts(
                values["outcomes"][result]["headline"],
                tuple(steps[name] for name in values["outcomes"][result]["steps"]),
                tuple(values["outcomes"][result]["calls"]),
                tuple(values["outcomes"][result].get("to_confirm", [])),
            )
            for result in Result
        },
        {name: values["notes"][name] for name in NOTES},
        {name: {met: values["conditions"][name][met] for met in answers} for name, answers in CONDITIONS.items()},
        thresholds,
        render_text(values["behind"]),
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def unknown_holidays(first: date, last: date, calendar: Calendar) -> tuple[Note, ...]:
    """The note that the school holidays from `first` to `last` are not all known, where they are not."""
    if calendar.knows_school_holidays(first) and calendar.knows_school_holidays(last):
        return ()
    known = {"known_from": full(calendar.known_from), "known_until": full(calendar.known_until)}
    return (Note("unknown_holidays", known),)


def limits_on(records: Iterable[Threshold], day: date) -> ThresholdsByKey:
    """The threshold that holds on `day`, by key; before its first record, that one."""
    limits: ThresholdsByKey = {}
    for record in sorted(records, key=lambda record: record.valid_from):
        if record.key not in limits or record.valid_from <= day:
            limits[record.key] = record
    return limits


def late(times: int, limits: ThresholdsByKey) -> Outcome:
    """The outcome for a pupil who came too late `times` times."""
    limit = limits["late_times"]
    values = {"times": times, "left": limit.value + 1 - times}
    if times > limit.value:
        return Outcome(Result.LATE_REPORT, values, (limit,))
    return Outcome(Result.LATE_SCHOOL, values, (limit,), (Note("late_left"),))


def ill() -> Outcome:
    """The outcome for a pupil whose parents report an illness, of body or mind."""
    return Outcome(Result.ILL, {}, ())


def absent(hours: Decimal, first: date, calendar: Calendar, limits: ThresholdsByKey) -> Outcome:
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


def registration(on: date, today: date, calendar: Calendar, limits: ThresholdsByKey) -> Outcome:
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
