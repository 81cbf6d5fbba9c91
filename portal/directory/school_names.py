"""The names of schools, kernen and organisations: their place in a list, what tells two of the same name apart, and the
noun for several."""

import re
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from portal.text import fold
from portal.web.formatting import count

if TYPE_CHECKING:
    from portal.directory.schools_and_kernen import SchoolRow

# In front of the name in daily use; also several after each other.
_BEFORE = (
    "algemeen", "basisonderwijs", "basisschool", "bijzondere", "christelijke", "dr", "ibs", "ikc",
    "katholiek", "katholieke", "kindcentrum", "obs", "openbare", "prof", "protestants",
    "rkbs", "rooms", "school voor speciaal", "vso", "de", "het",
    "van", "der", "den", "[a-z]",
)  # fmt: skip
_PREFIX = re.compile(rf"(?:(?:{'|'.join(_BEFORE)}) )+(?=\S)")


def sort_name(name: str) -> str:
    """The name of a school, folded, without its sort and articles in front: "ark" for "Rooms
    Katholieke Basisschool De Ark". "St" is "sint"."""
    folded = re.sub(r"\bst\b", "sint", fold(name))
    return _PREFIX.sub("", folded, count=1) if _PREFIX.match(folded) else folded


def label_schools(schools: "Collection[SchoolRow]") -> dict[str, str]:
    """Per school (code) its name and place, in the given order; where two of them have the same,
    with the street, and where that is the same too, with DUO's code."""
    labels = {school.code: school.title for school in schools}
    streets = {school.code: school.street for school in schools}
    for more in (streets, {code: code for code in streets}):
        counts = Counter(labels.values())
        labels = {code: f"{label}, {more[code]}" if counts[label] > 1 else label for code, label in labels.items()}
    return labels


def is_kern(code: str) -> bool:
    """Whether a code is one of a kern, and not of a school."""
    return code.startswith("kern-")


def count_workplaces(codes: Collection[str]) -> str:
    """The number of these schools and kernen: "1 school", "2 kernen", "3 plekken" of both."""
    return count(len(codes), *nouns_of(codes))


def nouns_of(codes: Collection[str]) -> tuple[str, str]:
    """The noun for one, and for several of these schools and kernen (codes)."""
    kernen = sum(map(is_kern, codes))
    if not kernen:
        return "school", "scholen"
    return ("kern", "kernen") if kernen == len(codes) else ("plek", "plekken")
