"""An index of the details that begin on a day, and versions of the subjects and mailboxes of requests."""

import secrets

from peewee import BigIntegerField, CharField, Model

from portal.database import current_engine

_TABLES = ["subject", "mailbox"]


def up(migrator, db):
    class TableVersion(Model):
        name = CharField(primary_key=True)
        number = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    db.execute_sql("CREATE INDEX contact_detail_valid_from ON contact_detail (valid_from)")
    TableVersion.insert_many({"name": table, "number": secrets.randbits(63)} for table in _TABLES).execute()
    current_engine().renew_on_change("directory_version", _TABLES)
    current_engine().renew_on_change("table_version", _TABLES, each=True)
