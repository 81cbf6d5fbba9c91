"""Writes many rows with few statements: most of the time of a peewee query is writing its SQL.
Without sort keys, which the model writes; in the transaction of the caller."""

from collections.abc import Sequence
from typing import Any

from peewee import chunked

from portal.database import db

_AT_ONCE = 500  # rows; SQLite takes some 32,000 parameters in one statement


def write_each(model: Any, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Write the fields `names` of rows (all their fields by name) that are there already."""
    table, key = model._meta.table_name, model._meta.primary_key
    written = (*names, key.name)
    columns = [f'"{model._meta.fields[name].column_name}"' for name in written]
    changed = ", ".join(f"{column} = new.{column}" for column in columns[:-1])
    # The select of no row gives the values the types of the columns. One statement for many rows,
    # because on PostgreSQL each renews the version of the directory, slower each time.
    statement = (
        f'UPDATE "{table}" SET {changed} FROM (SELECT {", ".join(columns)} FROM "{table}" '  # noqa: S608 - names
        f'WHERE 1 = 0 UNION ALL VALUES %s) AS new WHERE "{table}".{columns[-1]} = new.{columns[-1]}'
    )
    _execute(statement, model, written, rows)


def insert_each(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows (fields by name), of which all have the same fields; the others get their default."""
    if not rows:
        return
    rows = [{**model._meta.get_default_dict(), **row} for row in rows]
    columns = ", ".join(f'"{model._meta.fields[name].column_name}"' for name in rows[0])
    statement = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES %s'  # noqa: S608
    _execute(statement, model, tuple(rows[0]), rows)


def _execute(statement: str, model: Any, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    to_stored = [(name, model._meta.fields[name].db_value) for name in names]
    values = f"({', '.join([db.param] * len(names))})"
    for batch in chunked(rows, _AT_ONCE):
        sql = statement.replace("%s", ", ".join([values] * len(batch)), 1)
        db.execute_sql(sql, [f(row[name]) for row in batch for name, f in to_stored])
