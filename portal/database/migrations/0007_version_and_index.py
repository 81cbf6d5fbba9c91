"""The version of the directory, and a search index that takes one document at a time.

The index is left empty: the next start fills it.
"""

import secrets

from peewee import BigIntegerField, CharField, Model, TextField

from portal.database import create_word_index, renew_on_change

RENEWING = [
    "municipality", "place", "postcode", "organisation", "sector", "school", "role",
    "role_in_sector", "person", "assignment", "absence", "substitute", "vacancy", "contact_point",
    "responsibility", "contact_detail", "holiday", "database_flag", "search_document",
]  # fmt: skip


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class DirectoryVersion(Table):
        number = BigIntegerField()

    class SearchDocument(Table):
        rank = BigIntegerField(primary_key=True)
        kind = CharField()
        ref = CharField()
        sort_key = CharField()
        title = TextField()
        names = TextField()
        context = TextField()

        class Meta:
            indexes = ((("kind", "ref"), True), (("kind", "sort_key"), False))

    db.execute_sql("DROP TABLE search_document")  # the engine's own, of version 0.2.0
    db.create_tables([DirectoryVersion, SearchDocument])
    create_word_index()
    DirectoryVersion.create(number=secrets.randbits(63))
    renew_on_change("directory_version", RENEWING)
