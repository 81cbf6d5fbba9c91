"""The words and abbreviations that a reader may not know."""

import re
import tomllib
from functools import cache
from typing import NamedTuple

from portal.guide.chapters import FOLDER
from portal.text import fold


class Term(NamedTuple):
    """A word, what its letters stand for, and what it means."""

    name: str
    stands_for: str
    meaning: str
    source: str

    @property
    def anchor(self) -> str:
        """What it is called in an address."""
        return fold(self.name).replace(" ", "-")


@cache
def load_terms() -> dict[str, Term]:
    """Every term by its name, in the order of the alphabet."""
    rows = tomllib.loads((FOLDER / "terms.toml").read_text("utf-8"))["terms"]
    return {row["name"]: Term(**row) for row in sorted(rows, key=lambda row: fold(row["name"]))}


@cache
def term_pattern() -> re.Pattern[str]:
    """Finds a term that stands on its own: “CJG”, not the one in “CJG-coach”."""
    longest_first = sorted(load_terms(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?![\w-])")
