"""The rules of the Verzuimkaart about leave that parents ask for. Pure: the records, the calendar
and the day come in as arguments.

Source of every rule: Routeboek januari 2024, “De Verzuimkaart” (domain rows A27-A28).
"""

from collections.abc import Sequence
from datetime import date, timedelta

from portal.guide.attendance_advice import ATTENDANCE, Advice, Condition, Step, unknown_holidays
from portal.guide.attendance_thresholds import Limits
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
) -> Advice:
    """Leave for a holiday from `first` up to and including `last`. `for_work`: the parents' work
    leaves no other time; `earlier`: there was such leave this year already."""
    days, weeks = limits["holiday_days"], limits["after_summer_weeks"]
    number = calendar.count_working_days(first - timedelta(days=1), last)
    summer = _after_summer(first, last, calendar, weeks.value)
    conditions = (
        Condition(
            "Het komt door het werk van de ouders." if for_work
            else "Het komt niet door het werk van de ouders.", for_work),
        Condition(
            "Er was dit jaar al verlof voor vakantie." if earlier
            else "Het is de eerste keer dit jaar.", not earlier),
        Condition(
            f"Het zijn {number} lesdagen. Hoogstens {days.value} mag.", number <= days.value),
        summer,
    )  # fmt: skip
    return Advice(
        _headline(conditions),
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
        (*_too_late(first, today, limits), *unknown_holidays(last, calendar)),
        ("Een vrije dag die de school zelf koos, telt hier mee als lesdag. Trek die eraf.",),
        conditions,
    )


def _after_summer(first: date, last: date, calendar: Calendar, weeks: int) -> Condition:
    """Whether leave avoids the first `weeks` weeks after the summer holiday."""
    rule = f"de eerste {weeks} weken na de zomervakantie"
    ends = [row.valid_until for row in calendar.holidays if row.kind is HolidayKind.SUMMER]
    if any(end <= last and first < end + timedelta(weeks=weeks) for end in ends):
        return Condition(f"Het valt in {rule}.", False)
    known = {end.year for end in ends}
    if any(day.year not in known and 7 <= day.month <= 10 for day in (first, last)):
        return Condition(f"Of het in {rule} valt, is nog niet bekend.", None)
    return Condition(f"Het valt niet in {rule}.", True)


def _headline(conditions: Sequence[Condition]) -> str:
    met = [condition.met for condition in conditions]
    if False in met:
        return "Dit verlof kan niet."
    if None in met:
        return "Of dit verlof kan, is nog niet zeker."
    return "Dit verlof kan. De directeur beslist."


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
