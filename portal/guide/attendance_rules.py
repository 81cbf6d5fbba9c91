"""The rules of the Verzuimkaart about pupils who are not there: from numbers and dates to what to
do. Pure: the records, the calendar and the day come in as arguments.

Source of every rule: Routeboek januari 2024, “De Verzuimkaart” (domain rows A23-A26, A29).
"""

from datetime import date, timedelta
from decimal import Decimal

from portal.guide.attendance_advice import (
    ATTENDANCE,
    DOCTOR,
    PARENTS,
    Advice,
    Step,
    unknown_holidays,
)
from portal.guide.attendance_thresholds import Limits
from portal.web.formatting import day as full
from portal.web.formatting import weekday
from portal.workdays import Calendar

_KEEP = Step("Houd het bij in de administratie.", "de school")
_TALK = Step("Neem contact op met de ouders.", "de school")


def late(times: int, limits: Limits) -> Advice:
    """A pupil who came too late `times` times."""
    limit = limits["late_times"]
    period = "Over welke tijd je telt, staat niet in de bron. Vraag het aan leerplicht."
    if times > limit.value:
        return Advice(
            f"{times} keer te laat: meld het bij leerplicht.",
            (
                Step("Meld het bij leerplicht.", "de school", f"bij meer dan {limit.value} keer"),
                _KEEP,
                _TALK,
            ),
            (ATTENDANCE,),
            (limit,),
            to_confirm=(period,),
        )
    left = limit.value + 1 - times
    return Advice(
        f"{times} keer te laat: dit is aan de school zelf.",
        (_KEEP, _TALK),
        (ATTENDANCE,),
        (limit,),
        notes=(f"Nog {left} keer te laat erbij? Dan meld je het bij leerplicht.",),
        to_confirm=(period,),
    )


def sick() -> Advice:
    """A pupil who is reported ill, in body or in mind."""
    return Advice(
        "Vraag de ouders wat er is, en haal er zo nodig de jeugdarts bij.",
        (
            Step("Vraag de ouders wat voor ziekmelding het is. Schrijf dat niet hier op.",
                 "de school"),
            Step("Vraag de jeugdarts om mee te denken.", "de school", "als het nodig is"),
            Step("Zoek hulp bij les voor zieke leerlingen: www.ziezon.nl.", "de school",
                 "als het nodig is"),
        ),
        (DOCTOR,),
        (),
    )  # fmt: skip


def absent(hours: Decimal, first: date, calendar: Calendar, limits: Limits) -> Advice:
    """A pupil who was away without leave for `hours`, in the school weeks from `first` on."""
    limit, span = limits["absent_hours"], limits["absent_weeks"]
    amount = f"{hours.normalize():f}".replace(".", ",")
    weeks = calendar.school_weeks(first, span.value)
    last = weeks[-1] + timedelta(days=4)
    notes = [
        f"Tel de uren van {weekday(weeks[0])} tot en met {weekday(last)}.",
        *_skipped(weeks[0], last, calendar),
        "Was de leerling ook daarna weg? Tel dan ook de vier weken vanaf een latere week.",
        *unknown_holidays(last, calendar),
    ]
    tell = Step(
        "Meld het bij het samenwerkingsverband (consulent Ouders & School). "
        "Dat is voor steun, en om het bij te houden.",
        "de school",
    )
    no_moment = ("Hoe snel je meldt, staat niet in de bron. Vraag het aan leerplicht.",)
    if hours > limit.value:
        return Advice(
            f"{amount} uur weg: je moet dit melden bij leerplicht.",
            (
                Step("Meld het bij leerplicht. Dat is verplicht.", "de school",
                     f"bij meer dan {limit.value} uur"),
                tell, _KEEP, _TALK,
            ),
            (ATTENDANCE, PARENTS),
            (limit, span),
            tuple(notes),
            no_moment,
        )  # fmt: skip
    return Advice(
        f"{amount} uur weg: nog niet verplicht bij leerplicht, wel bij het samenwerkingsverband.",
        (tell, _KEEP, _TALK),
        (PARENTS, ATTENDANCE),
        (limit, span),
        (*notes, f"Komt de leerling boven de {limit.value} uur? Dan meld je ook bij leerplicht."),
    )


def registration(on: date, calendar: Calendar, limits: Limits) -> Advice:
    """A pupil who was enrolled or left on the day `on`.

    The source says “binnen 7 dagen” and not which days: every day counts, which is the careful
    reading; where the school is closed on the last one, the working day before it is shown.
    """
    limit = limits["registration_days"]
    last = on + timedelta(days=limit.value)
    open_ = max(calendar.last_working_day(last), on)
    notes = list(unknown_holidays(last, calendar))
    if open_ != last:
        why = calendar.holidays_on(last)
        closed = why[0].name.lower() if why and why[0].is_school else "weekend of feestdag"
        notes.insert(0, f"{weekday(last).capitalize()} is de school dicht ({closed}).")
    return Advice(
        f"Meld het bij DUO, uiterlijk {weekday(open_)}.",
        (Step("Meld de inschrijving of uitschrijving bij DUO.", "de school",
              f"uiterlijk {weekday(last)}" if open_ == last else
              f"de termijn loopt tot en met {weekday(last)}; doe het {weekday(open_)}"),),
        (ATTENDANCE,),
        (limit,),
        tuple(notes),
        ("Of ook vrije dagen meetellen, staat niet in de bron. Wij tellen ze mee.",),
    )  # fmt: skip


def _skipped(first: date, last: date, calendar: Calendar) -> list[str]:
    free = [
        row for row in calendar.holidays
        if row.is_school and row.valid_from <= last and first < row.valid_until
    ]  # fmt: skip
    return [
        f"De {row.name.lower()} ({full(row.valid_from)} tot en met "
        f"{full(row.valid_until - timedelta(days=1))}) telt niet mee."
        for row in free
    ]
