"""A pending form belongs to an account; those stored before, for at most a day, to no one."""

from peewee import ForeignKeyField, Model


def up(migrator, db):
    class Account(Model):
        class Meta:
            database = db

    account = ForeignKeyField(Account, field=Account.id, null=True, on_delete="CASCADE")
    migrator.migrate(migrator.add_column("pending_form", "account_id", account))
