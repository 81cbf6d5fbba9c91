"""The traces that a person leaves in texts: the name, numbers and mail addresses, however they are written. They are
found and replaced; nothing is stored.

A name is looked for word by word: as it is spoken or stands in a list, with initials, with a shortened infix, and with
either half of a double family name. What is the name of somebody else too is left to them.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise, product
from typing import Any, NamedTuple

from portal import phones
from portal.person_names import INFIXES
from portal.text import fold

SOMEBODY = "voormalig medewerker"  # in the place of a name
GONE = "(gewist)"  # in the place of a number or address
_FEWEST_DIGITS = 8  # of a number; a shorter one is of a service, or a part of another
_NO_DIGITS = bytes({*range(256)} - {*b"0123456789"})
_NO_DIGITS_OR_ENDS = _NO_DIGITS.replace(b"\n", b"")
_BETWEEN_DIGITS = r"[\s./()-]{0,3}"
_ADDRESS = re.compile(r"(?<![\w.+'-])([\w.+'-]{1,64})@[\w.-]{1,200}\w|((?:https?://|www\.)[^\s<>\"]{1,500}[\w/])")
_SEVERAL = re.compile(r"[;,]\s*")
# Initials in a row, as in "J.P.", count as the first one.
_WORD = re.compile(r"[^\W\d_](?:[./ -]{1,2}[^\W\d_](?![^\W_])){1,9}|[^\W_]+")
SHOWN = 20  # texts of each kind, to look at before a person is forgotten
_AROUND = 60  # characters that are shown beside a family name

Form = tuple[str, ...]  # the folded words of a name


class Forms(dict[Form, bool]):
    """Forms, and whether they are the person's; else they are of somebody else."""

    @cached_property
    def longest(self) -> dict[str, int]:
        """The number of words of the longest one that begins with a word."""
        found: dict[str, int] = {}
        for form in filter(None, self):
            found[form[0]] = max(found.get(form[0], 0), len(form))
        return found


class Name(NamedTuple):
    """A name that a person has or had."""

    given: str
    family: str  # with its infix


