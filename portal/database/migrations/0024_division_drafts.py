"""The drafts of divisions: who comes where from a day on, before it is published."""

from peewee import BigIntegerField, DateField, ForeignKeyField, IntegerField, Model, TextField


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class Role(Table):
        pass

    class DivisionDraft(Table):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        role = ForeignKeyField(Role, on_delete="CASCADE")
        valid_from = DateField()
        cells = TextField()
        saved_at = BigIntegerField(index=True)
        row_version = IntegerField(default=1)

        class Meta:
            indexes = ((("account", "role", "valid_from"), True),)

    db.create_tables([DivisionDraft])
