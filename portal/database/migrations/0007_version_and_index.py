"""The version of the directory, sort keys, and a search index that takes one document at a time.

The index is left empty: the next start fills it.
"""

import secrets

from peewee import BigIntegerField, CharField, Model, TextField

from portal.database import current_engine
from portal.person_names import sort_key
from portal.text import fold

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

    class Organisation(Table):
        name = CharField()
        sort_key = CharField()

    class School(Table):
        code = CharField(primary_key=True)
        name = CharField()
        sort_key = CharField()

    class Person(Table):
        given_name = CharField()
        family_name = CharField()
        sort_key = CharField()

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

    for table in ("organisation", "school", "person"):
        migrator.migrate(migrator.add_column(table, "sort_key", CharField(default="")))
    for model in (Organisation, School):
        for row in model.select():
            row.sort_key = fold(row.name)
            row.save(only=["sort_key"])
    for person in Person.select():
        person.sort_key = sort_key(person.given_name, person.family_name)
        person.save(only=["sort_key"])

    db.execute_sql("DROP TABLE search_document")  # the engine's own, of version 0.2.0
    db.create_tables([DirectoryVersion, SearchDocument])
    current_engine().create_word_index()
    DirectoryVersion.create(number=secrets.randbits(63))
    current_engine().renew_on_change("directory_version", RENEWING)
