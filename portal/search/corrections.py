"""Corrects mistyped words of a search to words of the index."""

from rapidfuzz import fuzz, process

from portal.search.index import list_known_words

_SHORTEST = 4  # letters: a shorter word resembles too many others
_LEAST_SIMILAR = 72  # of 100


def correct_words(words: list[str]) -> list[str]:
    """Replace each word that is in no document by the most similar word of the index, if any."""
    known = list_known_words()
    return [word if word in known else _nearest(word, known) for word in words]


def _nearest(word: str, known: frozenset[str]) -> str:
    if len(word) < _SHORTEST or word.isdigit():
        return word
    # A typing error changes the length of a word little.
    candidates = sorted(other for other in known if abs(len(other) - len(word)) <= 2)
    best = process.extractOne(word, candidates, scorer=fuzz.ratio, score_cutoff=_LEAST_SIMILAR)
    return best[0] if best else word
