"""The full-text search index over names: a row per document, made of the directory or of a registered page, and the
engine's index of its words.

The index holds undated names, aliases and addresses. Answers and numbers are joined for the asked
day. The stored rank orders the hits: scoring or sorting every hit costs many times the search.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from flask import current_app
from peewee import SQL, BigIntegerField, CharField, TextField, chunked

from portal import clock
from portal.database import BaseModel, fetch_tuples
from portal.database.directory_version import lock_directory
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
from portal.search.spellings_and_abbreviations import other_spellings, synonyms
from portal.text import fold

# The kinds of documents of the directory.
ROLE, MUNICIPALITY, PLACE, DESK = "role", "municipality", "place", "desk"
SCHOOL, PERSON = "school", "person"
FIRST_PAGE_KIND = 7  # kinds from this order on are pages of features
# Ranks: a range per kind, filled from its middle with gaps, so that a document between two others
# seldom moves any. Wider gaps make the index larger and a search slower.
_PER_KIND = 1 << 40
FIRST_NAME = 2 * _PER_KIND  # before it are the roles
FIRST_PAGE = FIRST_PAGE_KIND * _PER_KIND
_GAP = 1 << 11


class Document(NamedTuple):
    """The searchable text of one result."""

    ref: str  # key of its row
    title: str
    names: str = ""  # other names
    context: str = ""  # such as an address; a match here ranks after a match in a name
    sort_key: str = ""  # its place among the documents of its kind


class Hit(NamedTuple):
    """A found document."""

    kind: str
    ref: str


class SearchDocument(BaseModel):
    """A document with its rank. Its text is folded; a page shows the text of the row itself.

    The database keeps the index of its words; see `create_word_index`.
    """

    rank = BigIntegerField(primary_key=True)
    kind = CharField()
    ref = CharField()
    sort_key = CharField()
    title = TextField()
    names = TextField()
    context = TextField()

    class Meta:
        indexes = ((("kind", "ref"), True), (("kind", "sort_key"), False))


def is_empty() -> bool:
    """Whether the index holds no document."""
    return not SearchDocument.select().exists()


def replace_documents(kind: str, order: int, documents: Iterable[Document]) -> None:
    """Replace the documents of a kind; equal ones are left alone. Kinds with a lower `order` rank first."""
    new = sorted(map(_fold, documents), key=lambda document: (document.sort_key, document.ref))
    columns = [getattr(SearchDocument, name) for name in Document._fields]
    mine = SearchDocument.kind == kind
    old = fetch_tuples(SearchDocument.select(*columns).where(mine).order_by(SearchDocument.rank))
    if old == new:
        return
    lock_directory()
    SearchDocument.delete().where(mine).execute()
    first = order * _PER_KIND + _PER_KIND // 2
    _insert({"rank": first + number * _GAP, "kind": kind, **document._asdict()} for number, document in enumerate(new))


def list_changed(kind: str, documents: Iterable[Document]) -> list[Document]:
    """Those of the documents that the index does not hold like this."""
    columns = [getattr(SearchDocument, name) for name in Document._fields]
    changed = []
    for batch in chunked(documents, 500):
        refs = SearchDocument.ref.in_([document.ref for document in batch])
        mine = SearchDocument.select(*columns).where((SearchDocument.kind == kind) & refs)
        held = set(fetch_tuples(mine))
        changed += [document for document in batch if _fold(document) not in held]
    return changed


def write_document(kind: str, order: int, document: Document) -> None:
    """Add a document, or replace the one with its `ref`, in the transaction of the caller."""
    lock_directory()
    remove_document(kind, document.ref)
    folded = _fold(document)
    rank = _find_rank(kind, order, folded.sort_key)
    _insert([{"rank": rank, "kind": kind, **folded._asdict()}])


def remove_document(kind: str, ref: str) -> None:
    """Remove a document, if it is there."""
    this = (SearchDocument.kind == kind) & (SearchDocument.ref == ref)
    SearchDocument.delete().where(this).execute()


def _find_rank(kind: str, order: int, sort_key: str) -> int:
    """A free rank for a document of this sort key."""
    ranks = SearchDocument.select(SearchDocument.rank).where(SearchDocument.kind == kind).limit(1)
    before = (
        ranks.where(SearchDocument.sort_key <= sort_key)
        .order_by(SearchDocument.sort_key.desc(), SearchDocument.rank.desc())
        .scalar()
    )
    if before is None:
        first = ranks.order_by(SearchDocument.rank).scalar()
        return order * _PER_KIND + _PER_KIND // 2 if first is None else int(first) - _GAP
    after = ranks.where(SearchDocument.rank > before).order_by(SearchDocument.rank).scalar()
    if after is None:
        return int(before) + _GAP
    if after == before + 1:
        _make_room(kind, before)
        return _find_rank(kind, order, sort_key)
    return int(before + after) // 2


def _make_room(kind: str, before: int) -> None:
    """Space out the documents that follow the rank `before`: as few as gives each some room."""
    later = SearchDocument.select().where((SearchDocument.kind == kind) & (SearchDocument.rank > before))
    number, gap = 32, 0
    while gap < 16:
        number *= 2
        rows: list[Any] = list(later.order_by(SearchDocument.rank).limit(number).dicts())
        end = rows[-1]["rank"] + (_GAP * number if len(rows) < number else 0)
        gap = (end - before) // len(rows)
    SearchDocument.delete().where(SearchDocument.rank.in_([row["rank"] for row in rows])).execute()
    _insert({**row, "rank": before + at * gap} for at, row in enumerate(rows, start=1))


def _insert(rows: Iterable[dict[str, Any]]) -> None:
    for hundred in chunked(rows, 100):
        SearchDocument.insert_many(hundred).execute()


def _fold(document: Document) -> Document:
    """The document with its texts folded; beside the title each word once, in any order."""
    names, context = (" ".join(dict.fromkeys(fold(text).split())) for text in (document.names, document.context))
    return document._replace(title=fold(document.title), names=names, context=context)


# ---- The documents of the directory and of the pages

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
    pages = current_app.extensions.get("page_kinds", ())  # see `register_pages` in finding.py
    for order, kind in enumerate(pages, start=FIRST_PAGE_KIND):
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
