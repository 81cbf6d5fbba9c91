"""The glossary of the guide: words that a reader may not know, and the links to their meaning."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from portal.text import fold, slug

if TYPE_CHECKING:
    from markdown_it.token import Token


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


def link_terms(tokens: "Iterable[Token]", terms: Mapping[str, Term], explained: set[str]) -> None:
    """Make each term (by name) a link to its meaning where it first occurs on a page, but not in a heading, nor in
    another link. `explained` holds the names that the page has linked, and gets the new ones."""
    for before, token in pairwise(tokens):
        linked: list[Token] = []
        in_link = 0
        for child in token.children or ():
            in_link += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            is_plain = child.type == "text" and not in_link and before.type != "heading_open"
            linked.extend(_link_in_text(child.content, terms, explained) if is_plain else [child])
        if token.children:
            token.children = linked


def _link_in_text(text: str, terms: Mapping[str, Term], explained: set[str]) -> "Iterator[Token]":
    from markdown_it.token import Token

    for number, part in enumerate(term_pattern(tuple(terms)).split(text)):
        if number % 2 and part not in explained:
            explained.add(part)
            yield from _link_to(terms[part])
        else:
            yield Token("text", "", 0, content=part)


def _link_to(term: Term) -> "list[Token]":
    from markdown_it.token import Token

    attributes: dict[str, str | int | float] = {
        "href": f"#woord-{term.anchor}", "id": f"bij-{term.anchor}", "class": "glossary-term",
    }  # fmt: skip
    return [
        Token("link_open", "a", 1, attrs=attributes),
        Token("text", "", 0, content=term.name),
        Token("link_close", "a", -1),
    ]


@cache
def term_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds one of `names` where it stands on its own: “DUO”, not the one in “DUO-nummer”."""
    longest_first = sorted(names, key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first)) or "(?!)"  # without names: nothing
    return re.compile(rf"(?<![\w-])({either})(?![\w-])")
