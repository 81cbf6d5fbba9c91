"""The glossary of the guide: words and abbreviations that a reader may not know."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from portal.text import fold, slug


class Term(NamedTuple):
    """A word or abbreviation."""

    name: str
    stands_for: str
    meaning: str
    source: str

    @property
    def anchor(self) -> str:
        """Its name in an address."""
        return slug(self.name)


def read_terms(values: Mapping[str, Any]) -> tuple[Term, ...]:
    """The terms out of the tables of a file, by the alphabet. Raises KeyError or TypeError for a
    field that is missing or unknown."""
    return tuple(Term(**row) for row in sorted(values["terms"], key=lambda row: fold(row["name"])))


@cache
def term_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Finds one of `names` that stands on its own: “DUO”, not the one in “DUO-nummer”."""
    longest_first = sorted(names, key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first)) or "(?!)"  # without names: nothing
    return re.compile(rf"(?<![\w-])({either})(?![\w-])")
