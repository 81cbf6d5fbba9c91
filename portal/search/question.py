"""Parses a search text into its parts. Pure: the names of roles and places are arguments.

The parts: a telephone number or mail address, roles, the places where a pupil may live, and the words to search for.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from stdnum.nl import brin

from portal import phones
from portal.directory.places import PlaceRow
from portal.directory.schools_and_kernen import RoleRow
from portal.search.corrections import BEGINNING
from portal.text import POSTCODE, fold, join_words, split_at_names, without_small_words

# The words around a name in a question, and titles before it.
_AROUND_A_NAME = frozenset([
    "wie", "wat", "waar", "wanneer", "welk", "welke", "hoe", "is", "zijn", "was", "ben", "heet",
    "heten", "hoort", "horen", "gaat", "gaan", "kan", "kun", "kunt", "kunnen", "moet", "moeten",
    "mag", "wil", "ik", "je", "jij", "jouw", "u", "uw", "we", "wij", "mij", "mijn", "ons", "onze",
    "jullie", "er", "met", "naar", "over", "uit", "tot", "als", "dan", "die", "dat", "deze",
    "dit", "ook", "nu", "om", "bel", "belt", "bellen", "belde", "gebeld", "bereik", "bereiken",
    "bereikbaar", "zoek", "zoeken", "vind", "vinden", "heeft", "heb", "hebben", "werkt", "werken",
    "spreek", "spreken", "leerling", "leerlingen", "kind", "kinderen", "woont", "wonen", "wonend",
    "graag", "even", "mw", "mevr", "mevrouw", "mvr", "dhr", "heer", "meneer", "mr", "drs", "dr",
    "ir", "ing", "juf", "meester", "hr", "scholen", "onder", "valt", "vallen", "val", "eigenlijk",
    "meld", "meldt", "melden", "komt", "komen", "kom", "niet", "geen", "vaak", "steeds", "weer",
    "opeens", "altijd", "wordt", "worden", "weet", "weten", "blijft", "blijven", "doet", "doen",
    "nodig", "postcode", "door", "zich", "gemeente", "ligt", "liggen", "iemand", "zeg", "zeggen",
])  # fmt: skip
# Words for what every result shows.
_DETAILS = frozenset([
    "telefoonnummer", "telefoonnummers", "telefoon", "tel", "nummer", "nummers", "nr", "mobiel",
    "doorkiesnummer", "mail", "email", "mailadres", "emailadres", "adres", "contact",
    "contactgegevens", "gegevens", "bereikbaarheid",
])  # fmt: skip
# "S. van der Steen"; other than in "v d Steen" the letter is the beginning of a name.
_INITIAL = re.compile(r"(?!v d )[stdv] ")

# A run of digits with the marks that people put in a telephone number.
_DIGITS = re.compile(r"(?<![\w@])[+(]?\d[\d\s()./-]{3,30}\d(?!\w)")
_SHORT_NUMBER = re.compile(r"140\d{2,3}")  # of a municipality: 14 and its area code
_ADDRESS = re.compile(
    r"[\w.+-]{0,60}@[\w.-]{0,60}|(?<![\w.])(?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,20}(?![\w.])", re.IGNORECASE
)


class Names(NamedTuple):
    """The names that a question may hold, folded and without blanks."""

    roles: Mapping[str, Sequence[str]]  # with the keys of the roles
    places: Mapping[str, str]  # and postcodes, with the code of their municipality
    role_words: Mapping[str, Sequence[tuple[str, ...]]] = {}  # see `list_role_words`


class Home(NamedTuple):
    """A place in a question; where the question also names a school, perhaps the pupil's home."""

    words: tuple[str, ...]
    municipality: str  # code


class Question(NamedTuple):
    """A parsed search text. Its words are folded: see `portal.text.fold`."""

    typed: list[str]  # every word
    words: list[str]  # the words to search for: without roles, small words and house numbers
    roles: tuple[str, ...]  # keys of the roles that the text names
    asked_for: tuple[str, ...] = ()  # the words for a detail, such as "telefoonnummer"
    homes: tuple[Home, ...] = ()
    number: str = ""  # the digits of a telephone number, see `phones.significant_digits`
    address: str = ""  # a mail address, its beginning, or a domain; in lower case

    def names_without(self, dropped: Sequence[str]) -> set[str]:
        """The name that the text is, with and without small words, as `join_words` joins it."""
        left_out = {*dropped, *self.asked_for} | _AROUND_A_NAME
        name = [word for word in self.typed if word not in left_out]
        return {"".join(name), "".join(without_small_words(name))}

    @property
    def residences(self) -> list[str]:
        """The municipalities (codes) of the places, where the question is about more than them."""
        named = {word for home in self.homes for word in home.words}
        only_places = all(word in named for word in self.words)
        return [] if only_places else [home.municipality for home in self.homes]


