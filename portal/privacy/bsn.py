"""Recognition of a burgerservicenummer, which is never stored, logged or mailed (P-03)."""

import re
import unicodedata
from collections.abc import Iterator

from stdnum.nl import bsn

REMOVED = "[weggehaald]"

# A foreign notation of a Dutch number: +31 or 0031 and nine digits, which pass the check of a bsn
# once in eleven times.
# Runs of separators are bounded, so that the time is linear in the length of the text.
_ABROAD = re.compile(r"(?:\+|\b00)[ .-]{0,3}31[ .)-]{0,3}(?:\(0\)|0)?(?:[ .-]{0,3}\d){9}(?!\d)")
_PLAIN = re.compile(r"(?<!\d)\d{9}(?!\d)")
# Nine digits with spaces, points or dashes between them, not within a longer row of digits.
_SEPARATED = re.compile(r"(?<!\d)(?<!\d[ .-])\d(?:[ .-]{0,3}\d){8}(?![ .-]?\d)")

# The word before a number decides: it is that of an organisation, or a telephone number of which
# the zero is missing.
_OTHER = re.compile(
    r"\b(?:kvk|kamer van koophandel|rsin|oin|btw|vestigingsnummer|bel|bellen|tel|telefoon|mobiel"
    r"|mob|gsm|fax|whatsapp|sms)(?:[ -]?(?:nummer|nr))?(?: (?:me|mij|ons|naar|op|via|is|het)){0,2}"
    r"[ .:=-]{0,3}(?:NL)?\d(?:[ .-]{0,3}\d){8}(?![ .-]?\d)",
    re.IGNORECASE,
)
# A spreadsheet drops the zeros in front.
_NAMED = re.compile(
    r"\b(?:b[. ]{0,2}s[. ]{0,2}n|burger ?service|sofi)"
    r"\D{0,25}(\d(?:[ .-]{0,3}\d){6,7})(?![ .-]?\d)",
    re.IGNORECASE,
)


def has_bsn(text: str) -> bool:
    """Whether digits in `text` form a burgerservicenummer (elfproef): nine, or fewer after the word
    "bsn", and not after the word of another number."""
    return any(True for _ in _find(_simplify(text)))


def without_bsn(text: str) -> str:
    """`text` with REMOVED in the place of each burgerservicenummer. A text without one is returned
    unchanged."""
    plain = _simplify(text)
    for start, end in sorted(_find(plain), reverse=True):
        plain = text = f"{plain[:start]}{REMOVED}{plain[end:]}"
    return text


def _simplify(text: str) -> str:
    """`text` with every kind of digit, space and dash as its ASCII form; positions stay."""
    return "".join(_simplify_character(character) for character in text)


def _simplify_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    return {"Zs": " ", "Pd": "-"}.get(category, character)


def _find(text: str) -> Iterator[tuple[int, int]]:
    """The start and the end of each burgerservicenummer."""
    for other in (_ABROAD, _OTHER):
        text = other.sub(lambda match: "x" * len(match[0]), text)
    spans = {match.span() for shape in (_PLAIN, _SEPARATED) for match in shape.finditer(text)}
    spans |= {match.span(1) for match in _NAMED.finditer(text)}
    return (span for span in spans if bsn.is_valid(re.sub(r"\D", "", text[slice(*span)]).zfill(9)))