class Traces:
    def __init__(
        self,
        names: Collection[Name],
        numbers: Collection[str],
        addresses: Collection[str],
        others: Iterable[Name] = (),
        titles: Iterable[str] = (),
    ) -> None:
        """`numbers` as they are stored; `addresses` are mail addresses in lower case; `others` are
        the names of other people, and `titles` those of schools."""
        self.numbers, self.addresses = frozenset(numbers), frozenset(addresses)
        surnames = [(name.given, *two) for name in names for two in _list_surnames(name.family)]
        self._in_cells = [_read(" ".join(parts)) for parts in surnames if parts[0]]
        self._families = {form: True for *_, core in surnames if (form := _read(core))}
        parts = {name.given for name in names} | {" ".join(parts[1:]) for parts in surnames}
        self._parts = self._families | {form: True for form in map(_read, parts) if form}
        self._whole = dict.fromkeys(_list_forms(names), True)
        # An infix makes nobody alike.
        givens = [_read(name.given) for name in names]
        own = {word for form in (*self._families, *givens) for word in form}
        alike = [name for name in others if self._has_one_of(own, text := " ".join(name)) and own & {*_read(text)}]
        # Each form has one of these: most texts have none, so that they need not be read.
        self._cores = {max(form, key=len) for form in self._families}
        for form in self._whole:
            self._cores |= set() if self._cores & {*form} else {max(form, key=len)}
        self._words = self._cores | {max(form, key=len) for form in self._parts if not self._cores & {*form}}
        self._others = dict.fromkeys(_list_forms(alike), False)
        near = (_read(title) for title in titles if self._has_one_of(self._cores, title))
        schools = "\n".join(f" {' '.join(words)} " for words in near)
        self._titles = {f: False for f in self._whole if f" {' '.join(f)} " in schools}

    def list_suspects(self, lines: Sequence[str]) -> Iterator[str]:
        """The lines that `may_be_in` chooses. All are looked at together as bytes, as most have no trace."""
        text = "\n".join((*lines, "")).encode()
        found = {*_list_lines(text.lower(), ("\\u", *self._cores, *self.addresses))}
        if self._digits:
            found |= {*_list_lines(text.translate(None, _NO_DIGITS_OR_ENDS), self._digits)}
        if not text.isascii():  # these letters have other spellings
            found |= {at for at, line in enumerate(lines) if not line.isascii() and self.may_be_in(line)}
        return map(lines.__getitem__, sorted(found))

    def may_be_in(self, text: str) -> bool:
        """Whether a text of which nothing is known may have a trace or a family name; else `clear`
        leaves it as it is. Much quicker than `clear`."""
        digits, lower = text.encode().translate(None, _NO_DIGITS), unicodedata.normalize("NFC", text).lower()
        return (
            "\\u" in text  # escaped letters of JSON
            or self._has_one_of(self._cores, text)
            or any(number.encode() in digits for number in self._digits)
            or any(address in lower for address in self.addresses)
        )

    def clear(self, text: str, *, is_about: bool = False) -> str:
        """A text, or JSON with the same keys, without these traces. In a text that `is_about` the
        person a given or family name alone is one too, and so is a name that another has too."""
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
        and a family name, in whatever cells."""
        words = set(_read(text))
        return any(words >= set(form) for form in self._in_cells) or any(
            pattern.search(text) for pattern in self._details
        )

    def find_family_name(self, text: str) -> str:
        """The part of a text around a family name that may be the person's; "" where none is."""
        if self._may_hold(text):
            for start, end in _find(text, self._with_families, is_part=True):
                return " ".join(text[max(start - _AROUND, 0) : end + _AROUND].split())
        return ""

    def _clear_value(self, value: Any, is_about: bool) -> Any:
        if isinstance(value, str):
            return self._clear_text(value, is_about)
        if isinstance(value, list):
            return [self._clear_value(one, is_about) for one in value]
        if isinstance(value, dict):
            return {key: self._clear_value(one, is_about) for key, one in value.items()}
        return value

    def _clear_text(self, text: str, is_about: bool) -> str:
        parts = _SEVERAL.split(text)
        if all("@" in part for part in parts):  # a list of addresses stays one
            kept = [part for part in parts if part.lower() not in self.addresses]
            if len(kept) < len(parts):
                return ("; " if ";" in text else ", ").join(kept)
        plain = unicodedata.normalize("NFC", text)
        if "@" not in plain and not any(map(str.isdigit, plain)) and not self._may_hold(plain):
            return text  # most texts
        cleared = _ADDRESS.sub(self._clear_address, plain)
        for pattern in self._details:
            cleared = pattern.sub(GONE, cleared)
        if cleared == GONE:
            return ""
        if self._may_hold(cleared):
            forms = self._everything if is_about else self._anywhere
            for start, end in reversed(list(_find(cleared, forms))):
                cleared = cleared[:start] + SOMEBODY + cleared[end:]
        return text if cleared == plain else cleared

    def _clear_address(self, found: re.Match[str]) -> str:
        """An address with the name in it is hers or his, known or not."""
        letters = re.sub(r"\d", " ", found[1] or found[2]).upper()
        return GONE if any(_find(letters, self._anywhere)) else found[0]

    def _may_hold(self, text: str) -> bool:
        return self._has_one_of(self._words, text)

    @staticmethod
    def _has_one_of(words: Collection[str], text: str) -> bool:
        letters = text.lower()
        if not text.isascii():
            letters += fold(" ".join(word for word in text.split() if not word.isascii()))
        return any(word in letters for word in words)

    @cached_property
    def _anywhere(self) -> Forms:
        return Forms(self._whole | self._others | self._titles)

    @cached_property
    def _with_families(self) -> Forms:
        return Forms(self._families | self._others)

    @cached_property
    def _everything(self) -> Forms:
        return Forms(self._parts | self._others | self._whole)

    @cached_property
    def _digits(self) -> set[str]:
        digits = {phones.significant_digits(number) for number in self.numbers}
        return {one for one in digits if len(one) >= _FEWEST_DIGITS}

    @cached_property
    def _details(self) -> list[re.Pattern[str]]:
        """Of the addresses and numbers."""
        addresses = [rf"(?<![\w.+-]){re.escape(one)}(?![\w-]|\.\w)" for one in self.addresses]
        numbers = [
            rf"(?<![\d+])(?:(?:\+|00)\d{{1,3}}{_BETWEEN_DIGITS}(?:\(0\){_BETWEEN_DIGITS})?|0)?"
            rf"{_BETWEEN_DIGITS.join(one)}(?!\d)"
            for one in sorted(self._digits)
        ]
        return [re.compile(one, re.IGNORECASE) for one in (*sorted(addresses), *numbers)]


