"""The reason of an edit stays on the trail: as a source everybody read it."""

import re

from peewee import Model, Table, TextField

TABLES = (
    "school", "role", "employment", "assignment", "absence", "vacancy", "contact_point",
    "contact_detail", "holiday",
)  # fmt: skip
_SOURCE = re.compile(r'"source": "Bewerking: (?:[^"\\]|\\.)*"')


def up(migrator, db):
    for table in TABLES:
        row = Table(table, ("source",)).bind(db)
        row.update(source="Bewerking").where(row.source.startswith("Bewerking: ")).execute()

    class Change(Model):
        before = TextField(null=True)
        after = TextField(null=True)

        class Meta:
            database = db

    told = '"source": "Bewerking: '
    for change in Change.select().where(Change.before.contains(told) | Change.after.contains(told)):
        for name in ("before", "after"):
            text = getattr(change, name)
            setattr(change, name, text and _SOURCE.sub('"source": "Bewerking"', text))
        change.save()
