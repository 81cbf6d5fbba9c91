"""The words and abbreviations that a reader may not know."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from portal.guide.chapters import guide_folder
from portal.text import fold, slug


class Term(NamedTuple):
    """A word, what its letters stand for, and what it means."""

    name: str
    stands_for: str
    meaning: str
    source: str

    @property
    def anchor(self) -> str:
        """What it is called in an address."""
        return slug(self.name)


def load_terms(folder: Path | None = None) -> dict[str, Term]:
    """Every term of the region (or in `folder`) by its name, in the order of the alphabet."""
    return _load_terms(folder or guide_folder())


@cache
def _load_terms(folder: Path) -> dict[str, Term]:
    rows = tomllib.loads((folder / "terms.toml").read_text("utf-8"))["terms"]
    return {row["name"]: Term(**row) for row in sorted(rows, key=lambda row: fold(row["name"]))}


@cache
def term_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Finds one of `names` that stands on its own: “CJG”, not the one in “CJG-coach”."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?![\w-])")
