"""Caches the generated SQL of hot queries: writing it is a good part of a peewee query.

Only for a query of which the bench shows that it pays (`docs/performance.md`); the others stay
plain peewee.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from peewee import AsIs

from portal.database import BaseModel, db, fetch_tuples
from portal.database.fields import Readers, choose_reader, read_rows

_LONGEST_LIST = 1024  # values; SQLite takes some 32,000 parameters in one statement

Row = TypeVar("Row", bound=BaseModel)


class _Placeholder(int):
    """The position of a parameter among the values that a call gives."""


def prepared(build: Callable[..., Any]) -> Callable[..., list[tuple[Any, ...]]]:
    """Turn `build`, which makes a select for some values, into a function that runs it.

    The values may only be used as parameters of the query. A list is one for `in_`, joined to
    the rest with AND: an empty list finds nothing. None may change the query. `.build` is the
    undecorated function.
    """
    statements: dict[tuple[str, tuple[int, ...]], tuple[str, list[Any], Readers]] = {}

    @wraps(build)
    def run(*values: Any) -> list[tuple[Any, ...]]:
        if [] in values:
            return []
        if any(isinstance(value, list) and len(value) > _LONGEST_LIST for value in values):
            return fetch_tuples(build(*values))  # rare, and not worth a cached statement
        padded = [_pad(value) if isinstance(value, list) else value for value in values]
        shape = tuple(
            -1 if value is None else len(value) if isinstance(value, list) else 0
            for value in padded
        )
        key = (db.param, shape)  # the engines write placeholders differently
        if key not in statements:
            statements[key] = _compile(build, shape)
        sql, parameters, readers = statements[key]
        flat = [v for value in padded for v in (value if isinstance(value, list) else [value])]
        result = db.execute_sql(
            sql, [flat[p] if type(p) is _Placeholder else p for p in parameters]
        ).fetchall()
        return read_rows(result, readers)

    run.build = build  # type: ignore[attr-defined]  # a function takes any
    return run


def make_row(model: type[Row], values: Sequence[Any]) -> Row:
    """The row of a model from the values of all its columns, in their order."""
    row = model(__no_default__=True)
    row.__data__.update(zip(model._meta.sorted_field_names, values, strict=True))
    return row


def read_models(query: Any) -> list[Any]:
    """The rows of a select of all columns of one model, in a fraction of the time that peewee takes
    for thousands."""
    return [make_row(query.model, values) for values in fetch_tuples(query)]


def _pad(values: list[Any]) -> list[Any]:
    """Pad to the next power of four by repeating the last value, to limit the number of cached
    statements."""
    length = 1
    while length < len(values):
        length *= 4
    return values + values[-1:] * (length - len(values))


def _compile(build: Callable[..., Any], shape: tuple[int, ...]) -> tuple[str, list[Any], Readers]:
    """The SQL for values of this shape, its parameters with placeholders among them, and the
    columns whose values the driver does not give as Python knows them.

    A shape has one number per value: the length of a list, 0 for a single value, -1 for None.
    """
    position = 0
    arguments: list[Any] = []
    for length in shape:
        placeholders = [
            AsIs(_Placeholder(position + number), converter=False)
            for number in range(max(length, 1))
        ]
        arguments.append(None if length < 0 else placeholders if length else placeholders[0])
        position += len(placeholders)
    query = build(*arguments)
    readers = [
        (number, reader)
        for number, column in enumerate(query._returning)
        if (reader := choose_reader(column))
    ]
    return (*query.sql(), readers)
