"""The rules of the Verzuimkaart: from numbers and dates to what to do. Pure: the records, the
calendar and the day come in as arguments.

Source of every rule: Routeboek januari 2024, “De Verzuimkaart” (domain rows A23-A29).
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from portal.directory.workdays import Calendar
from portal.guide.thresholds import Limits, Threshold
from portal.web.formatting import day as full
from portal.web.formatting import weekday

ATTENDANCE, PARENTS, DOCTOR = "leerplichtambtenaar", "consulent-ouders-en-school", "jeugdarts"
COACH = "jeugdhulp"  # the service of both kinds of coach
SUMMER = "Zomervakantie"


class Step(NamedTuple):
    """Something to do, by whom, and by when ("": the source names no moment)."""

    what: str
    who: str
    when: str = ""


class Condition(NamedTuple):
    """A condition, and whether it is met."""

    text: str
    met: bool


class Advice(NamedTuple):
    """The answer of the Verzuimkaart."""

    headline: str
    steps: tuple[Step, ...]
    calls: tuple[str, ...]  # roles or services to call, the first first
    used: tuple[Threshold, ...]
    notes: tuple[str, ...] = ()
    to_confirm: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


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
        *_unknown(last, calendar),
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
    notes = list(_unknown(last, calendar))
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


def holiday(
    first: date,
    last: date,
    *,
    for_work: bool,
    earlier: bool,
    today: date,
    calendar: Calendar,
    limits: Limits,
) -> Advice:
    """Leave for a holiday from `first` up to and including `last`. `for_work`: the parents' work
    leaves no other time; `earlier`: there was such leave this year already."""
    days, weeks = limits["holiday_days"], limits["after_summer_weeks"]
    number = calendar.count_working_days(first - timedelta(days=1), last)
    closed = [
        (row.valid_until, row.valid_until + timedelta(weeks=weeks.value))
        for row in calendar.holidays
        if row.name == SUMMER
    ]
    after_summer = any(start <= last and first < end for start, end in closed)
    conditions = (
        Condition(
            "Het komt door het werk van de ouders." if for_work
            else "Het komt niet door het werk van de ouders.", for_work),
        Condition(
            "Er was dit jaar al verlof voor vakantie." if earlier
            else "Het is de eerste keer dit jaar.", not earlier),
        Condition(
            f"Het zijn {number} lesdagen. Hoogstens {days.value} mag.", number <= days.value),
        Condition(
            f"Het valt in de eerste {weeks.value} weken na de zomervakantie." if after_summer
            else f"Het valt niet in de eerste {weeks.value} weken na de zomervakantie.",
            not after_summer),
    )  # fmt: skip
    allowed = all(condition.met for condition in conditions)
    return Advice(
        "Dit verlof kan. De directeur beslist." if allowed else "Dit verlof kan niet.",
        (
            _ask(first, limits),
            Step(
                "Beslis, en schrijf dat aan de ouders. Schrijf er zo nodig bij hoe zij bezwaar "
                "maken of in beroep gaan.",
                "de directeur",
            ),
        ),
        (ATTENDANCE,),
        (limits["holiday_times"], days, weeks, limits["request_weeks"]),
        (*_too_late(first, today, limits), *_unknown(last, calendar)),
        ("Een vrije dag die de school zelf koos, telt hier mee als lesdag. Trek die eraf.",),
        conditions,
    )


def circumstances(days: int, first: date, *, forced: bool, today: date, limits: Limits) -> Advice:
    """Leave of `days` days from `first` on for a weighty reason. `forced`: parents and child can
    do nothing about it."""
    limit = limits["circumstances_days"]
    conditions = (
        Condition(
            "Ouders en kind kunnen er niets aan doen." if forced
            else "Ouders en kind hadden er zelf invloed op.", forced),
    )  # fmt: skip
    if not forced:
        headline, decide = "Dit verlof kan niet.", Step(
            "Laat de ouders weten waarom het niet kan.", "de directeur")  # fmt: skip
    elif days > limit.value:
        headline = f"{days} dagen: stuur de vraag door naar de leerplichtambtenaar."
        decide = Step("Stuur de vraag van de ouders door naar de leerplichtambtenaar.",
                      "de directeur", f"bij meer dan {limit.value} dagen")  # fmt: skip
    else:
        headline = f"{days} dagen: de school beslist zelf."
        decide = Step("Beslis over de vraag van de ouders.", "de directeur")
    return Advice(
        headline,
        (_ask(first, limits), decide),
        (ATTENDANCE,),
        (limit, limits["request_weeks"]),
        _too_late(first, today, limits),
        (
            "Soms weten ouders het niet zo lang vooraf. Wat dan geldt, staat niet in de bron. "
            "Vraag het aan leerplicht.",
        ),
        conditions,
    )


def _ask_by(first: date, limits: Limits) -> date:
    return first - timedelta(weeks=limits["request_weeks"].value)


def _ask(first: date, limits: Limits) -> Step:
    return Step(
        "Vraag het verlof op papier aan bij de directie.",
        "de ouders",
        f"uiterlijk {weekday(_ask_by(first, limits))}",
    )


def _too_late(first: date, today: date, limits: Limits) -> tuple[str, ...]:
    by = _ask_by(first, limits)
    if by >= today:
        return ()
    return (f"{full(by).capitalize()} is al voorbij. Vroegen de ouders het op tijd?",)


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


def _unknown(last: date, calendar: Calendar) -> list[str]:
    if last < calendar.known_until:
        return []
    return [
        f"De schoolvakanties vanaf {full(calendar.known_until)} kennen we nog niet. "
        "Kijk zelf of er een vakantie tussen zit."
    ]
