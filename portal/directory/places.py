"""The places and municipalities in and around the region, with their names and postcodes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from portal.database import fetch_tuples
from portal.database.cache import cached_until_change
from portal.directory.models import Municipality, Place, Postcode
from portal.text import fold, join_words


class MunicipalityRow(NamedTuple):
    code: str  # "": a municipality that the directory does not have
    name: str
    slug: str
    in_region: bool


class PlaceRow(NamedTuple):
    id: int
    name: str
    aliases: str
    hint: str
    municipality: str  # code
    municipality_name: str
    municipality_slug: str
    in_region: bool


class PostcodeRow(NamedTuple):
    """The four digits of a postcode and their municipality."""

    pc4: str
    municipality: str  # code


def list_municipalities(codes: Collection[str] | None = None, in_region: bool | None = None) -> list[MunicipalityRow]:
    """The municipalities by name; all, or those with these codes, or those in (or outside) the region."""
    return [
        row for row in _municipalities() if (codes is None or row.code in codes) and in_region in (None, row.in_region)
    ]


def list_municipality_choices() -> list[tuple[str, str]]:
    """Slug and name of each municipality in the region, for a filter; "" stands for all."""
    rows = list_municipalities(in_region=True)
    return [("", "alle gemeenten"), *((row.slug, row.name) for row in rows)]


@cached_until_change
def _municipalities() -> tuple[MunicipalityRow, ...]:
    query = Municipality.select(Municipality.code, Municipality.name, Municipality.slug, Municipality.in_region)
    rows = (MunicipalityRow(*row) for row in fetch_tuples(query))
    return tuple(sorted(rows, key=lambda row: fold(row.name)))


def find_municipality(slug: str) -> MunicipalityRow | None:
    return next((row for row in _municipalities() if row.slug == slug), None)


def list_places(ids: Collection[int] | None = None, municipality: str = "") -> list[PlaceRow]:
    """The places by name; all, or those with these ids, or those in a municipality (code)."""
    if ids is not None:
        return [row for row in _places() if row.id in ids] if ids else []
    return [row for row in _places() if municipality in ("", row.municipality)]


@cached_until_change
def _places() -> tuple[PlaceRow, ...]:
    query = Place.select(
        Place.id, Place.name, Place.aliases, Place.hint,
        Municipality.code, Municipality.name, Municipality.slug, Municipality.in_region,
    ).join(Municipality)  # fmt: skip
    rows = (PlaceRow(*row) for row in fetch_tuples(query))
    return tuple(sorted(rows, key=lambda row: fold(row.name)))


@cached_until_change
def list_postcodes() -> tuple[PostcodeRow, ...]:
    """The postcodes in and around the region."""
    rows = fetch_tuples(Postcode.select(Postcode.pc4, Postcode.municipality))
    return tuple(PostcodeRow(*row) for row in rows)


def list_place_names(
    places: Sequence[PlaceRow], postcodes: Sequence[PostcodeRow], municipalities: Sequence[MunicipalityRow]
) -> dict[str, str]:
    """The names of places and municipalities, folded and without blanks, and the digits of the
    postcodes, each with the code of its municipality; without a name that two of them share."""
    codes = list_codes(with_municipalities(places, municipalities), postcodes)
    return {name: min(found) for name, found in codes.items() if len(found) == 1}


def with_municipalities(places: Sequence[PlaceRow], municipalities: Sequence[MunicipalityRow]) -> list[PlaceRow]:
    """The places, and the municipalities that have none of their own name."""
    names = {place.name for place in places}
    others = [row for row in municipalities if row.name not in names]
    return [*places, *(PlaceRow(0, row.name, "", "Een gemeente.", *row) for row in others)]


def list_codes(places: Sequence[PlaceRow], postcodes: Sequence[PostcodeRow]) -> dict[str, set[str]]:
    """The names of the places and the digits of postcodes, with their municipalities (codes)."""
    codes: dict[str, set[str]] = defaultdict(set)
    for place in places:
        for name in place_names(place):
            codes[name].add(place.municipality)
    for postcode in postcodes:
        codes[postcode.pc4].add(postcode.municipality)
    return codes


def place_names(place: PlaceRow) -> set[str]:
    """The names of a place, as `join_words` joins them."""
    return {join_words(name) for name in (place.name, *place.aliases.split("; ")) if name}
