"""The coverage of each week, and suspicious details that turned out to be right."""

from peewee import BigIntegerField, CharField, DateField, ForeignKeyField, IntegerField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class CoverageWeek(Table):
        week = DateField(primary_key=True)
        posts = IntegerField()
        filled = IntegerField()
        vacant = IntegerField()
        absent = IntegerField()
        unknown = IntegerField()
        old = IntegerField()
        doubtful = IntegerField()
        without_number = IntegerField()
        reported = IntegerField()

    class Dismissal(Table):
        digest = CharField(primary_key=True)
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        at = BigIntegerField()

    for table in (CoverageWeek, Dismissal):
        table.create_table(safe=False)
