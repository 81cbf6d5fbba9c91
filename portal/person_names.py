"""Names of people: as they are spoken, and their place in a list."""

from portal.text import fold

INFIXES = frozenset([
    "aan", "al", "bij", "da", "de", "den", "der", "di", "du", "el", "het", "in", "la", "le", "op",
    "te", "ten", "ter", "van", "von", "’t", "'t",
])  # fmt: skip


def sort_key(given_name: str, family_name: str) -> str:
    """The place of a person in a list: by family name without infix, then by given name. A person
    with one name stands under that."""
    return fold(f"{family_name} {given_name}")


def full_name_key(name: str) -> str:
    """`sort_key` where the parts of a name are not known: the family name is the last word, or
    what follows the last infix."""
    words = name.split()
    last = len(words) - 2  # of the given name and infix
    for at, word in enumerate(words[1:-1], start=1):
        if word.lower() in INFIXES:
            last = at
    return sort_key(" ".join(words[: last + 1]), " ".join(words[last + 1 :]))


def full_name(given_name: str, infix: str, family_name: str) -> str:
    """The name of a person as it is spoken."""
    return " ".join(filter(None, (given_name, infix, family_name)))


def name_in_list(name: str, organisation: str) -> str:
    """A person in a list of several organisations."""
    return f"{name} ({organisation})"
