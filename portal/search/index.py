"""The full-text search index over names, in SQLite's FTS5; no other module depends on FTS5.

The index holds undated names, aliases and addresses. Answers and numbers are joined for the asked
day. The stored rank (the row id) orders the hits: scoring every hit costs many times the search.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from peewee import SQL
from playhouse.sqlite_ext import FTS5Model, RowIDField, SearchField

from portal.database import db
from portal.database.cache import cached_until_change
from portal.database.compiled import prepared
from portal.search.spellings import without_small_words
from portal.text import fold

_PER_KIND = 100_000_000
FIRST_PAGE_KIND = 7  # kinds from this order on are pages of features


class Document(NamedTuple):
    """The searchable text of one result."""

    ref: str  # key of its row
    title: str
    names: str = ""  # other names
    context: str = ""  # such as an address; a match here ranks after a match in a name


class Hit(NamedTuple):
    """A found document."""

    kind: str
    ref: str


class SearchDocument(FTS5Model):
    """The index. Its text is folded; a page shows the text of the row itself."""

    rowid = RowIDField()
    title = SearchField()
    names = SearchField()
    context = SearchField()
    kind = SearchField(unindexed=True)
    ref = SearchField(unindexed=True)

    class Meta:
        database = db
        legacy_table_names = False
        options: ClassVar = {"tokenize": "unicode61 remove_diacritics 2", "prefix": "1 2 3 4 5"}


def replace_documents(kind: str, order: int, documents: Iterable[Document]) -> None:
    """Replace the documents of a kind. Kinds with a lower `order` rank first; within a kind, the
    order of `documents` is the rank."""
    start = order * _PER_KIND
    SearchDocument.delete().where(
        (SearchDocument.rowid >= start) & (SearchDocument.rowid < start + _PER_KIND)
    ).execute()
    rows = [
        {
            "rowid": start + number,
            "title": fold(document.title),
            "names": fold(document.names),
            "context": fold(document.context),
            "kind": kind,
            "ref": document.ref,
        }
        for number, document in enumerate(documents, start=1)
    ]
    for at in range(0, len(rows), 100):
        SearchDocument.insert_many(rows[at : at + 100]).execute()


def find_documents(words: list[str], limit: int, *, pages: bool = False) -> list[Hit]:
    """The documents with all `words` (folded), the last word as a prefix: of the directory, or of
    the pages of features.

    The order: documents with exactly this title, with the words in a name, with the last word as
    the beginning of a name, with the words in the context.
    """
    if not words:
        return []
    # A folded word holds letters and digits only, so nothing in it is syntax.
    whole = " AND ".join(f'"{word}"' for word in words)
    first_page = FIRST_PAGE_KIND * _PER_KIND
    rowids = (first_page, 2 * first_page) if pages else (0, first_page)
    titles: dict[Hit, str] = {}
    queries = (f"{{title names}} : ({whole})", f"{{title names}} : ({whole}*)", f"{whole}*")
    for query in queries[pages:]:  # pages are few: the narrowest query is not needed
        if len(titles) >= limit:
            break  # a wider query would only add lower ranks
        for kind, ref, title in _matching(query, *rowids, limit):
            titles.setdefault(Hit(kind, ref), title)
    exact = without_small_words(words)
    return sorted(titles, key=lambda hit: without_small_words(titles[hit].split()) != exact)[:limit]


@prepared
def _matching(query: str, start: int, end: int, limit: int) -> Any:
    return (
        SearchDocument.select(SearchDocument.kind, SearchDocument.ref, SearchDocument.title)
        .where(
            SearchDocument.match(query)
            & (SearchDocument.rowid >= start)
            & (SearchDocument.rowid < end)
        )
        .order_by(SQL("rowid"))
        .limit(limit)
    )


@cached_until_change
def count_words() -> Mapping[str, int]:
    """Every word of the index, folded, with how often it stands there."""
    known: Counter[str] = Counter()
    rows = SearchDocument.select(
        SearchDocument.title, SearchDocument.names, SearchDocument.context
    ).tuples()
    for texts in rows.iterator():  # one by one, to limit memory
        for text in texts:
            known.update(text.split())
    return known
