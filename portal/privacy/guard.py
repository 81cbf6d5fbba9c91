"""The guard: whether a text is likely to hold data about a pupil or a parent (P-04)."""

import re
from collections.abc import Collection
from itertools import pairwise

from portal.privacy.signals import WEIGHTS, find_signals

_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n")


def is_doubtful(text: str, not_names: Collection[str]) -> bool:
    """Whether a sentence of `text`, or two successive sentences, are about one pupil or parent.

    `not_names` are the capitalised words of the region that are no names of people; `*` stands for
    any letters.
    """
    return any(score(part, not_names) > 0 for part in _parts(text))


def score(sentence: str, not_names: Collection[str]) -> float:
    """The sum of the weights of the signals in a sentence; above 0 the sentence is doubtful."""
    return WEIGHTS["bias"] + sum(WEIGHTS[name] for name in find_signals(sentence, not_names))


def _parts(text: str) -> list[str]:
    sentences = [part for part in _SENTENCE_END.split(text) if part.strip()]
    return sentences + [" ".join(pair) for pair in pairwise(sentences)]
