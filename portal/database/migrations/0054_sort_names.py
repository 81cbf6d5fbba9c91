"""Schools and organisations sort by the name that people use, so that a sheet of a list can be
asked for."""

from peewee import CharField, Model

from portal.directory.school_sort_names import sort_name


def up(migrator, db):
    class Table(Model):
        name = CharField()
        sort_key = CharField()

        class Meta:
            database = db
            legacy_table_names = False

    class Organisation(Table):
        pass

    class School(Table):
        code = CharField(primary_key=True)

    for model in (Organisation, School):
        for row in model.select():
            row.sort_key = sort_name(row.name)
            row.save(only=["sort_key"])
