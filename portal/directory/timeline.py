"""What will change at a school in the coming time, told in sentences."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from portal.directory.read_models import Stretch

AHEAD = timedelta(days=90)  # how far a page looks ahead


class Change(NamedTuple):
    """Something that is different from a day on."""

    on: date
    text: str
    notice: int | None = None  # the notice that said so


def changes(stretches: Sequence[Stretch], after: date, until: date) -> list[Change]:
    """What changes after the day `after`, up to and including `until`, in order of time.

    A holder who ends where another begins is one change: "X volgt Y op"; one who ends and begins
    again is none.
    """
    starting: dict[tuple[date, str], list[Stretch]] = defaultdict(list)
    ending: dict[tuple[date, str], list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        if after < stretch.valid_from <= until:
            starting[stretch.valid_from, stretch.role].append(stretch)
        if stretch.valid_until and after < stretch.valid_until <= until:
            ending[stretch.valid_until, stretch.role].append(stretch)
    found = [
        Change(day, text, notice)
        for day, role in sorted({*starting, *ending})
        for text, notice in _sentences(starting[day, role], ending[day, role])
    ]
    # Somebody in several roles has one new number.
    return list(dict.fromkeys(found))


def _sentences(
    starting: Sequence[Stretch], ending: Sequence[Stretch]
) -> list[tuple[str, int | None]]:
    staying = {s.name for s in starting} & {s.name for s in ending if s.kind == "assignment"}
    begin = [s for s in starting if s.kind == "assignment" and s.name not in staying]
    end = [s for s in ending if s.kind == "assignment" and s.name not in staying]
    if len(begin) == len(end) == 1:
        new, old = begin[0], end[0]
        told = [(f"{new.name} volgt {old.name} op als {new.role}.", new.begun_by)]
    else:
        told = [(f"{s.name} begint als {s.role}.", s.begun_by) for s in begin]
        told += [(f"{s.name} stopt als {s.role}.", s.ended_by) for s in end]
    told += [(_BEGINS[s.kind].format(s=s), s.begun_by) for s in starting if s.kind in _BEGINS]
    told += [(_ENDS[s.kind].format(s=s), s.ended_by) for s in ending if s.kind in _ENDS]
    return told


_BEGINS = {
    "absence": "{s.name} ({s.role}) is afwezig.",
    "vacancy": "De functie van {s.role} staat open.",
    "detail": "{s.name} heeft een nieuw nummer of adres.",
}
_ENDS = {
    "absence": "{s.name} ({s.role}) is terug.",
    "vacancy": "De functie van {s.role} staat niet meer open.",
}
