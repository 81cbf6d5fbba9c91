"""The full-text search index over names: a row per document, and the engine's index of its words.

The index holds undated names, aliases and addresses. Answers and numbers are joined for the asked
day. The stored rank orders the hits: scoring or sorting every hit costs many times the search.
Features register the kinds of pages that the search box also finds.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

from peewee import BigIntegerField, CharField, TextField, chunked

from portal.database import BaseModel, current_engine, fetch_tuples
from portal.database.directory_version import lock_directory, note_table
from portal.database.noted_reads import unnoted
from portal.search.spellings import without_small_words
from portal.text import fold

FIRST_PAGE_KIND = 7  # kinds from this order on are pages of features
# Ranks: a range per kind, filled from its middle with gaps, so that a document between two others
# seldom moves any. Wider gaps make the index larger and a search slower.
_PER_KIND = 1 << 40
_FIRST_NAME = 2 * _PER_KIND  # before it are the roles
_FIRST_PAGE = FIRST_PAGE_KIND * _PER_KIND
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
    """Replace the documents of a kind; equal ones are left alone. Kinds with a lower `order` rank
    first."""
    new = sorted(map(_fold, documents), key=lambda document: (document.sort_key, document.ref))
    columns = [getattr(SearchDocument, name) for name in Document._fields]
    mine = SearchDocument.kind == kind
    old = fetch_tuples(SearchDocument.select(*columns).where(mine).order_by(SearchDocument.rank))
    if old == new:
        return
    lock_directory()
    SearchDocument.delete().where(mine).execute()
    first = order * _PER_KIND + _PER_KIND // 2
    _insert(
        {"rank": first + number * _GAP, "kind": kind, **document._asdict()}
        for number, document in enumerate(new)
    )


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
    later = SearchDocument.select().where(
        (SearchDocument.kind == kind) & (SearchDocument.rank > before)
    )
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
    names, context = (
        " ".join(dict.fromkeys(fold(text).split())) for text in (document.names, document.context)
    )
    return document._replace(title=fold(document.title), names=names, context=context)


def find_documents(
    words: list[str], limit: int, *, pages: bool = False, in_names: bool = False
) -> list[Hit]:
    """The documents with all `words` (folded), the last word as a prefix: of the directory, or of
    the pages of features. With `in_names`, only those with the words in a name.

    The order: documents with exactly this title, with the words in a name, with the last word as
    the beginning of a name, with the words in the context, with the last word as the beginning of
    a word there.
    """
    if not words:
        return []
    ranks = (_FIRST_PAGE, 2 * _FIRST_PAGE) if pages else (0, _FIRST_PAGE)
    titles: dict[Hit, str] = {}
    for names_only in (True,) if in_names else (True, False):
        if len(titles) < limit:  # otherwise they would rank lower
            for kind, ref, title in current_engine().find_words(
                words, ranks, limit, names_only, both=not pages
            ):
                titles.setdefault(Hit(kind, ref), title)
    exact = without_small_words(words)
    return sorted(titles, key=lambda hit: without_small_words(titles[hit].split()) != exact)[:limit]


def count_words() -> tuple[Mapping[str, int], set[str]]:
    """Every word of the documents of the directory, folded, with the number of those that have it;
    and the plain words of roles and pages."""
    note_table(SearchDocument)  # for all that is read below
    rank = SearchDocument.rank
    plain_ones = SearchDocument.select(
        SearchDocument.title, SearchDocument.names, SearchDocument.context
    ).where((rank < _FIRST_NAME) | (rank >= _FIRST_PAGE))
    with unnoted():
        texts = fetch_tuples(plain_ones)
        counts = Counter(dict(current_engine().count_words()))
    plain = Counter(chain.from_iterable(set(" ".join(text).split()) for text in texts))
    return counts - plain, set(plain)


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


_kinds: dict[str, PageKind] = {}


def register_pages(kind: PageKind) -> None:
    """Add a kind of page; results list the kinds in the order of registration."""
    _kinds[kind.name] = kind


def list_page_kinds() -> list[PageKind]:
    """The registered kinds, in their order."""
    return list(_kinds.values())
