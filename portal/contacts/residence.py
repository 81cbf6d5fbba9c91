"""A pupil's residence, the only question that the portal asks about a pupil: form and meaning.

`find_residence` is pure: places, postcodes and municipalities are its arguments.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process
from wtforms import ValidationError

from portal.directory import schools as directory
from portal.directory.read_models import MunicipalityRow, PlaceRow, PostcodeRow, SchoolRow
from portal.text import fold, join_words
from portal.web.forms import QueryForm, TextField, choice_field

ELSEWHERE = "anders"

_POSTCODE = re.compile(r"\b([1-9]\d{3})(?: ?[a-z]{2})?\b")
# Words around the name of a place that leave it the same place.
_AROUND_A_PLACE = frozenset([
    "de", "het", "gemeente", "stad", "dorp", "wijk", "kern", "plaats", "omgeving", "centrum",
    "noord", "oost", "zuid", "west", "noordoost", "noordwest", "zuidoost", "zuidwest", "oud",
    "nieuw", "aan", "zee", "in", "te", "bij", "nh", "zh", "nederland",
])  # fmt: skip


class ResidenceForm(QueryForm):
    """The residence of a pupil: a municipality from a list, or any place or postcode."""

    residence = choice_field(
        "Waar woont de leerling?", "woont", "Kies een gemeente uit de lijst.", default=""
    )
    place = TextField(
        "Andere plaats of postcode (bij “ergens anders”)", name="plaats", noun="Deze plaats"
    )

    def validate_place(self, field: TextField) -> None:
        if self.residence.data == ELSEWHERE and not field.data:
            raise ValidationError("Vul in waar de leerling woont: een plaats of een postcode.")


def set_residence_choices(form: ResidenceForm, school: SchoolRow | None) -> list[MunicipalityRow]:
    """Offer the region's municipalities; gives those beside the school's own, which is the
    default."""
    own = school.municipality if school else ""
    others = [row for row in directory.list_municipalities(in_region=True) if row.code != own]
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
    match = find_residence(
        form.place.data,
        directory.list_places(),
        directory.list_postcodes(),
        directory.list_municipalities(),
    )
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
    text: str,
    places: Sequence[PlaceRow],
    postcodes: Sequence[PostcodeRow],
    municipalities: Sequence[MunicipalityRow],
) -> ResidenceMatch:
    """Find the residence for the name of a place or municipality, or a postcode.

    A name in several municipalities gives a choice. An unknown name gives similar places to choose
    from, or else a municipality without code outside the guide. An unknown postcode gives
    neither.
    """
    by_code = {municipality.code: municipality for municipality in municipalities}
    name = fold(text)
    if code := _POSTCODE.search(name):
        codes = [postcode.municipality for postcode in postcodes if postcode.pc4 == code[1]]
        if codes or code[0] == name:
            return ResidenceMatch(by_code[codes[0]] if codes else None)
    if not re.search("[a-z]", name):
        return ResidenceMatch(None)
    words = name.split()
    short = " ".join(word for word in words if word not in _AROUND_A_PLACE) or name
    for known in (name, short):
        matches = [place for place in places if known in _names(place)]
        codes = list({place.municipality for place in matches})
        for municipality in municipalities:
            is_ambiguous = len(codes) > 1 and municipality.code in codes
            if fold(municipality.name) == known and not is_ambiguous:
                return ResidenceMatch(municipality)
        if len(codes) == 1:
            return ResidenceMatch(by_code[codes[0]])
        if matches:
            return ResidenceMatch(None, tuple(matches))
    similar = _similar(name, places) or _similar(short, places) or _within(words, places)
    if similar:
        return ResidenceMatch(None, similar, is_guess=True)
    return ResidenceMatch(MunicipalityRow(code="", name=text.strip(), slug="", in_region=False))


def list_place_names(
    places: Sequence[PlaceRow],
    postcodes: Sequence[PostcodeRow],
    municipalities: Sequence[MunicipalityRow],
) -> dict[str, str]:
    """The names of places and municipalities, folded and without blanks, and the digits of the
    postcodes, each with the code of its municipality; without a name that two of them share."""
    found: dict[str, set[str]] = defaultdict(set)
    for place in places:
        for name in _names(place):
            found[join_words(name)].add(place.municipality)
    for municipality in municipalities:
        found[join_words(municipality.name)].add(municipality.code)
    for postcode in postcodes:
        found[postcode.pc4].add(postcode.municipality)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _names(place: PlaceRow) -> set[str]:
    return {fold(name) for name in (place.name, *place.aliases.split("; ")) if name}


def _similar(name: str, places: Sequence[PlaceRow]) -> tuple[PlaceRow, ...]:
    if len(name) < 4:
        return ()
    by_name = {known: place for place in places for known in _names(place)}
    best = process.extract(name, sorted(by_name), scorer=fuzz.ratio, score_cutoff=80, limit=3)
    return tuple(dict.fromkeys(by_name[known] for known, _, _ in best))


def _within(words: list[str], places: Sequence[PlaceRow]) -> tuple[PlaceRow, ...]:
    """The places whose names are among the words of a longer, unknown name."""
    text = f" {' '.join(words)} "
    return tuple(place for place in places if any(f" {name} " in text for name in _names(place)))
