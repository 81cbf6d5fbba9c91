"""The accounts that went along when their person was merged into another."""

from peewee import ForeignKeyField, IntegerField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class MergedAccount(Table):
        change_set = IntegerField(index=True)
        account = ForeignKeyField(Account, on_delete="CASCADE")
        person = IntegerField()

    db.create_tables([MergedAccount])
