"""What an answer of the Verzuimkaart is made of, and whom it can tell one to call."""

from datetime import date
from typing import NamedTuple

from portal.guide.attendance_thresholds import Threshold
from portal.web.formatting import day as full
from portal.workdays import Calendar

ATTENDANCE, PARENTS, DOCTOR = "leerplichtambtenaar", "consulent-ouders-en-school", "jeugdarts"
COACH = "jeugdhulp"  # the service of both kinds of coach


class Step(NamedTuple):
    """Something to do, by whom, and by when ("": the source names no moment)."""

    what: str
    who: str
    when: str = ""


class Condition(NamedTuple):
    """A condition, and whether it is met (None: nobody can know yet)."""

    text: str
    met: bool | None


class Advice(NamedTuple):
    """The answer of the Verzuimkaart."""

    headline: str
    steps: tuple[Step, ...]
    calls: tuple[str, ...]  # roles or services to call, the first first
    used: tuple[Threshold, ...]
    notes: tuple[str, ...] = ()
    to_confirm: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


def unknown_holidays(last: date, calendar: Calendar) -> list[str]:
    """What to say where the school holidays are not known up to the day `last`."""
    if last < calendar.known_until:
        return []
    return [
        f"De schoolvakanties vanaf {full(calendar.known_until)} kennen we nog niet. "
        "Kijk zelf of er een vakantie tussen zit."
    ]
