"""The text of the hottest queries, made once: almost half of a peewee query is writing its SQL.

Only for a query that a profile points at (`docs/performance.md`); the rest stays plain peewee.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from peewee import AsIs, BooleanField, DateField

from portal.database import db
from portal.database.fields import TimestampField

_READ: dict[type, Callable[[Any], Any]] = {
    DateField: date.fromisoformat,
    BooleanField: bool,
    TimestampField: TimestampField().python_value,
}


_MOST = 1024  # of a list; SQLite takes some 32,000 parameters


class _Slot(int):
    """The place of a value among those that a query is run with."""


def prepared(build: Callable[..., Any]) -> Callable[..., list[tuple[Any, ...]]]:
    """Make of `build`, which gives a select for some values, a function that gives its rows.

    The values may only be parameters of the query. A list is one for `in_`, and-ed with the rest:
    an empty one finds nothing. None changes the query. `.build` is what it was made of.
    """
    texts: dict[tuple[int, ...], tuple[str, list[Any], list[Any]]] = {}

    @wraps(build)
    def rows(*values: Any) -> list[tuple[Any, ...]]:
        if [] in values:
            return []
        if any(isinstance(value, list) and len(value) > _MOST for value in values):
            return list(build(*values).tuples())  # seldom, and no text to keep
        filled = [_padded(value) if isinstance(value, list) else value for value in values]
        shape = tuple(
            -1 if value is None else len(value) if isinstance(value, list) else 0
            for value in filled
        )
        if shape not in texts:
            texts[shape] = _write(build, shape)
        sql, parameters, readers = texts[shape]
        flat = [v for value in filled for v in (value if isinstance(value, list) else [value])]
        found = db.execute_sql(
            sql, [flat[p] if type(p) is _Slot else p for p in parameters]
        ).fetchall()  # type: ignore[no-untyped-call]
        return [_read(row, readers) for row in found] if readers else found

    rows.build = build  # type: ignore[attr-defined]
    return rows


def _padded(values: list[Any]) -> list[Any]:
    """`values` with the last again and again: few lengths, so few texts."""
    length = 1
    while length < len(values):
        length *= 4
    return values + values[-1:] * (length - len(values))


def _write(
    build: Callable[..., Any], shape: tuple[int, ...]
) -> tuple[str, list[Any], list[tuple[int, Callable[[Any], Any]]]]:
    """The text for values of this shape, its parameters with slots among them, and the columns
    that are read as something else than what SQLite gives."""
    at = 0
    arguments: list[Any] = []
    for length in shape:
        slots = [AsIs(_Slot(at + number), converter=False) for number in range(max(length, 1))]
        arguments.append(None if length < 0 else slots if length else slots[0])
        at += len(slots)
    query = build(*arguments)
    readers = [
        (number, _READ[type(column)])
        for number, column in enumerate(query._returning)
        if type(column) in _READ
    ]
    return (*query.sql(), readers)


def _read(row: tuple[Any, ...], readers: list[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    read = list(row)
    for number, reader in readers:
        if read[number] is not None:
            read[number] = reader(read[number])
    return tuple(read)
