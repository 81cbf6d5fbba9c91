"""The forms that were done, so that the same form does nothing a second time."""

from peewee import BigIntegerField, CharField, Model


def up(migrator, db):
    class DoneForm(Model):
        form_hash = CharField(unique=True)
        done_at = BigIntegerField(index=True)

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([DoneForm])
