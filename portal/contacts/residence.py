"""Finds the municipality of a pupil's residence from a typed place or postcode.

Pure functions: places, postcodes and municipalities are arguments.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from portal.directory.read_models import MunicipalityRow, PlaceRow, PostcodeRow
from portal.text import fold


class Residence(NamedTuple):
    """The meaning of a typed text: a municipality, or places to choose from, or neither."""

    municipality: MunicipalityRow | None
    choices: tuple[PlaceRow, ...] = ()
    is_guess: bool = False  # no place has this name; the choices have a similar one

    def question(self, text: str) -> str:
        """What to ask, in Dutch, where `text` gave no municipality."""
        if not self.choices:
            return f"“{text}” kennen we niet. Vul een plaats of een postcode in."
        if self.is_guess:
            return f"“{text}” kennen we niet. Kies hieronder welke plaats je bedoelt."
        return f"Er is meer dan één {text.capitalize()}. Kies er een of vul de postcode in."


def find_residence(
    text: str,
    places: Sequence[PlaceRow],
    postcodes: Sequence[PostcodeRow],
    municipalities: Sequence[MunicipalityRow],
) -> Residence:
    """Find the residence for the name of a place or municipality, or a postcode.

    A name in several municipalities gives a choice. An unknown name gives similar places to choose
    from, or else a municipality without code outside the guide. An unknown postcode gives
    neither.
    """
    by_code = {municipality.code: municipality for municipality in municipalities}
    if digits := re.fullmatch(r"([1-9]\d{3})\s*([a-zA-Z]{2})?", text.strip()):
        codes = [postcode.municipality for postcode in postcodes if postcode.pc4 == digits[1]]
        return Residence(by_code[codes[0]] if codes else None)
    name = fold(text)
    if not re.search("[a-z]", name):
        return Residence(None)
    matches = [place for place in places if name in _names(place)]
    codes = list({place.municipality for place in matches})
    for municipality in municipalities:
        is_ambiguous = len(codes) > 1 and municipality.code in codes
        if fold(municipality.name) == name and not is_ambiguous:
            return Residence(municipality)
    if len(codes) == 1:
        return Residence(by_code[codes[0]])
    if matches:
        return Residence(None, tuple(matches))
    similar = _similar(name, places)
    if similar:
        return Residence(None, similar, is_guess=True)
    return Residence(MunicipalityRow(code="", name=text.strip(), slug="", in_region=False))


def _names(place: PlaceRow) -> set[str]:
    return {fold(name) for name in (place.name, *place.aliases.split("; ")) if name}


def _similar(name: str, places: Sequence[PlaceRow]) -> tuple[PlaceRow, ...]:
    if len(name) < 4:
        return ()
    by_name = {known: place for place in places for known in _names(place)}
    best = process.extract(name, sorted(by_name), scorer=fuzz.ratio, score_cutoff=80, limit=3)
    return tuple(dict.fromkeys(by_name[known] for known, _, _ in best))
