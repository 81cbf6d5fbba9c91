"""Copies all rows of one database into another, whatever their engines."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from peewee import AutoField, Database, __exception_wrapper__, chunked, sort_models  # type: ignore[attr-defined]  # its own hints leave these out
from playhouse.migrations import Runner

from portal.database import MIGRATIONS, BaseModel
from portal.database.engine import Engine

_BATCH = 500  # rows
_OWN = {"directory_version", "table_version", "search_document"}  # each database has its own


class Table(NamedTuple):
    """A table by its name: how many rows it has, and a hash of them that knows no order."""

    name: str
    rows: int
    digest: str


def list_models() -> list[type[BaseModel]]:
    """The tables whose rows are copied, after those that they refer to."""
    models: list[type[BaseModel]] = sort_models(BaseModel.__subclasses__())
    return [model for model in models if model._meta.table_name not in _OWN]


def is_current(engine: Engine) -> bool:
    """Whether a database has the tables of this version."""
    states = Runner(engine.db, str(MIGRATIONS)).status()
    return all(row.applied and row.path for row in states)


def is_filled(engine: Engine) -> bool:
    """Whether a migrated database holds a row."""
    return any(model.select().bind(engine.db).exists() for model in list_models())


def copy_rows(source: Engine, target: Engine) -> None:
    """Copy the rows of `source` into `target`, in one transaction of each. Both have the tables of this version, and
    those of `target` are empty. Raises peewee.DatabaseError where the engine of `target` refuses a row."""
    last_ids = source.last_ids()
    with source.db.atomic(), target.db.atomic():
        for model in list_models():
            _insert(model, _rows(model, source.db), target.db)
        for model in list_models():
            key = model._meta.primary_key
            if isinstance(key, AutoField):
                table = model._meta.table_name
                highest = model.select(key).order_by(key.desc()).bind(target.db).scalar() or 0
                # An id never comes back, also that of a row that was removed.
                target.set_last_id(table, max(highest, last_ids.get(table, 0)))


def read_tables(engine: Engine) -> list[Table]:
    """The tables of a database, to compare with those of another."""
    return [_read_table(model, engine.db) for model in list_models()]


def _read_table(model: type[BaseModel], database: Database) -> Table:
    rows = [hashlib.sha256(repr(row).encode()).digest() for row in _rows(model, database)]
    return Table(model._meta.table_name, len(rows), hashlib.sha256(b"".join(sorted(rows))).hexdigest())


def _insert(model: type[BaseModel], rows: Iterable[tuple[Any, ...]], database: Database) -> None:
    """Insert rows, a batch by one statement: each statement renews the version of the directory,
    and a version that was replaced is passed over by the next until the transaction ends."""
    fields = model._meta.sorted_fields
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    row_of = f"({', '.join([database.param] * len(fields))})"
    insert = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES '  # noqa: S608 - our own names
    with __exception_wrapper__:
        for batch in chunked(rows, _BATCH):
            values = [field.db_value(value) for row in batch for field, value in zip(fields, row, strict=True)]
            statement = insert + ", ".join([row_of] * (len(values) // len(fields)))
            database.cursor().execute(statement, values)


def _rows(model: type[BaseModel], database: Database) -> Iterator[tuple[Any, ...]]:
    """The rows as Python knows them, because the engines store a date or a truth otherwise."""
    query = model.select(*model._meta.sorted_fields).tuples().bind(database)
    return iter(query.iterator())
