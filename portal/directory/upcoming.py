"""What will change at a school in the coming time, told in sentences."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from portal.directory.rows import Stretch

AHEAD = timedelta(days=90)


class Change(NamedTuple):
    """Something that is different from a day on."""

    on: date
    text: str


def changes(stretches: Sequence[Stretch], after: date) -> list[Change]:
    """What changes in the 90 days after the day `after`, in order of time.

    A holder who ends where another begins is one change: "X volgt Y op".
    """
    last = after + AHEAD
    starting: dict[tuple[date, str], list[Stretch]] = defaultdict(list)
    ending: dict[tuple[date, str], list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        if after < stretch.valid_from <= last:
            starting[stretch.valid_from, stretch.role].append(stretch)
        if stretch.valid_until and after < stretch.valid_until <= last:
            ending[stretch.valid_until, stretch.role].append(stretch)
    found = []
    for day, role in sorted({*starting, *ending}):
        begin, end = starting[day, role], ending[day, role]
        found += [Change(day, text) for text in _sentences(begin, end)]
    return found


def _sentences(starting: Sequence[Stretch], ending: Sequence[Stretch]) -> list[str]:
    begin = [s for s in starting if s.kind == "assignment"]
    end = [s for s in ending if s.kind == "assignment"]
    told = []
    if len(begin) == len(end) == 1:
        told.append(f"{begin[0].name} volgt {end[0].name} op als {begin[0].role}.")
    else:
        told += [f"{s.name} begint als {s.role}." for s in begin]
        told += [f"{s.name} stopt als {s.role}." for s in end]
    told += [_of(s, "is afwezig", "staat open") for s in starting if s.kind != "assignment"]
    told += [_of(s, "is terug", "staat niet meer open") for s in ending if s.kind != "assignment"]
    return told


def _of(stretch: Stretch, absence: str, vacancy: str) -> str:
    if stretch.kind == "detail":
        return f"{stretch.name} heeft een nieuw nummer of adres."
    if stretch.kind == "vacancy":
        return f"De plek van {stretch.role} {vacancy}."
    return f"{stretch.name} ({stretch.role}) {absence}."
