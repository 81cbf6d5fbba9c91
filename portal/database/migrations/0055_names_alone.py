"""An index of the words of names alone, and a version of each table of the directory."""

import secrets

from peewee import BigIntegerField, CharField, Model

from portal.database import current_engine

_TABLES = [
    "municipality", "place", "postcode", "organisation", "sector", "school", "role",
    "role_in_sector", "person", "assignment", "absence", "substitute", "vacancy", "contact_point",
    "responsibility", "contact_detail", "holiday", "database_flag", "search_document", "setting",
    "employment", "report", "confirmation", "confirmation_round", "kern", "kern_membership",
]  # fmt: skip


def up(migrator, db):
    class TableVersion(Model):
        name = CharField(primary_key=True)
        number = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    engine = current_engine()
    engine.create_word_index()
    db.create_tables([TableVersion])
    TableVersion.insert_many({"name": table, "number": secrets.randbits(63)} for table in _TABLES).execute()
    engine.renew_on_change("table_version", _TABLES, each=True)
