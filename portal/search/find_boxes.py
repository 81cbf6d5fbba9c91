"""The find box of a long list, and of a list of choices: which of its rows have the typed words."""

from collections.abc import Callable
from functools import cache
from typing import Any

from peewee import SQL, fn

from portal import clock
from portal.database.cache import fetch_kept
from portal.directory.choices import (
    PersonChoice,
    label_schools,
    list_organisations,
    list_people,
)
from portal.directory.models import Organisation, Person, School, is_open
from portal.directory.schools import chosen_schools, list_schools, list_schools_by_code
from portal.search.documents import PERSON, SCHOOL
from portal.search.index import SearchDocument
from portal.text import fold
from portal.web.forms import read_number
from portal.web.long_choices import Findable, Options, offer

EVERY = SQL("1 = 1")


def list_with_words(kind: str, text: str) -> Any:
    """A query for the refs of the documents of a kind (SCHOOL or PERSON) of which each word of
    `text` begins a word."""
    document = SearchDocument
    ref = document.ref.cast("integer") if kind == PERSON else document.ref
    query = document.select(ref).where(document.kind == kind)
    words = SQL("' '").concat(document.title)
    for part in (document.names, document.context):
        words = words.concat(" ").concat(part)
    for word in fold(text).split():
        query = query.where(words.contains(f" {word}"))
    return query


def _find_schools(text: str, most: int) -> Options:
    found = list_schools(chosen_schools(codes=list_with_words(SCHOOL, text)), most=most)
    return list(label_schools(found).items())


def _by_slug(options: Options) -> Options:
    slugs = {row.code: row.slug for row in list_schools_by_code([code for code, _ in options])}
    return [(slugs[code], label) for code, label in options]


def _find_organisations(which: Any, text: str, most: int) -> Options:
    named = Organisation.kind == Organisation.PARTNER
    for word in fold(text).split():
        named &= Organisation.name.contains(word)
    of_school = School.code.in_(list_with_words(SCHOOL, text))
    return list_organisations((named | of_school) & which, most)


def _exceeds(model: Any, which: Any) -> Callable[[int], bool]:
    """Tells whether more rows of a model than so many meet a condition."""
    number = model.select(fn.COUNT(model._meta.primary_key)).where(which)
    return lambda most: bool(fetch_kept(number)[0][0] > most)


def find_people(
    which: Any = EVERY,
    is_first: Callable[[PersonChoice], bool] = bool,
    usual: Callable[[], Options] = list,
) -> Findable:
    """The people that meet a condition, by name, some of them in front."""

    def list_them(condition: Any, most: int | None = None) -> Options:
        found = list_people(which=condition & which, most=most)
        found.sort(key=lambda one: not is_first(one))
        return [(str(one.id), one.label) for one in found]

    return Findable(
        cache(lambda: list_them(EVERY)),
        _exceeds(Person, which),
        cache(lambda text, most: list_them(Person.id.in_(list_with_words(PERSON, text)), most)),
        lambda number: list_them(Person.id == read_number(number)),
        usual,
    )


def find_organisations(which: Any = EVERY, first: int | None = None) -> Findable:
    """The organisations that meet a condition: the one that is `first` (id), then by name."""

    def list_all() -> Options:
        return sorted(list_organisations(which), key=lambda option: option[0] != str(first))

    return Findable(
        list_all,
        _exceeds(Organisation, which),
        lambda text, most: _find_organisations(which, text, most),
        lambda number: list_organisations((Organisation.id == read_number(number)) & which),
        lambda: list_organisations((Organisation.id == first) & which) if first else [],
    )


SCHOOLS = Findable(
    lambda: list(label_schools(list_schools()).items()),
    lambda most: _exceeds(School, is_open(clock.today()))(most),
    _find_schools,
    lambda code: list(label_schools(list_schools_by_code([code])).items()),
)
SCHOOLS_BY_SLUG = Findable(
    lambda: _by_slug(SCHOOLS.every()),
    SCHOOLS.exceeds,
    lambda text, most: _by_slug(_find_schools(text, most)),
    lambda slug: [pair for pair in _by_slug(SCHOOLS.choose(slug[:6].upper())) if pair[0] == slug],
)


def offer_people(field: Any, first: Options) -> None:
    """Let a field offer the `first` options and everybody, by name."""
    offer(field, find_people(), first)


def offer_organisations(field: Any, first: Options) -> None:
    """Let a field offer the `first` options and all organisations, by name."""
    offer(field, find_organisations(), first)
