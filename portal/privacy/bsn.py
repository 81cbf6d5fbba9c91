"""Recognises a burgerservicenummer, so that it is neither stored, logged nor mailed (P-03)."""

import re
import unicodedata
from collections.abc import Iterator

from stdnum.nl import bsn

GONE = "[weggehaald]"

# After +31 or 0031 nine digits follow, and one in eleven of those passes the test of a bsn.
# Runs of separators are bounded, so that the time is linear in the length of the text.
_ABROAD = re.compile(r"(?:\+|\b00)[ .-]{0,3}31[ .)-]{0,3}(?:\(0\)|0)?(?:[ .-]{0,3}\d){9}(?!\d)")
_TOGETHER = re.compile(r"(?<!\d)\d{9}(?!\d)")
# With blanks, points or dashes between; not as part of a longer row of figures.
_APART = re.compile(r"(?<!\d)(?<!\d[ .-])\d(?:[ .-]{0,3}\d){8}(?![ .-]?\d)")


def has_bsn(text: str) -> bool:
    """Whether nine figures in `text` form a burgerservicenummer (elfproef)."""
    return any(True for _ in _spans(_plain(text)))


def without_bsn(text: str) -> str:
    """`text` with a note in the place of each burgerservicenummer; otherwise as it is."""
    plain = _plain(text)
    for start, end in sorted(_spans(plain), reverse=True):
        plain = text = f"{plain[:start]}{GONE}{plain[end:]}"
    return text


def _plain(text: str) -> str:
    """`text` with figures, blanks and dashes of every kind as the plain ones, one for one."""
    return "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    return {"Zs": " ", "Pd": "-"}.get(category, character)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    text = _ABROAD.sub(lambda match: "x" * len(match[0]), text)
    found = {match.span() for row in (_TOGETHER, _APART) for match in row.finditer(text)}
    return (span for span in found if bsn.is_valid(re.sub(r"\D", "", text[slice(*span)])))
