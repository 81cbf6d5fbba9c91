"""The traces that a person leaves in texts: the name, numbers and mail addresses, however they are
written. They are found and replaced; nothing is stored."""

import json
import re
import unicodedata
from collections.abc import Collection
from functools import cached_property
from typing import Any, NamedTuple

from portal import phones

SOMEBODY = "voormalig medewerker"  # in the place of a name
GONE = "(gewist)"  # in the place of a number or address
_FEWEST_DIGITS = 8  # of a number; a shorter one is of a service, or a part of another
_BETWEEN_WORDS = r"[\W_]{1,3}"
_BETWEEN_DIGITS = r"[\s./()-]{0,3}"
_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@[\w.-]{1,200}\w")
_SEVERAL = re.compile(r"[;,]\s*")


class Name(NamedTuple):
    """A name that a person has or had."""

    given: str
    infix: str
    family: str


class Traces:
    """The traces of one person."""

    def __init__(
        self, names: Collection[Name], numbers: Collection[str], addresses: Collection[str]
    ) -> None:
        """`numbers` as they are stored; `addresses` are mail addresses in lower case."""
        self.names, self.numbers = frozenset(names), frozenset(numbers)
        self.addresses = frozenset(addresses)

    def clear(self, text: str, *, is_about: bool = False) -> str:
        """A text, or JSON, without these traces. In a text that `is_about` the person a given or
        family name alone is one too."""
        if text[:1] in ("{", "["):
            try:
                value = json.loads(text)
            except ValueError:
                pass
            else:
                cleared = self._clear_value(value, is_about)
                return text if cleared == value else json.dumps(cleared, ensure_ascii=False)
        return self._clear_text(text, is_about)

    def is_in(self, text: str) -> bool:
        """Whether a row of a list is about this person: it holds a number, an address, or the given
        and the family name, in whatever cells."""
        words = _list_words(text)
        return any(words >= _list_words(" ".join(name)) for name in self.names) or any(
            pattern.search(text) for pattern in self._details
        )

    def _clear_value(self, value: Any, is_about: bool) -> Any:
        if isinstance(value, str):
            return self._clear_text(value, is_about)
        if isinstance(value, list):
            return [self._clear_value(one, is_about) for one in value]
        if isinstance(value, dict):
            return {
                self._clear_text(key, is_about): self._clear_value(one, is_about)
                for key, one in value.items()
            }
        return value

    def _clear_text(self, text: str, is_about: bool) -> str:
        parts = _SEVERAL.split(text)
        if all("@" in part for part in parts):  # a list of addresses stays one
            kept = [part for part in parts if part.lower() not in self.addresses]
            if len(kept) < len(parts):
                return ("; " if ";" in text else ", ").join(kept)
        plain = cleared = _plain(text)
        if "@" not in plain and not any(map(str.isdigit, plain)):
            letters = _without_accents(plain).lower()
            if not any(word in letters for word in self._words):
                return text  # most texts: without a search for every pattern
        cleared = _ADDRESS.sub(self._clear_address, cleared)
        for pattern in self._details:
            cleared = pattern.sub(GONE, cleared)
        if cleared == GONE:
            return ""
        for pattern in self._whole_names + (self._parts_of_names if is_about else []):
            cleared = pattern.sub(SOMEBODY, cleared)
        return text if cleared == plain else unicodedata.normalize("NFC", cleared)

    def _clear_address(self, found: re.Match[str]) -> str:
        """An address with the name in it is hers or his, known or not."""
        return GONE if any(name.search(found[1]) for name in self._whole_names) else found[0]

    @cached_property
    def _details(self) -> list[re.Pattern[str]]:
        """Of the addresses and numbers."""
        addresses = [rf"(?<![\w.+-]){re.escape(one)}(?![\w-]|\.\w)" for one in self.addresses]
        digits = {phones.significant_digits(number) for number in self.numbers}
        numbers = [
            rf"(?<![\d+])(?:(?:\+|00)\d{{1,3}}{_BETWEEN_DIGITS}(?:\(0\){_BETWEEN_DIGITS})?|0)?"
            rf"{_BETWEEN_DIGITS.join(one)}(?!\d)"
            for one in sorted(digits)
            if len(one) >= _FEWEST_DIGITS
        ]
        return [re.compile(one, re.IGNORECASE) for one in (*sorted(addresses), *numbers)]

    @cached_property
    def _words(self) -> set[str]:
        return {word for name in self.names for part in name for word in _list_words(part)}

    @cached_property
    def _whole_names(self) -> list[re.Pattern[str]]:
        """The name as it is spoken, as in a list, and with an initial."""
        texts = set()
        for given, infix, family in self.names:
            if given and family:
                texts |= {
                    (given, infix, family), (infix, family, given), (family, given, infix),
                    (family, infix, given), (given[0], infix, family),
                }  # fmt: skip
        return _compile({" ".join(parts) for parts in texts})

    @cached_property
    def _parts_of_names(self) -> list[re.Pattern[str]]:
        parts = {
            part
            for given, infix, family in self.names
            for part in (f"{infix} {family}" if family else "", family, given)
        }
        return _compile(parts - {""})


def _compile(texts: Collection[str]) -> list[re.Pattern[str]]:
    """Patterns for texts, the longest first: with or without capitals and accents, and with other
    marks between the words."""
    patterns = []
    for text in sorted(texts, key=lambda text: (-len(text), text)):
        words = re.findall(r"[^\W_]+", _without_accents(text))
        letters = ("".join(f"{re.escape(letter)}[\u0300-\u036f]*" for letter in w) for w in words)
        pattern = rf"(?<!\w)(?<!\w-){_BETWEEN_WORDS.join(letters)}(?!\w|-\w)"
        patterns.append(re.compile(pattern, re.IGNORECASE))
    return patterns


def _plain(text: str) -> str:
    """A text with its accents behind their letters."""
    return text if text.isascii() else unicodedata.normalize("NFD", text)


def _list_words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", _without_accents(text).lower()))


def _without_accents(text: str) -> str:
    return "".join(c for c in _plain(text) if not unicodedata.combining(c))
