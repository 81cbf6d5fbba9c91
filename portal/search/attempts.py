"""The attempts at a question, from the words as typed to the words that are left of it. Pure: the
words of the index are an argument, which is called only where the typed words find nothing."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, islice
from typing import NamedTuple

from portal.search.corrections import Vocabulary, correct, list_unmatched, respell, spell_out
from portal.search.question import Names, Question, make_question

_MOST_DROPS = 20  # attempts with a word less


class Attempt(NamedTuple):
    """Words to look for. `question` says for which roles and residence."""

    question: Question
    words: list[str]  # empty: the roles themselves, or `places`
    places: tuple[list[str], ...] = ()  # the words of several places, to look for one by one
    dropped: tuple[str, ...] = ()  # words of the question that nothing was found for
    is_guess: bool = False  # a word was taken for a typing error
    has_home: bool = False  # the words without the pupil's home: only schools and desks count

    @property
    def is_loose(self) -> bool:
        """Whether it looks for something else than was typed."""
        return self.is_guess or bool(self.dropped)


def list_attempts(
    question: Question, names: Names, known: Callable[[], Vocabulary]
) -> Iterator[Attempt]:
    """The attempts in their order; the first one that finds something is the answer."""
    seen = [Attempt(question, question.words)]
    yield seen[0]
    if question.words:
        vocabulary = known()
        for attempt in _list_more(question, names, vocabulary):
            if attempt not in seen and not list_unmatched(attempt.words, vocabulary):
                seen.append(attempt)
                yield attempt


def _list_more(question: Question, names: Names, vocabulary: Vocabulary) -> Iterator[Attempt]:
    if re.fullmatch("[0-9]{4}[a-z]{2}", question.words[0]):
        # A full postcode without a school: its four digits still give the place.
        yield Attempt(question, [question.words[0][:4]])
    # The name of a role may be part of another name, and two words may be one in the index.
    yield Attempt(question, question.typed)
    yield Attempt(question, ["".join(question.typed)])
    unknown = [word for word in question.words if word not in vocabulary]
    spelled = spell_out(question.typed, unknown, names.role_words)
    if spelled != question.typed:
        question = make_question(spelled, names)
        yield from _with_homes(Attempt(question, question.words))
    respelled = Attempt(question, respell(question.words, vocabulary))
    yield from _with_homes(respelled)
    mistyped = [word for word in question.words if word in respelled.words]
    guesses = [
        (_correct(question, corrections, names, vocabulary), corrections)
        for corrections in correct(mistyped, vocabulary)
    ]
    for guess, _ in guesses:
        yield from _with_homes(guess)
    whole = make_question(spell_out(spelled, question.words, names.role_words), names)
    if whole.roles != question.roles:
        yield from _with_homes(Attempt(whole, whole.words, is_guess=True))
    less = [
        *_with_less(respelled, vocabulary),
        *_with_less(Attempt(question, question.words), vocabulary),
    ]
    for guess, corrections in guesses[:1]:
        as_typed = {meant: word for word, meant in corrections.items()}
        less += [
            attempt._replace(dropped=tuple(as_typed.get(word, word) for word in attempt.dropped))
            for attempt in _with_less(guess, vocabulary)
        ]
    yield from sorted(less, key=lambda attempt: len(attempt.dropped))
    if question.roles:
        yield Attempt(question, [], dropped=tuple(question.words))


def _correct(
    question: Question, corrections: Mapping[str, str], names: Names, vocabulary: Vocabulary
) -> Attempt:
    typed = [corrections.get(word, word) for word in question.typed]
    corrected = make_question(typed, names)
    return Attempt(corrected, respell(corrected.words, vocabulary), is_guess=True)


def _with_homes(attempt: Attempt) -> Iterator[Attempt]:
    """The attempt, and the attempt without the places, which may be where the pupil lives; where
    it has places only, each of them."""
    yield attempt
    homes = attempt.question.homes
    if rest := [word for word in attempt.words if all(word not in home.words for home in homes)]:
        if homes:
            yield attempt._replace(words=rest, has_home=True)
    elif len(homes) > 1:
        yield attempt._replace(words=[], places=tuple(list(home.words) for home in homes))


def _with_less(attempt: Attempt, vocabulary: Vocabulary) -> Iterator[Attempt]:
    """The attempt without the words that no document has, then also without others, of which the
    commonest are let go first."""
    unmatched = tuple(list_unmatched(attempt.words, vocabulary))
    words = [word for word in attempt.words if word not in unmatched]
    if unmatched and _has_name(words):
        yield from _with_homes(attempt._replace(words=words, dropped=unmatched))
    by_count = sorted(words, key=vocabulary.count, reverse=True)
    others = (some for size in range(1, len(words)) for some in combinations(by_count, size))
    for some in islice(others, _MOST_DROPS):
        kept = [word for word in words if word not in some]
        if _has_name(kept):
            yield from _with_homes(attempt._replace(words=kept, dropped=unmatched + some))


def _has_name(words: list[str]) -> bool:
    """Whether the words say something without the others: initials and digits alone do not."""
    return any(len(word) > 1 and not word.isdigit() for word in words)
