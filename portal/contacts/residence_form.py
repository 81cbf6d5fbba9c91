"""A pupil's residence, the only question that the portal asks about a pupil: form and meaning.

`find_residence` is pure: places, postcodes and municipalities are its arguments.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from wtforms import ValidationError

from portal.directory.places import (
    MunicipalityRow,
    PlaceRow,
    PostcodeRow,
    list_codes,
    list_municipalities,
    list_places,
    list_postcodes,
    place_names,
    with_municipalities,
)
from portal.directory.schools_and_kernen import SchoolRow
from portal.text import fold, split_at_names
from portal.web.forms import QueryForm, TextField, choice_field

ELSEWHERE = "anders"

# Words around the name of a place that leave it the same place.
_AROUND_A_PLACE = frozenset([
    "de", "den", "het", "gemeente", "gem", "stad", "dorp", "binnen", "wijk", "kern", "plaats",
    "omgeving", "centrum", "noord", "oost", "zuid", "west", "noordoost", "noordwest", "zuidoost",
    "zuidwest", "oud", "nieuw", "aan", "a", "d", "ad", "z", "zee", "in", "of", "te", "bij",
    "postcode", "nl", "nh", "zh", "nederland",
])  # fmt: skip
# The name of a street or a quarter says nothing without its place.
_PART_OF_A_PLACE = re.compile(r"(buurt|kwartier|polder|straat|laan|weg|plein|gracht|singel)$")


class ResidenceForm(QueryForm):
    """The residence of a pupil: a municipality from a list, or any place or postcode."""

    residence = choice_field("Waar woont de leerling?", "woont", "Kies een gemeente uit de lijst.", default="")
    place = TextField("Andere plaats of postcode (bij “ergens anders”)", name="plaats", noun="Deze plaats")

    def validate_place(self, field: TextField) -> None:
        if self.residence.data == ELSEWHERE and not field.data:
            raise ValidationError("Vul in waar de leerling woont: een plaats of een postcode.")


def set_residence_choices(form: ResidenceForm, school: SchoolRow | None) -> list[MunicipalityRow]:
    """Offer the region's municipalities; gives those beside the school's own, which is the default."""
    own = school.municipality if school else ""
    others = [row for row in list_municipalities(in_region=True) if row.code != own]
    form.residence.choices = [
        ("", school.municipality_name if school else "zoals de school"),
        *((municipality.slug, municipality.name) for municipality in others),
        (ELSEWHERE, "ergens anders"),
    ]
    if school and form.residence.data == school.municipality_slug:
        form.residence.data = ""
    return others


def read_residence(
    form: ResidenceForm, school: SchoolRow | None
) -> tuple[MunicipalityRow | None, tuple[PlaceRow, ...]]:
    """Validate the form and read the municipality of residence (None: that of the school) and the
    places to choose from. Faults are in the errors of the form."""
    others = set_residence_choices(form, school)
    if not form.validate():
        return None, ()
    selected = next((row for row in others if row.slug == form.residence.data), None)
    if selected or not form.place.data:
        # A municipality from the list overrides a typed place.
        form.place.data = ""
        return selected, ()
    form.residence.data = ELSEWHERE
    match = find_residence(form.place.data, list_places(), list_postcodes(), list_municipalities())
    if match.municipality is None:
        form.place.errors = [match.question(form.place.data)]
    return match.municipality, match.choices


class ResidenceMatch(NamedTuple):
    """The meaning of a typed text: a municipality, or places to choose from, or neither."""

    municipality: MunicipalityRow | None
    choices: tuple[PlaceRow, ...] = ()
    is_guess: bool = False  # no place has this name; the choices have a similar one

    def question(self, text: str) -> str:
        """The question, in Dutch, where `text` gave no municipality."""
        if not self.choices:
            return f"“{text}” kennen we niet. Vul een plaats of een postcode in."
        if self.is_guess:
            return f"“{text}” kennen we niet. Kies hieronder welke plaats je bedoelt."
        return f"Er is meer dan één {text.capitalize()}. Kies er een of vul de postcode in."


def find_residence(
    text: str, places: Sequence[PlaceRow], postcodes: Sequence[PostcodeRow], municipalities: Sequence[MunicipalityRow]
) -> ResidenceMatch:
    """Find the residence for the names of places and municipalities, or a postcode.

    Names that do not say one municipality give a choice. An unknown name gives similar places to choose from, or else a
    municipality without code outside the guide. An unknown postcode, street or quarter gives neither.
    """
    known = with_municipalities(places, municipalities)
    names = list_codes(known, postcodes)
    words = fold(text).split()
    parts = split_at_names(words, names)
    named = {"".join(part) for part, codes in parts if codes}
    unknown = [word for part, codes in parts if not codes for word in part]
    unknown = [word for word in unknown if word not in _AROUND_A_PLACE]
    similar: set[str] = set()
    if unknown or not named:
        similar = _similar("".join(words), names) or named or _similar("".join(unknown), names)
    elif len(codes := set.intersection(*(codes for _, codes in parts if codes))) == 1:
        return ResidenceMatch(next(row for row in municipalities if row.code in codes))
    choices = tuple(place for place in known if place_names(place) & (similar or named))
    if choices:
        return ResidenceMatch(None, choices, is_guess=bool(similar) or len(named) > 1)
    is_part = any(word[0].isdigit() or _PART_OF_A_PLACE.search(word) for word in unknown)
    if named or is_part or not re.search("[a-z]", "".join(words)):
        return ResidenceMatch(None)
    return ResidenceMatch(MunicipalityRow(code="", name=text.strip(), slug="", in_region=False))


def _similar(name: str, names: Iterable[str]) -> set[str]:
    """The names that `name` may be a typing error of."""
    if len(name) < 4:
        return set()
    from rapidfuzz import fuzz, process  # few requests need it

    words = sorted(other for other in names if not other.isdigit())
    best = process.extract(name, words, scorer=fuzz.ratio, score_cutoff=80, limit=3)
    return {other for other, _, _ in best}
