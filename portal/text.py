"""Text from outside made clean, text made safe for a header, and text normalised for comparison."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

# Letters that NFKD does not decompose.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ĳ": "ij", "ı": "i", "ß": "ss"}
)

# Of any script; also a tab, form feed, NEL and line separator. The Hangul fillers and the empty
# Braille pattern are letters and symbols to Unicode, and blanks to whoever reads them.
_BLANK = re.compile(r"[^\S\n]|[\u115f\u2800\u3164\uffa0]")
# Letters and marks that nobody sees, of the categories of visible ones.
_UNSEEN = frozenset("\u034f\u1160\u17b4\u17b5")
# Optional words in names: "vd Zwart", "Zwart" and "van der Zwart" are one name.
SMALL_WORDS = frozenset([
    "v", "d", "s", "t", "vd", "vdr", "van", "vander", "vande", "de", "den", "der", "het", "een",
    "in", "op", "te", "ten", "ter", "en", "of", "bij", "voor", "aan",
])  # fmt: skip
POSTCODE = re.compile(r"([1-9]\d{3})([a-z]{2})?")
_LONGEST_NAME = 6  # words of the name of a role or place
Meaning = TypeVar("Meaning")
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"


def clean(text: str) -> str:
    """A text from outside, a form, address or file, as it is read, checked and stored.

    Every blank is a space and every line break is "\\n"; control characters and characters that
    nobody sees are gone, except those that make one emoji of several; the ends have no blanks.
    """
    text = _BLANK.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.isascii() and text.isprintable():
        return text.strip()
    return "".join(c for at, c in enumerate(text) if _is_seen(text, at)).strip()


def clean_line(text: str) -> str:
    """`clean` for a text of one line, such as a name: one space between two words."""
    return " ".join(clean(text).split())


def one_line(text: str) -> str:
    """`text` for a header: line breaks and control characters become a space.

    Also U+2028 and vertical tabs, which people paste from Word and a header refuses.
    """
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    # "=?" begins an encoded word, which can hide a line break.
    return re.sub(r" {2,}", " ", spaced.replace("=?", "= ?")).strip()


def _is_seen(text: str, at: int) -> bool:
    character = text[at]
    if character == _JOINER:
        return _is_emoji(text[at - 1 : at]) and _is_emoji(text[at + 1 : at + 2])
    if "\ufe00" <= character <= _EMOJI_STYLE:
        return _is_emoji(text[at - 1 : at]) or text[at - 1 : at] in tuple("0123456789#*")
    return character == "\n" or (character.isprintable() and character not in _UNSEEN)


def _is_emoji(character: str) -> bool:
    return character == _EMOJI_STYLE or unicodedata.category(character or " ")[0] == "S"


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """`text` for comparison, and for its place in a list: lower case, without accents, apostrophes and punctuation."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    letters = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’‘`´.")
    return " ".join(re.findall(r"[^\W_]+", letters))


def join_words(text: str) -> str:
    """`fold` without blanks: people join and part the words of a name as they like."""
    return fold(text).replace(" ", "")


def without_small_words(words: Iterable[str]) -> list[str]:
    """Drop the words that one name has and another spelling of it lacks."""
    return [word for word in words if word not in SMALL_WORDS]


def split_at_names(words: list[str], names: Mapping[str, Meaning]) -> list[tuple[tuple[str, ...], Meaning | None]]:
    """The words in order, those of a name (the longest one) together with its meaning."""
    parts: list[tuple[tuple[str, ...], Meaning | None]] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + _LONGEST_NAME), start, -1):
            name = "".join(words[start:end])
            if code := POSTCODE.fullmatch(name):
                name = code[1]
            if meaning := names.get(name):
                break
        parts.append((tuple(words[start:end]), meaning))
        start = end
    return parts


def slug(text: str) -> str:
    """`text` as a part of a URL: "het-schelpenpad"."""
    return fold(text).replace(" ", "-")
