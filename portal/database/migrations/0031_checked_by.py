"""Beside the day of a check, the one who checked: an organisation where a person wrote the row."""

from functools import reduce
from operator import or_

from peewee import Table

TABLES = (
    "school", "role", "employment", "assignment", "absence", "vacancy", "contact_point",
    "contact_detail", "holiday",
)  # fmt: skip
BY_PEOPLE = ("Melding ", "Bewerking", "Verdeling", "Aanvulling ", "Andere laatste dag ")


def up(migrator, db):
    for table in TABLES:
        # The migrator would make the table anew, without the triggers that renew the version.
        column = "\"checked_by\" VARCHAR(255) NOT NULL DEFAULT 'source'"
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN {column}')
        row = Table(table, ("source", "checked_on", "checked_by")).bind(db)
        by_people = reduce(or_, (row.source.startswith(start) for start in BY_PEOPLE))
        checked = row.checked_on.is_null(False) & by_people
        row.update(checked_by="organisation").where(checked).execute()
