"""The full-text search index over names: a row per document, and the engine's index of its words.

The index holds undated names, aliases and addresses. Answers and numbers are joined for the asked
day. The stored rank orders the hits: scoring or sorting every hit costs many times the search.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from peewee import BigIntegerField, CharField, TextField, chunked

from portal.database import BaseModel, fetch_tuples
from portal.database.directory_version import lock_directory
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
