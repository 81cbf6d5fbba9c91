"""Where a pupil lives: from what somebody types to a municipality. Pure: places come in."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from portal.directory.read_models import MunicipalityRow, PlaceRow, PostcodeRow
from portal.text import fold


class Residence(NamedTuple):
    """What a text means: one municipality, or a choice between places (both may be empty)."""

    municipality: MunicipalityRow | None
    choices: tuple[PlaceRow, ...] = ()
    instead_of: bool = False  # nothing is called so; the choices look like it

    def question(self, asked: str) -> str:
        """What to ask somebody who must choose, or say it otherwise."""
        if not self.choices:
            return f"“{asked}” kennen we niet. Vul een plaats of een postcode in."
        if self.instead_of:
            return f"“{asked}” kennen we niet. Kies hieronder welke plaats je bedoelt."
        return f"Er is meer dan één {asked.capitalize()}. Kies er een of vul de postcode in."


def find_residence(
    text: str,
    places: Sequence[PlaceRow],
    postcodes: Sequence[PostcodeRow],
    municipalities: Sequence[MunicipalityRow],
) -> Residence:
    """Where a pupil from `text` lives: the name of a place or a municipality, or a postcode.

    A name that several municipalities share gives a choice. A name that nobody knows is taken as
    it is, as a municipality outside the guide, unless it looks like one that is known. An
    unknown postcode gives neither.
    """
    by_code = {town.code: town for town in municipalities}
    if digits := re.fullmatch(r"([1-9]\d{3})\s*([a-zA-Z]{2})?", text.strip()):
        known = [row.municipality for row in postcodes if row.pc4 == digits[1]]
        return Residence(by_code[known[0]] if known else None)
    asked = fold(text)
    if not re.search("[a-z]", asked):
        return Residence(None)
    for town in municipalities:
        if fold(town.name) == asked and town.code not in _shared(asked, places):
            return Residence(town)
    called = [place for place in places if asked in _names(place)]
    codes = {place.municipality for place in called}
    if len(codes) == 1:
        return Residence(by_code[codes.pop()])
    if called:
        return Residence(None, tuple(called))
    alike = _alike(asked, places)
    return Residence(None, alike, instead_of=True) if alike else Residence(_elsewhere(text.strip()))


def _names(place: PlaceRow) -> set[str]:
    return {fold(name) for name in (place.name, *place.aliases.split("; ")) if name}


def _shared(asked: str, places: Sequence[PlaceRow]) -> set[str]:
    """The municipalities whose own name is also that of a place somewhere else."""
    codes = {place.municipality for place in places if asked in _names(place)}
    return codes if len(codes) > 1 else set()


def _alike(asked: str, places: Sequence[PlaceRow]) -> tuple[PlaceRow, ...]:
    names = {name: place for place in places for name in _names(place)}
    if len(asked) < 4:
        return ()
    best = process.extract(asked, sorted(names), scorer=fuzz.ratio, score_cutoff=80, limit=3)
    return tuple(dict.fromkeys(names[name] for name, _, _ in best))


def _elsewhere(name: str) -> MunicipalityRow:
    """A place that the region's documents do not know."""
    return MunicipalityRow(code="", name=name, slug="", in_region=False)
