"""Writes many rows with one statement that is prepared once: most of the time of a peewee query is
writing its SQL. Without sort keys, which the model writes; in the transaction of the caller."""

from collections.abc import Sequence
from typing import Any

from portal.database import db


def write_each(model: Any, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Write the fields `names` of rows (all their fields by name) that are there already."""
    key = model._meta.primary_key
    columns = ", ".join(f'"{model._meta.fields[name].column_name}" = {db.param}' for name in names)
    where = f'"{key.column_name}" = {db.param}'
    statement = f'UPDATE "{model._meta.table_name}" SET {columns} WHERE {where}'  # noqa: S608 - names
    _execute(statement, model, (*names, key.name), rows)


def insert_each(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows (fields by name), of which all have the same fields; the others get their
    default."""
    if not rows:
        return
    rows = [{**model._meta.get_default_dict(), **row} for row in rows]
    columns = ", ".join(f'"{model._meta.fields[name].column_name}"' for name in rows[0])
    values = ", ".join([db.param] * len(rows[0]))
    statement = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({values})'  # noqa: S608
    _execute(statement, model, tuple(rows[0]), rows)


def _execute(
    statement: str, model: Any, names: Sequence[str], rows: Sequence[dict[str, Any]]
) -> None:
    to_stored = [(name, model._meta.fields[name].db_value) for name in names]
    db.cursor().executemany(statement, [[f(row[name]) for name, f in to_stored] for row in rows])
