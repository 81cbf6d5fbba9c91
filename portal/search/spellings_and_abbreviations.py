"""Other spellings of the words of a name, for the search index: abbreviations both ways, and the
parts of a compound. They belong to the Dutch language; names of a region are aliases in its seeds.
"""

import re

from portal.text import fold

TYPES_OF_SCHOOL = frozenset([
    "school", "scholen", "basisschool", "basisscholen", "mavo", "havo", "vwo", "vmbo", "atheneum",
    "gymnasium", "middelbare", "onderwijs", "so", "sbo", "vso",
])  # fmt: skip
SPELLINGS = (
    ("sint", "st"),
    ("jozef", "josef", "joseph"),
    ("koningin", "kon"),
    ("prinses", "prins", "pr"),
    ("professor", "prof"),
    ("doctor", "dokter", "dr"),
    ("monseigneur", "mgr"),
    ("pastoor", "past"),
    ("burgemeester", "burg"),
    ("meester", "mr"),
    ("basisschool", "bs"),
    ("openbare basisschool", "obs"),
    ("rooms katholieke basisschool", "rkbs"),
    ("rooms katholieke", "rk"),
    ("protestants christelijk", "pc"),
    ("kindcentrum", "kc", "ikc"),
    ("gymnasium", "gym"),
    ("scholengemeenschap", "sg"),
    ("international", "internationale"),
    ("praktijkonderwijs", "praktijkschool"),
    ("speciaal basisonderwijs", "sbo"),
    ("speciaal basis onderwijs", "so"),
    ("basisonderwijs", "basisschool", "basisscholen"),
    ("voortgezet onderwijs", "middelbare school", "middelbare scholen"),
)
_COMPOUND = re.compile(r"([a-z]{3,})(school|lyceum|college|mavo|gymnasium)")
_WHOLE = frozenset(["basisschool", "hogeschool", "praktijkschool"])


def synonyms(name: str) -> list[str]:
    """The other spellings of words in a name: "dokter", "dr" for "Doctor Emmaschool"."""
    text = f" {fold(name)} "
    return [
        other
        for group in SPELLINGS
        if any(f" {spelling} " in text for spelling in group)
        for other in group
        if f" {other} " not in text
    ]


def other_spellings(name: str) -> str:
    """The words by which people also search for a school with this name, folded: "dr emma school"
    for "Doctor Emmaschool", "bavoschool" for "Bavo"."""
    words = fold(name).split()
    if not words:
        return ""
    others = synonyms(name)
    compounds = [_COMPOUND.fullmatch(word) for word in words if word not in _WHOLE]
    parts = [part for compound in compounds if compound for part in compound.groups()]
    others += parts or [f"{words[-1]}school"]
    return " ".join(dict.fromkeys(others))
