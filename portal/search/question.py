"""Parses a search text into words and roles. Pure: the names of the roles are an argument."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from stdnum.nl import brin

from portal.directory.read_models import PlaceRow, RoleRow
from portal.text import fold

# Optional words in names: "vd Zwart", "Zwart" and "van der Zwart" are one name.
_SMALL_WORDS = frozenset(
    "v d s t vd vdr van de der den het een in op te ten ter en of bij voor".split()  # noqa: SIM905
)


class Question(NamedTuple):
    """A parsed search text. Its words are folded: see `portal.text.fold`."""

    typed: list[str]  # every word
    words: list[str]  # the words to search for: without roles, small words and house numbers
    roles: tuple[str, ...]  # keys of the roles that the text names

    @property
    def attempts(self) -> list[list[str]]:
        """The words to look for: the first list, and after one that finds nothing the next."""
        attempts = [self.words]
        if re.fullmatch(r"[0-9]{4}[a-z]{0,2}", self.words[0]):
            # A full postcode without a school: its four digits still give the place.
            attempts.append([self.words[0][:4]])
        # The name of a role may be part of another name, and two words may be one in the index.
        return [*attempts, self.typed, ["".join(self.typed)]]


def parse_question(text: str, role_names: Mapping[str, Sequence[str]]) -> Question:
    """Fold and parse a search text: "leerplicht De Ark" asks for a role at a school."""
    return make_question(fold(text).split(), role_names)


def make_question(typed: list[str], role_names: Mapping[str, Sequence[str]]) -> Question:
    """Parse folded words. `role_names` is the answer of `list_role_names`."""
    roles: list[str] = []
    others: list[str] = []
    start = 0
    while start < len(typed):
        for end in range(len(typed), start, -1):
            if keys := role_names.get(" ".join(typed[start:end])):
                roles.extend(keys)
                start = end
                break
        else:
            others.append(typed[start])
            start += 1
    words = _join_code(_without_small_words(_without_house_number(others)))
    return Question(typed, words, tuple(dict.fromkeys(roles)))


def list_role_names(roles: Iterable[RoleRow]) -> dict[str, list[str]]:
    """The folded names and aliases of the roles, each with the keys of the roles of that name."""
    names: dict[str, list[str]] = {}
    for role in roles:
        for name in (role.label, *role.aliases.split("; ")):
            names.setdefault(fold(name), []).append(role.key)
    return names


def is_ambiguous(question: Question, places: Iterable[PlaceRow]) -> bool:
    """Whether the text is the name of several of these places."""
    name = " ".join(question.typed)
    with_name = [
        place
        for place in places
        if name in (fold(known) for known in (place.name, *place.aliases.split("; ")))
    ]
    return len(with_name) > 1


def mark_words(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """Split `text` into pieces, with True for a piece that matches one of the folded `words`."""
    pieces: list[tuple[str, bool]] = []
    for piece in re.split(r"([^\W_]+)", text):
        folded = fold(piece)
        length = max((len(word) for word in words if word and folded.startswith(word)), default=0)
        if length:
            pieces.append((piece[:length], True))
            piece = piece[length:]
        if piece:
            pieces.append((piece, False))
    return pieces


def _without_house_number(words: list[str]) -> list[str]:
    """Drop house numbers: only streets are in the index."""
    return [
        word
        for at, word in enumerate(words)
        if not (at and words[0].isalpha() and re.fullmatch(r"\d{1,3}", word))
    ]


def _without_small_words(words: list[str]) -> list[str]:
    return [word for word in words if word not in _SMALL_WORDS] or words


def _join_code(words: list[str]) -> list[str]:
    """The code of a school or a postcode as one word, with any spaces: "2033 ce"."""
    joined = "".join(words)
    if len(words) > 1 and (
        re.fullmatch(r"[1-9]\d{3}[a-z]{2}", joined) or brin.is_valid(joined.upper())
    ):
        return [joined]
    return words
