"""Makes the documents of the search index from the directory and the registered pages."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from peewee import SQL

from portal import clock
from portal.database import fetch_tuples
from portal.directory.models import (
    ContactDetail,
    ContactPoint,
    DetailKind,
    Employment,
    Municipality,
    Organisation,
    Person,
    Place,
    Postcode,
    Role,
    School,
    Sector,
    Visibility,
    is_open,
)
from portal.search.finding import list_page_kinds
from portal.search.index import (
    DESK,
    FIRST_PAGE_KIND,
    MUNICIPALITY,
    PERSON,
    PLACE,
    ROLE,
    SCHOOL,
    Document,
    is_empty,
    list_changed,
    remove_document,
    replace_documents,
    write_document,
)
from portal.search.spellings_and_abbreviations import other_spellings, synonyms
from portal.text import fold

_MOST_AT_ONCE = 200  # documents; more are quicker to write with all others of their kind


def fill_index() -> None:
    """Build the index where it is empty, in the transaction of the caller: after a migration that
    made its table anew, under its lock, so that of two starts one builds it."""
    if is_empty():
        reindex()


def reindex() -> None:
    """Rebuild the whole index, in the transaction of the caller."""
    for order, kind in enumerate(_KINDS, start=1):
        replace_documents(kind.name, order, kind.documents(_ALL))
    reindex_pages()


def reindex_pages() -> None:
    """Rebuild the documents of the registered pages, in the transaction of the caller."""
    for order, kind in enumerate(list_page_kinds(), start=FIRST_PAGE_KIND):
        documents = enumerate(kind.documents())
        replace_documents(kind.name, order, (d._replace(sort_key=f"{number:06}") for number, d in documents))


def update_documents(rows: Iterable[tuple[Any, Any]]) -> None:
    """Rewrite the documents that are made of these rows of the directory (each a model and a
    primary key), which were written or deleted; in the transaction of the caller."""
    keys: dict[Any, set[Any]] = defaultdict(set)
    for model, key in rows:
        keys[model].add(key)
    for order, kind in enumerate(_KINDS, start=1):
        changed = [model._meta.primary_key.in_(keys[model]) for model in kind.made_of if model in keys]
        stale = [] if kind.is_small else list(chain.from_iterable(map(kind.documents, changed)))
        written = list_changed(kind.name, stale)
        if len(written) > _MOST_AT_ONCE or (changed and kind.is_small):
            replace_documents(kind.name, order, kind.documents(_ALL))
            continue
        for document in written:
            write_document(kind.name, order, document)
        own = {str(key) for key in keys.get(kind.made_of[0], ())}
        for ref in own - {document.ref for document in stale}:
            remove_document(kind.name, ref)


def _roles(_: Any) -> Iterator[Document]:
    for role in Role.select():
        yield Document(role.key, role.label, role.aliases, sort_key=f"{role.position:06}")


def _municipalities(_: Any) -> Iterator[Document]:
    postcodes = _list_postcodes()
    namesakes = {place.municipality_id: place for place in _places() if _is_namesake(place)}
    for municipality in Municipality.select():
        namesake = namesakes.get(municipality.code)
        yield Document(
            municipality.code,
            municipality.name,
            f"gemeente {municipality.name} {namesake.aliases if namesake else ''}",
            " ".join(postcodes[namesake.id]) if namesake else "",
            _in_region_first(municipality, municipality.name),
        )


def _places_of_their_own(_: Any) -> Iterator[Document]:
    postcodes = _list_postcodes()
    for place in _places():
        if not _is_namesake(place):
            key = _in_region_first(place.municipality, place.name)
            context = " ".join(postcodes[place.id])
            yield Document(str(place.id), place.name, place.aliases, context, key)


def _places() -> Any:
    return Place.select(Place, Municipality).join(Municipality)


def _is_namesake(place: Place) -> bool:
    """Whether a place has the name of its municipality, as which it is found."""
    return bool(place.name == place.municipality.name)


def _list_postcodes() -> dict[int, list[str]]:
    """The postcodes of each place (id)."""
    postcodes: dict[int, list[str]] = defaultdict(list)
    for postcode in Postcode.select().where(Postcode.place.is_null(False)).order_by(Postcode.pc4):
        postcodes[postcode.place_id].append(postcode.pc4)
    return postcodes


def _in_region_first(municipality: Municipality, name: str) -> str:
    return f"{'1' if municipality.in_region else '2'} {fold(name)}"


def _desks(_: Any) -> Iterator[Document]:
    """The contact points, also by the people whom everybody sees beside their numbers."""
    labels: dict[str, set[str]] = defaultdict(set)
    seen = ContactDetail.select(ContactPoint.key, ContactDetail.label).join(ContactPoint)
    for key, label in fetch_tuples(
        seen.where(
            ContactDetail.kind.in_([DetailKind.PHONE, DetailKind.EMAIL]) & (ContactDetail.visibility == Visibility.OPEN)
        )
    ):
        labels[key].add(label)
    points = ContactPoint.select(ContactPoint, Organisation).join(Organisation)
    for number, point in enumerate(points.order_by(ContactPoint.id)):
        names = f"{point.aliases} {point.organisation.name}"
        context = " ".join(sorted(labels[point.key]))
        yield Document(point.key, point.name, names, context, f"{number:06}")


def _schools(which: Any) -> Iterator[Document]:
    schools = School.select(School, Place, Municipality, Sector).join(Place).join(Municipality)
    open_ones = schools.join_from(School, Sector).where(is_open(clock.today()) & which)
    for school in open_ones:
        digits, letters = school.postcode.split()
        names = (school.name, *school.aliases.split("; "))
        # Without the house number: a short number is more often part of a telephone number.
        street = re.sub(r"\s\d{1,5}\S{0,10}$", "", school.street)
        yield Document(
            school.code,
            school.name,
            " ".join([school.duo_name, school.aliases, *map(other_spellings, names)]),
            f"{school.code} {street} {digits} {letters} {digits}{letters} "
            f"{school.place.name} {school.place.aliases} {school.place.municipality.name} "
            f"school {school.sector.label} {' '.join(synonyms(school.sector.label))}",
            f"{fold(school.name)}\t{school.code}",
        )


def _people(which: Any) -> Iterator[Document]:
    employers = defaultdict(list)
    employments = Employment.select(Employment.person, Organisation.name).join(Organisation)
    for number, name in fetch_tuples(employments):
        employers[number].append(name)
    for person in Person.select(Person, Organisation).join(Organisation).where(which):
        names = " ".join([person.organisation.name, *employers[person.id]])
        yield Document(
            str(person.id),
            person.name,
            person.infix.replace(" ", ""),
            f"{names} {person.given_name[:1]}",
            f"{person.sort_key}\t{person.id:09}",
        )


class _Kind(NamedTuple):
    """A kind of document: the models that it is made of, with its own first, and the documents of
    the rows for which a condition on those models holds. A small kind is rewritten as a whole."""

    name: str
    made_of: tuple[Any, ...]
    documents: Callable[[Any], Iterable[Document]]
    is_small: bool = True


_ALL = SQL("1 = 1")
_KINDS = (
    _Kind(ROLE, (Role,), _roles),
    _Kind(MUNICIPALITY, (Municipality, Place, Postcode), _municipalities),
    _Kind(PLACE, (Place, Municipality, Postcode), _places_of_their_own),
    _Kind(DESK, (ContactPoint, Organisation, ContactDetail), _desks),
    _Kind(SCHOOL, (School, Place, Municipality, Sector), _schools, is_small=False),
    _Kind(PERSON, (Person, Organisation), _people, is_small=False),
)
