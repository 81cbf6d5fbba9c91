"""Names of people, and text normalised for comparison: "Zoë", "zoe" and "ZOË" are equal."""

import re
import unicodedata
from functools import lru_cache

# Letters that NFKD does not decompose.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ĳ": "ij", "ı": "i",
     "ß": "ss"}
)  # fmt: skip


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """`text` for comparison: lower case, without accents, apostrophes and punctuation."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    letters = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’‘`´.")
    return " ".join(re.findall(r"[^\W_]+", letters))


def slug(text: str) -> str:
    """`text` as a part of a URL: "het-schelpenpad"."""
    return fold(text).replace(" ", "-")


def full_name(given_name: str, infix: str, family_name: str) -> str:
    """The name of a person as it is spoken."""
    return " ".join(filter(None, (given_name, infix, family_name)))
