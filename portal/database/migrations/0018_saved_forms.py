"""Forms of requests that somebody finishes later."""

from peewee import BigIntegerField, CharField, Model, TextField


def up(migrator, db):
    class SavedForm(Model):
        token_hash = CharField(unique=True)
        kind = CharField()
        answers = TextField()
        saved_at = BigIntegerField(index=True)

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([SavedForm])
