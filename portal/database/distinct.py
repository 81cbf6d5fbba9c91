"""The different values of an indexed column, at one search of the index for each: SELECT DISTINCT reads every row."""

from typing import Any

from portal.database import db

_STATEMENT = """
WITH RECURSIVE found(it) AS (
SELECT MIN("{column}") FROM "{table}" UNION ALL
SELECT (SELECT MIN("{column}") FROM "{table}" WHERE "{column}" > found.it) FROM found
WHERE found.it IS NOT NULL
) SELECT it FROM found WHERE it IS NOT NULL"""


def list_distinct(field: Any) -> list[Any]:
    """The different values of a field, as the driver gives them, without NULL."""
    table = field.model._meta.table_name
    statement = _STATEMENT.format(column=field.column_name, table=table)
    return [value for (value,) in db.execute_sql(statement).fetchall()]
