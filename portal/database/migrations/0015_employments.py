"""For which organisation a person works from a day on."""

from peewee import CharField, DateField, ForeignKeyField, IntegerField, Model

from portal.database import current_engine


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Person(Table):
        pass

    class Organisation(Table):
        pass

    class Employment(Table):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        organisation = ForeignKeyField(Organisation, on_delete="RESTRICT")
        valid_from = DateField()
        valid_until = DateField(null=True)
        row_version = IntegerField(default=1)
        source = CharField()
        checked_on = DateField()

    db.create_tables([Employment])
    current_engine().renew_on_change("directory_version", ["employment"])
