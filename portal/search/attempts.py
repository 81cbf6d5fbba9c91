"""The attempts at a question of which the words as typed find nothing, up to the words that are
left of it. Pure: the words of the index are an argument."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain, combinations, islice
from typing import NamedTuple

from portal.search.corrections import Vocabulary, correct, list_unmatched, respell, spell_out
from portal.search.question import Names, Question, make_question
from portal.search.spellings_and_abbreviations import TYPES_OF_SCHOOL
from portal.text import without_small_words

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


def list_attempts(question: Question, names: Names, vocabulary: Vocabulary) -> Iterator[Attempt]:
    """The attempts after the words as typed, in their order; the first one that finds something is the answer."""
    seen = [Attempt(question, question.words)]
    for attempt in _list_more(question, names, vocabulary) if question.words else ():
        if attempt not in seen and not list_unmatched(attempt.words, vocabulary):
            seen.append(attempt)
            yield attempt


def _list_more(question: Question, names: Names, vocabulary: Vocabulary) -> Iterator[Attempt]:
    # A letter may be an initial, as in "S. van der Steen", or an article: "t Schelpenpad".
    question = question._replace(words=without_small_words(question.words) or question.words)
    yield Attempt(question, question.words)
    if re.fullmatch("[0-9]{4}[a-z]{2}", question.words[0]):
        # A full postcode without a school: its four digits still give the place.
        yield Attempt(question, [question.words[0][:4]])
    # The name of a role may be part of another name, and two words may be one in the index.
    yield Attempt(question, question.typed)
    yield Attempt(question, ["".join(question.typed)])
    gathered = _gather(_turn(question.typed, names, vocabulary), names)
    if gathered != question.typed:
        question = make_question(gathered, names)
        yield from _with_homes(Attempt(question, question.words))
    unknown = [word for word in question.words if word not in vocabulary]
    spelled = spell_out(question.typed, unknown, names.role_words)
    if spelled != question.typed:
        question = make_question(spelled, names)
        yield from _with_homes(Attempt(question, question.words))
    respelled = Attempt(question, respell(question.words, vocabulary))
    if not question.roles and (parted := make_question(respelled.words, names)).roles:
        respelled = Attempt(parted, parted.words)  # "leerplichtcamelot"
    yield from _with_homes(respelled)
    mistyped = [word for word in question.words if word in respelled.words]
    guesses = [
        (_correct(question, corrections, names, vocabulary), corrections)
        for corrections in correct(mistyped, vocabulary)
    ]
    if typed := set(question.roles):  # to which a corrected word adds none
        guesses = [guess for guess in guesses if typed.issuperset(guess[0].question.roles)]
    for guess, _ in guesses:
        yield from _with_homes(guess)
    whole = make_question(spell_out(spelled, question.words, names.role_words), names)
    if whole.roles != question.roles:
        yield from _with_homes(Attempt(whole, whole.words, is_guess=True))
    less = [*_with_less(respelled, vocabulary), *_with_less(Attempt(question, question.words), vocabulary)]
    for guess, corrections in guesses[:1]:
        as_typed = {meant: word for word, meant in corrections.items()}
        less += [
            attempt._replace(dropped=tuple(as_typed.get(word, word) for word in attempt.dropped))
            for attempt in _with_less(guess, vocabulary)
        ]
    # The words of a name are let go last.
    less.sort(key=lambda a: (sum(w in vocabulary.names for w in a.dropped), len(a.dropped)))
    yield from less
    if question.roles:
        yield Attempt(question, [], dropped=tuple(question.words))


def _correct(question: Question, corrections: Mapping[str, str], names: Names, vocabulary: Vocabulary) -> Attempt:
    typed = [corrections.get(word, word) for word in question.typed]
    corrected = make_question(typed, names)
    return Attempt(corrected, respell(corrected.words, vocabulary), is_guess=True)


def _with_homes(attempt: Attempt) -> Iterator[Attempt]:
    """The attempt, and the attempt without the places, which may be where the pupil lives; where
    it has places only, each of them."""
    yield attempt
    homes = attempt.question.homes
    if rest := [word for word in attempt.words if all(word not in home.words for home in homes)]:
        if homes and _has_name(rest):
            yield attempt._replace(words=rest, has_home=True)
    elif len(homes) > 1:
        yield attempt._replace(words=[], places=tuple(list(home.words) for home in homes))


def _with_less(attempt: Attempt, vocabulary: Vocabulary) -> Iterator[Attempt]:
    """The attempt without the words that no name has, then also without others, of which the
    commonest are let go first."""
    unmatched, words = _split(attempt.words, vocabulary.names)
    if not _has_name(words):
        unmatched, words = _split(attempt.words, vocabulary)
    if unmatched and _has_name(words):
        yield from _with_homes(attempt._replace(words=words, dropped=unmatched))
    by_count = sorted(words, key=vocabulary.count, reverse=True)
    others = (some for size in range(1, len(words)) for some in combinations(by_count, size))
    for some in islice(others, _MOST_DROPS):
        kept = [word for word in words if word not in some]
        if _has_name(kept):
            yield from _with_homes(attempt._replace(words=kept, dropped=unmatched + some))


def _split(words: list[str], known: Vocabulary) -> tuple[tuple[str, ...], list[str]]:
    unmatched = list_unmatched(words, known)
    return tuple(unmatched), [word for word in words if word not in unmatched]


def _has_name(words: list[str]) -> bool:
    """Whether the words say something without the others: initials, digits and the type of a school alone do not."""
    return any(len(word) > 2 and not word.isdigit() and word not in TYPES_OF_SCHOOL for word in words)


def _turn(typed: list[str], names: Names, vocabulary: Vocabulary) -> list[str]:
    """The words with a compound where one is known: "arts van de school" is "schoolarts"."""

    def join(found: re.Match[str]) -> str:
        whole = found[2] + found[1]
        return whole if whole in names.roles or whole in vocabulary else found[0]

    text = re.sub(r"\b(\w+) van (?:(?:de|het|een) )?(\w+)", join, " ".join(typed))
    return text.split()


def _gather(typed: list[str], names: Names) -> list[str]:
    """The words with those of one role name together: "zit al weken thuis" is "zit thuis"."""
    known = chain.from_iterable(names.role_words.values())
    apart = [name for name in known if len(name) > 1 and set(name).issubset(typed)]
    longest = max(apart, key=len, default=())
    return [*longest, *(word for word in typed if word not in longest)]
