"""The version of the directory: a number that every change of the directory replaces."""

import secrets

from peewee import BigIntegerField, Model

from portal.database import renew_on_change

TABLES = [
    "municipality", "place", "postcode", "organisation", "sector", "school", "role",
    "role_in_sector", "person", "assignment", "absence", "substitute", "vacancy", "contact_point",
    "responsibility", "contact_detail", "holiday", "database_flag",
]  # fmt: skip


def up(migrator, db):
    class DirectoryVersion(Model):
        number = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([DirectoryVersion])
    DirectoryVersion.create(number=secrets.randbits(63))
    renew_on_change("directory_version", TABLES)
