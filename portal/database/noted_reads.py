"""Notes what is read from the database, so that what was made of it can be kept while it reads the
same: each select with a digest of its rows, however much else has changed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

Read = tuple[str, tuple[Any, ...]]  # a select and its parameters
Reads = dict[Read, int]  # with the digest of its rows

_SELECT = re.compile(r"[\s(]*(?:SELECT|WITH)\b")
# The names after FROM and JOIN, and those to which peewee gives a short name; not the indexes of
# words, which change with search_document and are read together with it, nor lists.
_TABLES = re.compile(r'\b(?:FROM|JOIN) (?!search_word|json_each)"?(\w+)|"(\w+)" AS "t\d')
_noted: ContextVar[Reads | None] = ContextVar("noted", default=None)


class NotingDatabase:
    """A database that notes what is read, besides peewee's class of an engine."""

    def execute_sql(self, sql: str, params: Sequence[Any] | None = None) -> Any:
        """Run a statement; inside `noted`, a select is read as a whole."""
        cursor = super().execute_sql(sql, params)  # type: ignore[misc]  # of peewee's class
        reads = _noted.get()
        if reads is None or not _SELECT.match(sql):
            return cursor
        rows = cursor.fetchall()
        # Where a UNION ALL finds nothing, none of its selects does: only some are read again.
        parts = [(sql, slice(None))] if rows else _parts_of(sql, self.param)  # type: ignore[attr-defined]
        reads |= {(part, tuple(params or ())[place]): digest(rows) for part, place in parts}
        return _Fetched(cursor.description, rows)


class _Fetched:
    """A cursor whose rows were fetched."""

    def __init__(self, description: Any, rows: list[Any]) -> None:
        self.description = description
        self._rows = iter(rows)

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def close(self) -> None:
        pass


@lru_cache(4096)
def tables_of(sql: str) -> frozenset[str]:
    """The tables that a select reads."""
    return frozenset(first or second for first, second in _TABLES.findall(sql))


@lru_cache(4096)
def _parts_of(sql: str, param: str) -> list[tuple[str, slice]]:
    """The selects of a UNION ALL, each with the place of its parameters."""
    parts, first = [], 0
    for piece in sql.split(" UNION ALL "):
        part = piece.lstrip("(")
        part = part.removesuffix(")" * (part.count(")") - part.count("(")))
        if part.count("(") != part.count(")"):  # it is a part of a select in the select
            return [(sql, slice(None))]
        parts.append((part, slice(first, first := first + part.count(param))))
    return parts


def digest(rows: Iterable[tuple[Any, ...]]) -> int:
    """A number that other rows have by a chance of one in 2**61, in this process. `hash` takes a tenth of the time of
    a digest of their text. The hashes of -1 and -2 are equal; no column holds both."""
    return hash(tuple(rows))


@contextmanager
def noted() -> Iterator[Reads]:
    """Note the reads of the block, also for the block around it."""
    reads: Reads = {}
    token = _noted.set(reads)
    try:
        yield reads
    finally:
        _noted.reset(token)
        note(reads)


@contextmanager
def unnoted() -> Iterator[None]:
    """Note nothing of the block, for which another read stands."""
    token = _noted.set(None)
    try:
        yield
    finally:
        _noted.reset(token)


def note(reads: Mapping[Read, int]) -> None:
    """Note the reads of something that was kept."""
    if (around := _noted.get()) is not None:
        around.update(reads)
