"""The meaning found for a word of a file: a school, role or organisation, or candidates.

A word is certain where a strong key is exact or far ahead of the second, and no second key (place,
address, code) contradicts it; else it has candidates, with the reason of each.
"""

from typing import NamedTuple


class Candidate(NamedTuple):
    """A possible answer to a question, with the reason in Dutch."""

    value: str  # stored as the decision
    label: str
    reason: str


class Found(NamedTuple):
    """The meaning of a word: values of the directory, or candidates to choose from."""

    values: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """The values, and those of the candidates."""
        return self.values + tuple(candidate.value for candidate in self.candidates)
