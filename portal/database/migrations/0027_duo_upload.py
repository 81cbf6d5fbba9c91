"""The file of DUO that a coordinator looks at."""

from peewee import CharField, DateField, Model, TextField


def up(migrator, db):
    class DuoUpload(Model):
        label = CharField()
        made_on = DateField()
        sector = CharField()
        content = TextField()

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([DuoUpload])
