"""Finds the documents for a search text: of the owners of a number or mail address, or of the first
attempt at its words that finds any.

Features register the kinds of pages that the search box also finds.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from flask import Flask, current_app

from portal.database import current_engine, fetch_tuples
from portal.database.cache import cached_until_change
from portal.database.directory_version import note_table
from portal.database.noted_reads import unnoted
from portal.directory import schools_and_kernen as directory
from portal.directory.contact_details import Contact, ContactPointRow, Detail, list_contact_points
from portal.directory.places import list_municipalities, list_place_names, list_places, list_postcodes
from portal.search.attempts import Attempt, list_attempts
from portal.search.corrections import Vocabulary, list_unmatched
from portal.search.index import (
    DESK,
    FIRST_NAME,
    FIRST_PAGE,
    MUNICIPALITY,
    PERSON,
    ROLE,
    SCHOOL,
    Document,
    Hit,
    SearchDocument,
)
from portal.search.numbers_and_addresses import DetailOwner, find_by_address, find_by_number
from portal.search.question import Names, Question, list_role_names, list_role_words
from portal.text import without_small_words

LIMIT, NAMESAKES = 10, 40


class Found(NamedTuple):
    """The documents for a question, best first, with the attempt that found them."""

    hits: list[Hit]
    attempt: Attempt
    details: Mapping[Hit, Detail]  # of a number or address: the one that was asked


def find_hits(question: Question, on: date) -> Found:
    """The documents for a question; a number or address is that of the day `on` (Amsterdam)."""
    return _find_owners(question, on) or _find(question, list_contact_points(on))


@cached_until_change
def list_names() -> Names:
    """The names of roles and places that a question may hold."""
    places = list_place_names(list_places(), list_postcodes(), list_municipalities())
    roles = directory.list_roles()
    return Names(list_role_names(roles), places, list_role_words(roles))


@cached_until_change
def list_words() -> Vocabulary:
    """The words of the index."""
    return Vocabulary(*count_words())


def _find_owners(question: Question, on: date) -> Found | None:
    """The owners of the number or address in the question, if it has one that is known."""
    owners: list[DetailOwner] = []
    if question.number:
        owners = find_by_number(question.number, on)
    elif question.address:
        owners = find_by_address(question.address, on)
    if not owners:
        return None
    details: dict[Hit, Detail] = {}
    for owner in owners:
        details.setdefault(_hit_of(owner), owner.detail)
    return Found(list(details), Attempt(question, question.words), details)


def _hit_of(owner: DetailOwner) -> Hit:
    if owner.school:
        return Hit(SCHOOL, owner.school)
    return Hit(DESK, owner.contact_point) if owner.contact_point else Hit(PERSON, str(owner.person))


def _list_attempts(question: Question) -> Iterator[Attempt]:
    """The attempts in their order, the words as typed first. Only the others read the words of the index."""
    yield Attempt(question, question.words)
    yield from list_attempts(question, list_names(), list_words())


def _find(question: Question, contact_points: Sequence[ContactPointRow]) -> Found:
    """The documents of the first attempt that finds any; pages come after the directory."""
    words = question.typed if question.roles else question.words
    pages: list[Hit] = []
    for number, attempt in enumerate(_list_attempts(question)):
        if pages and attempt.is_loose and not question.roles:
            break
        hits = _find_in_directory(attempt, contact_points)
        if not number and len(hits) <= LIMIT:  # otherwise none would be shown
            pages = find_documents(words, LIMIT, pages=True) if hits else _find_pages(words)
        if hits:
            return Found(hits + pages, attempt, {})
        if not attempt.dropped and (attempt.has_home or not pages):
            more = _find_pages(attempt.words)
            if more and attempt.is_guess:
                return Found(more, attempt, {})
            # The name of a kern holds that of a place.
            named = _find_pages(words, in_names=True)
            pages = list(dict.fromkeys(named + more + pages))
    return Found(pages, Attempt(question, question.words), {})


def _find_pages(words: list[str], *, in_names: bool = False) -> list[Hit]:
    """The pages with these words, for an attempt that finds nothing in the directory. The words of
    the index, which such attempts need anyway, tell first whether any document can have these."""
    if list_unmatched(words, list_words()):
        return []
    return find_documents(words, LIMIT, pages=True, in_names=in_names)


def _find_in_directory(attempt: Attempt, contact_points: Sequence[ContactPointRow]) -> list[Hit]:
    names = attempt.question.names_without(attempt.dropped)
    desks = dict.fromkeys(Hit(DESK, point.key) for point in contact_points if names & point.names)
    if attempt.places:
        return [hit for words in attempt.places for hit in find_documents(words, 1)]
    if attempt.words:
        hits = find_documents(attempt.words, LIMIT + 1)
        if attempt.question.roles and len(hits) > LIMIT and hits[0].kind == PERSON:
            # The namesakes from whom `_holders_first` chooses.
            hits = find_documents(attempt.words, NAMESAKES)
        if attempt.has_home:
            return [hit for hit in hits if hit.kind in (SCHOOL, DESK)]
        return list(desks | dict.fromkeys(hits))
    roles = attempt.question.roles
    return [*(Hit(ROLE, key) for key in roles), *desks, *_find_municipalities(roles, contact_points)]


def _find_municipalities(roles: Sequence[str], contact_points: Sequence[ContactPointRow]) -> list[Hit]:
    """The region's municipalities, for a role whose contact point differs between them."""
    first: dict[str, Contact] = {}
    for point in contact_points:
        if point.role in roles:
            first.setdefault(point.municipality, point.contact)
    if len(set(first.values())) < 2:
        return []
    region = list_municipalities(in_region=True)
    return [Hit(MUNICIPALITY, row.code) for row in region if row.code in first]


