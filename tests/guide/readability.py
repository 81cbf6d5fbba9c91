"""Readability of Dutch text: the formula of Flesch as Douma fitted it to Dutch (T-02)."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from tests.checks import text

_SYLLABLE = re.compile(r"aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ou|au|ei|ij|[aeiouyàáâèéêëïîóòôöúùû]")
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
    return [words for words in map(_words, _parts(root)) if words]


def full_sentences(root: Element) -> list[list[str]]:
    """The sentences of a page that end as one, in three words or more: a name, an address or a
    label is none."""
    parts = (part for piece in _pieces(root) for part in split_sentences(" ".join(piece.split())))
    listed = (_words(part) for part in parts if re.search(r"[a-zà-ü]{3,}[.!?]”?$", part))
    return [words for words in listed if len(words) > 2]


_INLINE = {"a", "abbr", "b", "em", "i", "strong"}


def _pieces(root: Element) -> list[str]:
    """The text between two elements that are not within a sentence."""
    pieces = [root.text or ""]
    for element in root:
        inner = _pieces(element)
        if element.tag in _INLINE:
            pieces[-1] += inner[0]
            pieces += inner[1:]
            pieces[-1] += element.tail or ""
        else:
            pieces += [*inner, element.tail or ""]
    return pieces


def measure(root: Element) -> Figures:
    """The measurements of a page."""
    return measure_sentences(sentences(root))


def measure_sentences(listed: list[list[str]]) -> Figures:
    """The measurements of these sentences, each as words."""
    words = [word for sentence in listed for word in sentence]
    mean = len(words) / len(listed)
    per_hundred = 100 * sum(map(syllables, words)) / len(words)
    longest = max(listed, key=len)
    return Figures(206.84 - 0.77 * per_hundred - 0.93 * mean, mean, " ".join(longest))


def split_sentences(written: str) -> list[str]:
    """The parts of a text between full stops, and what stands for one."""
    return re.split(r"(?<=[.!?:…”])\s+", written)


def _parts(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag in ("p", "li", "td") and not any(e.tag in ("p", "li") for e in element):
            yield from split_sentences(text(element))


def _words(sentence: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:[-’'&][^\W\d_]+)*|\d[\d.,]*", sentence)
