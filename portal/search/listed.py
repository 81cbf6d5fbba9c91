"""The find box of a long list, and of a list of choices: which of its rows have the typed words."""

from typing import Any

from peewee import SQL

from portal import clock
from portal.directory.choices import label_schools, list_organisations, list_people
from portal.directory.models import Organisation, Person, School, is_open
from portal.directory.schools import chosen_schools, list_schools, list_schools_by_code
from portal.search.documents import PERSON, SCHOOL
from portal.search.index import SearchDocument
from portal.text import fold
from portal.web.forms import read_number
from portal.web.long_choices import Findable, Options, offer


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


def _find_people(text: str, most: int) -> Options:
    return _label_people(Person.id.in_(list_with_words(PERSON, text)), most)


def _label_people(which: Any, most: int = 1) -> Options:
    return [(str(one.id), one.label) for one in list_people(which=which, most=most)]


def _find_organisations(text: str, most: int) -> Options:
    named = Organisation.kind == Organisation.PARTNER
    for word in fold(text).split():
        named &= Organisation.name.contains(word)
    of_school = School.code.in_(list_with_words(SCHOOL, text))
    return list_organisations(named | of_school, most)


SCHOOLS = Findable(
    lambda: School.select().where(is_open(clock.today())).count(),
    _find_schools,
    lambda code: list(label_schools(list_schools_by_code([code])).items()),
)
SCHOOLS_BY_SLUG = Findable(
    SCHOOLS.total,
    lambda text, most: _by_slug(_find_schools(text, most)),
    lambda slug: [pair for pair in _by_slug(SCHOOLS.choose(slug[:6].upper())) if pair[0] == slug],
)
PEOPLE = Findable(
    lambda: Person.select().count(),
    _find_people,
    lambda number: _label_people(Person.id == read_number(number)),
)
ORGANISATIONS = Findable(
    lambda: Organisation.select().count(),
    _find_organisations,
    lambda number: list_organisations(Organisation.id == read_number(number)),
)


def offer_people(field: Any, first: Options) -> None:
    """Let a field offer the `first` options and everybody, by name."""
    offer(field, PEOPLE, lambda: [*first, *((str(o.id), o.label) for o in list_people())], first)


def offer_organisations(field: Any, first: Options) -> None:
    """Let a field offer the `first` options and all organisations, by name."""
    offer(field, ORGANISATIONS, lambda: [*first, *list_organisations()], first)
