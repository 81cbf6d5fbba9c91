"""Readability of Dutch text: the formula of Flesch as Douma fitted it to Dutch (T-02)."""

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

from tests.checks import text

_SYLLABLE = re.compile(
    r"aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ou|au|ei|ij|[aeiouyàáâèéêëïîóòôöúùû]"
)
_ABBREVIATION = re.compile(r"[A-Z]{2,}")


class Figures(NamedTuple):
    """The measurements of a text."""

    score: float  # 100 very easy, 0 very hard
    mean: float  # words per sentence
    longest: str  # the longest sentence


def syllables(word: str) -> int:
    """The number of syllables of a word; an abbreviation is spelled."""
    if _ABBREVIATION.fullmatch(word):
        return len(word)
    return max(1, len(_SYLLABLE.findall(word.lower())))


def sentences(root: Element) -> list[list[str]]:
    """The sentences of a page, each as words. They come from paragraphs, list items and cells, not
    from headings; a list item without a full stop is a sentence."""
    listed = []
    for element in root.iter():
        if element.tag not in ("p", "li", "td") or any(e.tag in ("p", "li") for e in list(element)):
            continue
        for sentence in re.split(r"(?<=[.!?:…”])\s+", text(element)):
            words = re.findall(r"[^\W\d_]+(?:[-’'&][^\W\d_]+)*|\d[\d.,]*", sentence)
            if words:
                listed.append(words)
    return listed


def measure(root: Element) -> Figures:
    """The measurements of a page."""
    all_ = sentences(root)
    words = [word for sentence in all_ for word in sentence]
    mean = len(words) / len(all_)
    per_hundred = 100 * sum(map(syllables, words)) / len(words)
    longest = max(all_, key=len)
    return Figures(206.84 - 0.77 * per_hundred - 0.93 * mean, mean, " ".join(longest))
