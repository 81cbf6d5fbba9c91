"""The choices of a list: people, organisations and schools by value and label, and the find box
for those with the typed words, where they are many."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from peewee import SQL, fn

from portal import clock
from portal.database import current_engine
from portal.database.cache import fetch_kept
from portal.directory.models import ContactPoint, Municipality, Organisation, Person, Responsibility, School, is_open
from portal.directory.schools_and_kernen import chosen_schools, label_schools, list_schools, list_schools_by_code
from portal.directory.who_works_or_is_absent import list_moved
from portal.person_names import full_name, name_in_list
from portal.search.index import PERSON, SCHOOL, SearchDocument
from portal.text import fold
from portal.web.forms import read_number
from portal.web.long_lists import Findable, Options, offer

EVERY = SQL("1 = 1")


class PersonChoice(NamedTuple):
    """A person who can be chosen, with the organisation of a day."""

    id: int
    name: str
    organisation: int
    organisation_name: str

    @property
    def label(self) -> str:
        """The person in a list."""
        return name_in_list(self.name, self.organisation_name)


def list_people(
    on: date | None = None, which: Any = None, most: int | None = None, skipped: int = 0
) -> list[PersonChoice]:
    """The people that meet a condition, at most so many after the first `skipped`, or all; by name,
    as they are on the day `on`, by default today (Amsterdam)."""
    # Tuples: a model for each of a region's people would take most of the time of a form.
    query = Person.select(
        Person.id, Person.given_name, Person.infix, Person.family_name, Person.organisation, Organisation.name
    ).join(Organisation)
    query = query if which is None else query.where(which)
    people = []
    moved = list_moved(on or clock.today())
    ordered = query.order_by(Person.sort_key, Person.id).limit(most).offset(skipped)
    for id, *names, organisation, organisation_name in fetch_kept(ordered):
        if employer := moved.get(id):
            organisation, organisation_name = employer.id, employer.name
        people.append(PersonChoice(id, full_name(*names), organisation, organisation_name))
    return people


def list_organisations(condition: Any = None, most: int | None = None) -> Options:
    """The organisations (ids) that meet a condition, at most so many, or all: partners first, an
    open school with its place."""
    query = Organisation.select(Organisation.id, Organisation.name, School.code)
    query = query.left_outer_join(School, on=School.organisation == Organisation.id)
    if condition is not None:
        query = query.where(condition)
    ordered = query.order_by(Organisation.kind, Organisation.sort_key, Organisation.id)
    rows = fetch_kept(ordered.limit(most))
    labels = label_schools(list_schools(School.code.in_([code for _, _, code in rows if code])))
    return [(str(id), labels.get(code, name)) for id, name, code in rows]


def label_contact_points(points: Collection[ContactPoint]) -> dict[int, str]:
    """Per contact point (id) its name; where two of them have the same, with the municipalities
    for which it answers: the desks of one organisation may share their number too."""
    counts = Counter(point.name for point in points)
    labels = {point.id: point.name for point in points}
    alike = [point.id for point in points if counts[point.name] > 1]
    query = Responsibility.select(Responsibility.contact_point, Municipality.name).distinct()
    there = query.join(Municipality).where(Responsibility.contact_point.in_(alike))
    for id, municipality in fetch_kept(there.order_by(Municipality.name)) if alike else ():
        labels[id] += f", {municipality}"
    return labels


def list_with_words(kind: str, text: str) -> Any:
    """A query for the refs of the documents of a kind (SCHOOL or PERSON) of which each word of `text` begins a word."""
    document = SearchDocument
    ref = document.ref.cast("integer") if kind == PERSON else document.ref
    query = document.select(ref).where(document.kind == kind)
    words = fold(text).split()
    return query.where(document.rank.in_(current_engine().select_ranks(words))) if words else query


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
    return cache(lambda most: bool(fetch_kept(number)[0][0] > most))  # a form asks it for each post


def find_people(
    which: Any = EVERY, is_first: Callable[[PersonChoice], bool] = bool, usual: Callable[[], Options] = list
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
