"""Caches the generated SQL of hot queries: writing it is a good part of a peewee query.

Only for a query of which the bench shows that it pays (`docs/performance.md`); the others stay
plain peewee.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from itertools import accumulate, chain
from typing import Any, TypeVar

from peewee import AsIs

from portal.database import BaseModel, db, fetch_tuples
from portal.database.fields import Readers, choose_reader, read_rows

_LONGEST_LIST = 1024  # values; SQLite takes some 32,000 parameters in one statement

Row = TypeVar("Row", bound=BaseModel)
_Written = tuple[str, list[Any], Readers]  # its parameters have placeholders among them
# The places of its parameters among the values of a call and the constants behind them.
_Statement = tuple[str, list[int], list[Any], Readers]


class _Placeholder(int):
    """The position of a parameter among the values that a call gives."""


def prepared(build: Callable[..., Any]) -> Callable[..., list[tuple[Any, ...]]]:
    """Turn `build`, which makes a select for some values, into a function that runs it.

    The values may only be used as parameters of the query. A list is one for `in_`, joined to
    the rest with AND: an empty list finds nothing. None may change the query. `.build` is the
    undecorated function.
    """
    statements: dict[tuple[str, tuple[int, ...]], _Statement] = {}
    written: dict[tuple[str, tuple[int, ...]], _Written] = {}  # for lists of one value

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
            kinds = (db.param, tuple(min(length, 1) for length in shape))
            if kinds not in written:
                written[kinds] = _write(build, kinds[1])
            statements[key] = _lengthen(*written[kinds], shape)
        sql, places, constants, readers = statements[key]
        flat = [v for value in padded for v in (value if isinstance(value, list) else [value])]
        parameters = tuple(map((flat + constants).__getitem__, places))
        return read_rows(db.execute_sql(sql, parameters).fetchall(), readers)

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


def _write(build: Callable[..., Any], shape: tuple[int, ...]) -> _Written:
    """The statement for values of this shape: 1 stands for a list of one value, 0 for a single
    value, -1 for None."""
    values = [AsIs(_Placeholder(number), converter=False) for number in range(len(shape))]
    pairs = zip(shape, values, strict=True)
    query = build(*(None if kind < 0 else [value] if kind else value for kind, value in pairs))
    readers = [
        (number, reader)
        for number, column in enumerate(query._returning)
        if (reader := choose_reader(column))
    ]
    return (*query.sql(), readers)


def _lengthen(
    sql: str, parameters: list[Any], readers: Readers, shape: tuple[int, ...]
) -> _Statement:
    """The same statement for lists of the lengths in `shape`. For peewee it would be another."""
    marks: list[str] = []
    places: list[int] = []
    constants: list[Any] = []
    firsts = list(accumulate((max(length, 1) for length in shape), initial=0))
    for parameter in parameters:
        if type(parameter) is _Placeholder:
            own = range(firsts[parameter], firsts[parameter + 1])
        else:
            own = range(firsts[-1] + len(constants), firsts[-1] + len(constants) + 1)
            constants.append(parameter)
        marks.append(", ".join([db.param] * len(own)))
        places += own
    sql = "".join(chain.from_iterable(zip(sql.split(db.param), [*marks, ""], strict=True)))
    return sql, places, constants, readers
