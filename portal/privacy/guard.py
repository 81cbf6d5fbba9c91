"""Says whether a text is likely to hold data about a pupil or a parent (P-04)."""

import re
from itertools import pairwise

from portal.privacy.signals import POINTS, signals

_END = re.compile(r"(?<=[.!?;])\s+|\n")


def is_doubtful(text: str) -> bool:
    """Whether a sentence of `text`, or two that follow each other, point at one pupil or parent."""
    return any(weigh(part) > 0 for part in _parts(text))


def weigh(sentence: str) -> float:
    """The points of a sentence; above nought it is doubtful."""
    return POINTS["always"] + sum(POINTS[signal] for signal in signals(sentence))


def _parts(text: str) -> list[str]:
    sentences = [part for part in _END.split(text) if part.strip()]
    return sentences + [" ".join(pair) for pair in pairwise(sentences)]