def parse_question(text: str, names: Names) -> Question:
    """Fold and parse a search text: "leerplicht De Ark" asks for a role at a school."""
    number, address = _read_number(text), _read_address(text)
    if address:
        text = _ADDRESS.sub(lambda found: found[0].replace(".", " "), text)
    return make_question(fold(text).split(), names)._replace(number=number, address=address)


def make_question(typed: list[str], names: Names) -> Question:
    """Parse folded words."""
    parts = split_at_names(typed, names.roles)
    named = [keys for _, keys in parts if keys]
    others = [word for part, keys in parts if not keys for word in part]
    every_role = dict.fromkeys(chain.from_iterable(named))
    # "GGD verpleegkundige" names one of the roles of the GGD.
    roles = [key for key in every_role if all(key in keys for keys in named)] or every_role
    homes = [Home(part, municipality) for part, municipality in split_at_names(others, names.places) if municipality]
    asked_for = tuple(word for word in others if word in _DETAILS)
    large = [word for word in _without_house_number(others) if word not in _DETAILS]
    words = _join_codes(_without_filling(large, bool(roles)))
    if not words and not roles:
        words, asked_for = others, ()
    return Question(typed, words, tuple(roles), asked_for, tuple(homes))


def list_role_names(roles: Iterable[RoleRow]) -> dict[str, list[str]]:
    """The names and aliases of the roles, folded and without blanks, each with the keys of the roles of that name."""
    names: dict[str, list[str]] = {}
    for role in roles:
        for name in (role.label, *role.aliases.split("; ")):
            names.setdefault(join_words(name), []).append(role.key)
    return names


def list_role_words(roles: Sequence[RoleRow]) -> dict[str, list[tuple[str, ...]]]:
    """The names of the roles, then their aliases, as folded words; by the first letters of each."""
    aliases = (alias for role in roles for alias in role.aliases.split("; "))
    names: dict[str, list[tuple[str, ...]]] = {}
    for name in (*(role.label for role in roles), *aliases):
        words = tuple(fold(name).split())
        names.setdefault("".join(words[:1])[:BEGINNING], []).append(words)
    return names


def is_ambiguous(question: Question, places: Iterable[PlaceRow]) -> bool:
    """Whether the text is the name of several of these places."""
    name = " ".join(question.typed)
    with_name = [
        place for place in places if name in (fold(known) for known in (place.name, *place.aliases.split("; ")))
    ]
    return len(with_name) > 1


def _read_number(text: str) -> str:
    for run in _DIGITS.findall(text):
        digits = phones.significant_digits(run)
        if sum(map(str.isdigit, run)) >= 6 or _SHORT_NUMBER.fullmatch(digits):
            return digits
    return ""


def _read_address(text: str) -> str:
    found = _ADDRESS.search(text)
    address = found[0].lower().removeprefix("www.") if found else ""
    return address if len(address) > 3 else ""


def _without_house_number(words: list[str]) -> list[str]:
    """Drop house numbers: only streets are in the index."""
    return [word for at, word in enumerate(words) if not (at and words[0].isalpha() and re.fullmatch(r"\d{1,3}", word))]


def _without_filling(words: list[str], has_role: bool) -> list[str]:
    """Drop the small words and those around a name, but for a text of nothing else."""
    named = [word for word in words if word not in _AROUND_A_NAME]
    large = without_small_words(named)
    if large and _INITIAL.match(" ".join(named)):
        large = [named[0], *large]
    return large or ([] if has_role else named or words)


def _join_codes(words: list[str]) -> list[str]:
    """The code of a school or a postcode as one word, with any spaces: "2033 ce"."""
    joined = "".join(words)
    if len(words) > 1 and brin.is_valid(joined.upper()):
        return [joined]
    codes = list(words)
    for at in range(len(words) - 2, -1, -1):
        if POSTCODE.fullmatch(pair := codes[at] + codes[at + 1]) and len(pair) == 6:
            codes[at : at + 2] = [pair]
    return codes
