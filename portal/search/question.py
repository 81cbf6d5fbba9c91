"""How a search text is understood. Pure: the names of the roles come in as an argument."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stdnum.nl import brin

from portal.directory.read_models import PlaceRow, RoleRow
from portal.text import fold

# Said or left out as people please: "vd Zwart", "Zwart", "van der Zwart".
_SMALL = frozenset(
    "v d s t vd vdr van de der den het een in op te ten ter en of bij voor".split()  # noqa: SIM905
)


class Question(NamedTuple):
    """What somebody asks: the words to look for, and the roles (keys) they named with them."""

    words: list[str]
    roles: tuple[str, ...]


def understand(text: str, roles: Iterable[RoleRow]) -> Question:
    """Take the names of roles out of `text`: "leerplicht Camelot" asks for a role at a school.

    The rest is folded, without the small words in names; a code or a full postcode is one word.
    """
    names = role_names(roles)
    words = fold(text).split()
    asked: list[str] = []
    rest: list[str] = []
    while words:
        for length in range(len(words), 0, -1):
            if keys := names.get(" ".join(words[:length])):
                asked.extend(key for key in keys if key not in asked)
                words = words[length:]
                break
        else:
            rest.append(words.pop(0))
    return Question(_joined(_without_small(_without_house_number(rest))), tuple(asked))


def role_names(roles: Iterable[RoleRow]) -> dict[str, list[str]]:
    """Each folded name and alias of a role, with the keys of the roles that are called so."""
    names: dict[str, list[str]] = {}
    for role in roles:
        for name in (role.label, *role.aliases.split("; ")):
            names.setdefault(fold(name), []).append(role.key)
    return names


def which_place(asked: str, places: Sequence[PlaceRow]) -> bool:
    """Whether `asked` is what people call several of these places, so that one must choose."""
    folded = fold(asked)
    called_so = [
        place
        for place in places
        if folded in (fold(name) for name in (place.name, *place.aliases.split("; ")))
    ]
    return len(called_so) > 1


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether one of the searched `words` begins there."""
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
    """Without a number behind a street: streets are found, houses are not."""
    return [
        word
        for at, word in enumerate(words)
        if not (at and words[0].isalpha() and re.fullmatch(r"\d{1,3}", word))
    ]


def _without_small(words: list[str]) -> list[str]:
    return [word for word in words if word not in _SMALL] or words


def _joined(words: list[str]) -> list[str]:
    """The code of a school or a postcode as one word, however it was typed: "2033 ce"."""
    together = "".join(words)
    if len(words) > 1 and (
        re.fullmatch(r"[1-9]\d{3}[a-z]{2}", together) or brin.is_valid(together.upper())
    ):
        return [together]
    return words
