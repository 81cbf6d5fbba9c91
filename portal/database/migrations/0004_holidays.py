"""The days on which schools and offices are closed."""

from peewee import CharField, DateField, Model


def up(migrator, db):
    class Holiday(Model):
        name = CharField()
        kind = CharField()
        valid_from = DateField(index=True)
        valid_until = DateField()
        source = CharField()
        checked_on = DateField()

        class Meta:
            database = db
            table_name = "holiday"

    db.create_tables([Holiday])
