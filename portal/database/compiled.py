"""Caches the generated SQL of hot queries: writing it is a good part of a peewee query.

Only for a query of which the bench shows that it pays (`docs/performance.md`); the others stay plain peewee.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from itertools import chain
from typing import Any, TypeVar

from peewee import SQL, AsIs

from portal.database import BaseModel, current_engine, db, fetch_tuples
from portal.database.fields import Readers, choose_reader, read_rows

Row = TypeVar("Row", bound=BaseModel)
_Written = tuple[str, list[Any], Readers]  # its parameters have placeholders among them
# The text, the places of its parameters among the values of a call and the constants after them.
_Statement = tuple[str, list[int], list[Any], Readers]


class _Placeholder(int):
    """The position of a parameter among the values that a call gives."""


def prepared(build: Callable[..., Any]) -> Callable[..., list[tuple[Any, ...]]]:
    """Turn `build`, which makes a select for some values, into a function that runs it.

    The values may only be used as parameters of the query. A list is one parameter, for `in_`, joined to the rest with
    AND: an empty list finds nothing. None may change the query. `.build` is the undecorated function.
    """
    statements: dict[tuple[object, tuple[int, ...]], _Statement] = {}
    written: dict[tuple[object, tuple[int, ...]], _Written] = {}  # for lists of one value

    @wraps(build)
    def run(*values: Any) -> list[tuple[Any, ...]]:
        if [] in values:
            return []
        engine = current_engine()
        counts = tuple(map(_count, values))
        key = (engine.among, counts)  # the engines write differently
        if key not in statements:
            kinds = (engine.among, tuple(min(count, 1) for count in counts))
            if kinds not in written:
                written[kinds] = _write(build, values)
            statements[key] = _fit(*written[kinds], counts)
        sql, places, constants, readers = statements[key]
        given = [
            value if type(value) is not list else value[0] if len(value) == 1 else engine.write_list(value)
            for value in values
        ]
        parameters = tuple(map((given + constants).__getitem__, places))
        return read_rows(db.execute_sql(sql, parameters).fetchall(), readers)

    run.build = build  # type: ignore[attr-defined]  # a function takes any
    return run


def make_row(model: type[Row], values: Sequence[Any]) -> Row:
    """The row of a model from the values of all its columns, in their order."""
    row = model(__no_default__=True)
    row.__data__.update(zip(model._meta.sorted_field_names, values, strict=True))
    return row


def read_models(query: Any) -> list[Any]:
    """The rows of a select of all columns of one model, in a fraction of the time that peewee takes for thousands."""
    return [make_row(query.model, values) for values in fetch_tuples(query)]


def _count(value: Any) -> int:
    """0 for None, 1 for a value or a list of one, which is compared with `=` because that is quicker, 2 for more texts,
    3 for more numbers."""
    if type(value) is not list or len(value) == 1:
        return 0 if value is None else 1
    return 3 if isinstance(value[0], int) else 2


def _write(build: Callable[..., Any], values: Sequence[Any]) -> _Written:
    """The statement for values of these types, for lists of one value."""
    day = current_engine().day
    placeholders = [
        SQL(day, (_Placeholder(number),)) if type(value) is date else AsIs(_Placeholder(number), converter=False)
        for number, value in enumerate(values)
    ]
    query = build(
        *(
            None if value is None else [placeholder] if type(value) is list else placeholder
            for value, placeholder in zip(values, placeholders, strict=True)
        )
    )
    readers = [(number, reader) for number, column in enumerate(query._returning) if (reader := choose_reader(column))]
    return (*query.sql(), readers)


def _fit(sql: str, parameters: list[Any], readers: Readers, counts: tuple[int, ...]) -> _Statement:
    """The same statement for as many values as `counts` says. For peewee it would be another."""
    places, constants, marks = [], list[Any](), []
    for parameter in parameters:
        is_given = type(parameter) is _Placeholder
        places.append(parameter if is_given else len(counts) + len(constants))
        constants += [] if is_given else [parameter]
        marks.append("\0\1"[counts[parameter] - 2] if is_given and counts[parameter] > 1 else db.param)
    sql = "".join(chain.from_iterable(zip(sql.split(db.param), [*marks, ""], strict=True)))
    texts, numbers = current_engine().among
    return sql.replace("IN (\0)", texts).replace("IN (\1)", numbers), places, constants, readers
