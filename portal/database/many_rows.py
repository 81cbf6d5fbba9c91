"""Writes many rows with one statement, which takes them as one parameter: most of the time of a peewee query is
writing its SQL, and that of a long one on PostgreSQL finding its placeholders. Without sort keys, which the model
writes; in the transaction of the caller."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.database import current_engine, db
from portal.database.fields import choose_reader


def write_each(model: Any, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Write the fields `names` of rows (all their fields by name) that are there already."""
    table, key = model._meta.table_name, model._meta.primary_key
    columns = [model._meta.fields[name].column_name for name in (*names, key.name)]
    changed = ", ".join(f'"{column}" = new."{column}"' for column in columns[:-1])
    # One statement for all, because on PostgreSQL each renews the version of the directory, slower each time.
    statement = (
        f'UPDATE "{table}" SET {changed} FROM ({current_engine().select_rows(table, columns)}) AS new '  # noqa: S608
        f'WHERE "{table}"."{columns[-1]}" = new."{columns[-1]}"'
    )
    _execute(statement, model, (*names, key.name), rows)


def insert_each(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows (fields by name), of which all have the same fields; the others get their default."""
    if not rows:
        return
    rows = [{**model._meta.get_default_dict(), **row} for row in rows]
    table, columns = model._meta.table_name, [model._meta.fields[name].column_name for name in rows[0]]
    names = ", ".join(f'"{column}"' for column in columns)
    statement = f'INSERT INTO "{table}" ({names}) {current_engine().select_rows(table, columns)}'
    _execute(statement, model, tuple(rows[0]), rows)


def _execute(statement: str, model: Any, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    fields = [(name, model._meta.fields[name]) for name in names]
    # A value that the driver returns as the field does needs no conversion to be stored.
    writers = [(name, field.column_name, field.db_value if choose_reader(field) else None) for name, field in fields]
    stored = [{column: write(row[n]) if write else row[n] for n, column, write in writers} for row in rows]
    db.execute_sql(statement, (json.dumps(stored, default=date.isoformat),))
