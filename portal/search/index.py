"""Full-text search over names: the one module that knows how this database does it.

The index holds names, aliases and addresses, and no dates: who answers and on which number is
joined afterwards for the asked day. Hits come in the order of a rank that is stored (as the row
id), because scoring every hit costs many times the search itself.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from peewee import SQL
from playhouse.sqlite_ext import FTS5Model, RowIDField, SearchField
from rapidfuzz import fuzz, process

from portal.database import db
from portal.database.cache import cached_until_write
from portal.database.compiled import prepared
from portal.text import fold

_PER_KIND = 100_000_000
FIRST_PAGE = 6  # kinds from this order on are pages of features


class Document(NamedTuple):
    """What one result can be found by. `ref` is the key of the row that it stands for."""

    ref: str
    title: str
    names: str = ""  # other names for the same thing
    context: str = ""  # where it is: finds it too, but after those that are called so


class Hit(NamedTuple):
    """A found document."""

    kind: str
    ref: str


class SearchDocument(FTS5Model):
    """The index. Everything in it is folded; what a page shows comes from the row itself."""

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
    """Put `documents` in the index instead of those of this kind that are there.

    Kinds with a lower `order` are found first; within a kind, the order given counts.
    """
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


def find(words: list[str], limit: int, *, pages: bool = False) -> list[Hit]:
    """The documents that hold all `words` (folded), the last as the beginning of a word: those of
    the directory, or the `pages` of features.

    First those that are called exactly so, then those with these words in a name, then those
    where a name begins like this, then those where it stands in the address.
    """
    if not words:
        return []
    # A folded word holds letters and digits only, so nothing in it is syntax.
    whole = " AND ".join(f'"{word}"' for word in words)
    first_page = FIRST_PAGE * _PER_KIND
    among = (first_page, 2 * first_page) if pages else (0, first_page)
    found: dict[Hit, str] = {}
    queries = (f"{{title names}} : ({whole})", f"{{title names}} : ({whole}*)", f"{whole}*")
    for query in queries[pages:]:  # of pages there are few
        if len(found) >= limit:
            break  # a wider query would only add what comes after these
        for kind, ref, title in _matching(query, *among, limit):
            found.setdefault(Hit(kind, ref), title)
    asked = " ".join(words)
    return sorted(found, key=lambda hit: found[hit] != asked)[:limit]


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


def correct(words: list[str]) -> list[str]:
    """`words` with each word that no document has replaced by the word most like it.

    Gives `words` unchanged where nothing is alike.
    """
    known = _known_words()
    return [word if word in known else _nearest(word, known) for word in words]


@cached_until_write
def _known_words() -> frozenset[str]:
    known: set[str] = set()
    rows = SearchDocument.select(
        SearchDocument.title, SearchDocument.names, SearchDocument.context
    ).tuples()
    for texts in rows.iterator():  # one by one: all of them together are much
        for text in texts:
            known.update(text.split())
    return frozenset(known)


def _nearest(word: str, known: frozenset[str]) -> str:
    if len(word) < 4 or word.isdigit():
        return word
    # A typo leaves a word about as long as it was.
    candidates = sorted(other for other in known if abs(len(other) - len(word)) <= 2)
    best = process.extractOne(word, candidates, scorer=fuzz.ratio, score_cutoff=72)
    return best[0] if best else word
