"""The notices and muted kinds of a person who was merged into another."""

from peewee import CharField, IntegerField, Model, TextField


def up(migrator, db):
    class MergedRow(Model):
        change_set = IntegerField(index=True)
        table = CharField()
        row = IntegerField()
        person = IntegerField()
        removed = TextField(null=True)

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([MergedRow])
