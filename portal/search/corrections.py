"""Fits the words of a search to the words of the index: joined, parted, abbreviated, or one letter wrong."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from operator import eq
from typing import Self

from portal.text import SMALL_WORDS, without_small_words

_SHORTEST = BEGINNING = 3  # letters: a shorter word resembles too many others
_LEAST_SIMILAR, _LEAST_SIMILAR_SHORT = 72, 80  # of 100; the second for words of _SHORTEST letters
_CANDIDATES = 3  # similar words per mistyped word
_LONGEST = 40  # letters of a word that is parted
_SHORTEST_STEM = 5  # letters


class Vocabulary:
    """The words of the index, folded: with how often each stands in a name, and the plain words of roles and pages."""

    def __init__(self, counts: Mapping[str, int], plain: Iterable[str] = ()) -> None:
        self._counts = counts
        self._known = {*counts, *plain}
        self._words = sorted(self._known)

    def __contains__(self, word: str) -> bool:
        return word in self._known

    @cached_property
    def names(self) -> Self:
        """The words without the plain ones."""
        return type(self)(self._counts)

    def count(self, word: str) -> int:
        """How often the word stands in a name."""
        return self._counts.get(word, 0)

    def has_beginning(self, word: str) -> bool:
        """Whether a word of the index begins with `word`."""
        at = bisect_left(self._words, word)
        return at < len(self._words) and self._words[at].startswith(word)

    def similar(self, word: str) -> list[str]:
        """The words that `word` may be a typing error of, the most similar first."""
        if len(word) < _SHORTEST or word.isdigit():
            return []
        from rapidfuzz import fuzz, process  # few requests need it

        # A typing error changes the length of a word little.
        candidates = [other for other in self._words if abs(len(other) - len(word)) <= 2]
        least = _LEAST_SIMILAR if len(word) > _SHORTEST else _LEAST_SIMILAR_SHORT
        found = process.extract(word, candidates, scorer=fuzz.ratio, score_cutoff=least, limit=_CANDIDATES)
        return [other for other, _, _ in found]


def list_unmatched(words: list[str], known: Vocabulary) -> list[str]:
    """The words that no document has; of the last word, the beginning is enough."""
    return [
        word
        for at, word in enumerate(words)
        if word not in known and not (at == len(words) - 1 and known.has_beginning(word))
    ]


def respell(words: list[str], known: Vocabulary) -> list[str]:
    """The words, joined or parted as the index has them: "m l king" is "ml king", "bosenvaart" is "bos vaart"."""
    joined: list[str] = []
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + 4), at, -1):
            if (whole := "".join(words[at:end])) in known:
                break
        joined.append(whole if end > at + 1 else words[at])
        at = max(end, at + 1)
    unmatched = list_unmatched(joined, known)
    return [part for word in joined for part in ((word in unmatched and _part(word, known)) or [word])]


def spell_out(typed: list[str], short: Iterable[str], names: Mapping[str, Sequence[tuple[str, ...]]]) -> list[str]:
    """The typed words, with one of `names` in full where they are beginnings or relatives of its first words, and at
    least one of them is in `short`: "maatsch werk", "spijbelend". The names are by their first `BEGINNING` letters."""
    short = set(short)
    spelled: list[str] = []
    at = 0
    while at < len(typed):
        fitting = [
            (count, name)
            for name in names.get(typed[at][:BEGINNING], ())
            if (count := _count_leading(_is_related, typed[at:], name)) and not short.isdisjoint(typed[at : at + count])
        ]
        # The longest run; of several names, one that has no further words.
        count, name = max(fitting, key=lambda found: (found[0], found[0] == len(found[1])), default=(1, (typed[at],)))
        spelled.extend(name)
        at += count
    return spelled


def correct(words: list[str], known: Vocabulary) -> Iterator[dict[str, str]]:
    """For each set of corrections to try, the mistyped words with the words of the index; the most
    similar ones first."""
    similar = {word: found for word in words if word not in known and (found := known.similar(word))}
    if not similar:
        return
    best = {word: found[0] for word, found in similar.items()}
    yield best
    for word, found in similar.items():
        for other in found[1:]:
            yield {**best, word: other}


def _count_leading(fits: Callable[[str, str], bool], some: Iterable[str], others: Iterable[str]) -> int:
    """How many of the first items fit those of `others`, until one does not."""
    pairs = zip(some, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: fits(*pair), pairs))


def _is_related(word: str, whole: str) -> bool:
    """Whether `word` is `whole`, its beginning, or has its stem: most of `word`."""
    if word == whole or (len(word) >= _SHORTEST and whole.startswith(word)):
        return True
    stem = _count_leading(eq, word, whole)
    return stem >= _SHORTEST_STEM and stem >= 0.6 * len(word)


def _part(word: str, known: Vocabulary) -> list[str]:
    """The fewest words of the index that are `word` when joined, without the small ones; none where
    there are no such words. An initial may come first."""
    if len(word) > _LONGEST:
        return []
    best: list[list[str] | None] = [[], *[None] * len(word)]  # per length of the beginning
    for end in range(1, len(word) + 1):
        for start in range(end):
            before, piece = best[start], word[start:end]
            if before is None or not (
                (piece in SMALL_WORDS and len(piece) > 1) or (piece in known and (len(piece) > 2 or start == 0))
            ):
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or ()):
                best[end] = [*before, piece]
    return without_small_words(best[-1] or [])
