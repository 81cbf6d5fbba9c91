"""The names by which lists of schools are sorted."""

import re

from portal.text import fold

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
