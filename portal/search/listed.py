"""The find box of a long list: which of its rows have the typed words."""

from typing import Any

from peewee import SQL

from portal.search.documents import PERSON
from portal.search.index import SearchDocument
from portal.text import fold


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