def _list_lines(text: bytes, words: Iterable[str]) -> Iterator[int]:
    """The numbers of the lines, each with its end, in which one of the words stands."""
    for word in map(str.encode, words):
        at = number = 0
        while (found := text.find(word, at)) >= 0:
            number += text.count(b"\n", at, found)
            yield number
            at = text.index(b"\n", found)


def _find(text: str, forms: Forms, *, is_part: bool = False) -> Iterator[tuple[int, int]]:
    """The places (start, end) of the person's forms, the longest first; also where it `is_part` of
    a name with a hyphen."""
    found = list(_WORD.finditer(text))
    words = tuple(_fold(word[0]) for word in found)
    has_capitals = not text.islower() or " " not in text  # one word may be a code
    at = 0
    while at < len(words):
        for last in range(min(at + forms.longest.get(words[at], 0), len(words)), at, -1):
            form, start, end = words[at:last], found[at].start(), found[last - 1].end()
            # In lower case a word is a common one, as in "de bakker a.s. maandag".
            is_common = len(form) == 1 or min(map(len, form)) == 1
            if form in forms and _is_together(text, found[at:last], is_part) and not (
                is_common and has_capitals and text[start:end].islower()
            ):  # fmt: skip
                if forms[form]:
                    yield start, end
                at = last - 1
                break
        at += 1


def _is_together(text: str, words: list[re.Match[str]], is_part: bool) -> bool:
    gaps = [text[one.end() : other.start()] for one, other in pairwise(words)]
    before, after = text[: words[0].start()][-2:], text[words[-1].end() :][:2]
    return all(len(gap) <= 3 and not any(map(str.isalnum, gap)) for gap in gaps) and (
        is_part or not (re.match(r"\w-", before) or re.match(r"-\w", after))
    )


def _list_forms(names: Iterable[Name]) -> Iterator[Form]:
    """The whole names as they are spoken and as they stand in a list."""
    for given, family in names:
        for lead, core in _list_surnames(family) if given else []:
            givens, leads = {*_spell(given), given[0]}, _shorten(lead)
            for first, infix, last in product(givens, leads, _spell(core)):
                orders = {(first, infix, last), (last, first, infix)}
                if infix:
                    orders |= {(infix, last, first), (last, infix, first)}
                yield from (_read(" ".join(words)) for words in orders)


def _list_surnames(family: str) -> Iterator[tuple[str, str]]:
    """A family name and the halves of a double one, each as its infix and the rest."""
    for text in {family, *re.split("[-–]", family)}:
        words = text.split()
        lead = 0
        while lead < len(words) - 1 and words[lead].lower() in INFIXES:
            lead += 1
        if words and (text == family or words[lead].lower() not in INFIXES):
            yield " ".join(words[:lead]), " ".join(words[lead:])


def _spell(text: str) -> set[str]:
    """A part of a name, and its words as one: "Anne-Marie" and "Annemarie"."""
    words = _read(text)
    return {text, "".join(words)} if len(words) > 1 else {text}


def _shorten(infix: str) -> set[str]:
    """An infix and its shorter spellings: of "van der" also "v.d.", "vd", "van d." and "v der"."""
    words = infix.split()
    letters = "".join(word[0] for word in words)
    return {letters, *map(" ".join, product(*({word, word[0]} for word in words)))}


def _read(text: str) -> Form:
    """The folded words of a text."""
    return tuple(_fold(word[0]) for word in _WORD.finditer(unicodedata.normalize("NFC", text)))


def _fold(word: str) -> str:
    return fold(word if word.isalnum() else word[0])