def find_documents(words: list[str], limit: int, *, pages: bool = False, in_names: bool = False) -> list[Hit]:
    """The documents with all `words` (folded), the last word as a prefix: of the directory, or of the pages of
    features. With `in_names`, only those with the words in a name.

    The order: documents with exactly this title, with the words in a name, with the last word as the beginning of a
    name, with the words in the context, with the last word as the beginning of a word there.
    """
    if not words:
        return []
    ranks = (FIRST_PAGE, 2 * FIRST_PAGE) if pages else (0, FIRST_PAGE)
    titles: dict[Hit, str] = {}
    for names_only in (True,) if in_names else (True, False):
        if len(titles) < limit:  # otherwise they would rank lower
            for kind, ref, title in current_engine().find_words(words, ranks, limit, names_only, both=not pages):
                titles.setdefault(Hit(kind, ref), title)
    exact = without_small_words(words)
    return sorted(titles, key=lambda hit: without_small_words(titles[hit].split()) != exact)[:limit]


def count_words() -> tuple[Mapping[str, int], set[str]]:
    """Every word of the documents of the directory, folded, with the number of those that have it;
    and the plain words of roles and pages."""
    note_table(SearchDocument)  # for all that is read below
    rank = SearchDocument.rank
    plain_ones = SearchDocument.select(SearchDocument.title, SearchDocument.names, SearchDocument.context).where(
        (rank < FIRST_NAME) | (rank >= FIRST_PAGE)
    )
    with unnoted():
        texts = fetch_tuples(plain_ones)
        counts = Counter(dict(current_engine().count_words()))
    plain = set()
    for word in chain.from_iterable(set(" ".join(text).split()) for text in texts):
        plain.add(word)
        counts[word] -= 1
    return {word: number for word, number in counts.items() if number > 0}, plain


# ---- The pages of features


class PageRow(NamedTuple):
    """A found page; `endpoint` and `values` make its address."""

    label: str  # of its kind
    title: str
    about: str
    endpoint: str
    values: dict[str, Any]


class PageKind(NamedTuple):
    """A kind of page: `documents` lists its documents for the index, `find` gives the page of each
    of these refs that still exists."""

    name: str
    documents: Callable[[], Iterable[Document]]
    find: Callable[[Collection[str]], dict[str, PageRow]]


def register_pages(app: Flask, kind: PageKind) -> None:
    """Add a kind of page; results list the kinds in the order of registration."""
    app.extensions.setdefault("page_kinds", []).append(kind)


def list_page_kinds() -> list[PageKind]:
    """The kinds that this application registered, in their order."""
    return list(current_app.extensions.get("page_kinds", ()))
