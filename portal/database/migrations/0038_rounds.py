"""Confirmation rounds, the questions in them, and the calls of a month."""

from peewee import CharField, DateField, ForeignKeyField, IntegerField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Person(Table):
        pass

    class Assignment(Table):
        pass

    class ConfirmationRound(Table):
        begins_on = DateField(unique=True)

    class Confirmation(Table):
        round = ForeignKeyField(ConfirmationRound, on_delete="CASCADE")
        person = ForeignKeyField(Person, on_delete="CASCADE")
        step = CharField()
        since = DateField()
        asked_on = DateField(null=True)
        reminded_on = DateField(null=True)

        class Meta:
            indexes = ((("round", "person"), True), (("person", "since"), False))

    class Call(Table):
        month = DateField()
        assignment = ForeignKeyField(Assignment, null=True, on_delete="SET NULL")
        outcome = CharField(null=True)
        called_on = DateField(null=True)
        account = IntegerField(null=True)

        class Meta:
            indexes = ((("month", "assignment"), True),)

    db.create_tables([ConfirmationRound, Confirmation, Call])
    db.execute_sql('ALTER TABLE "account" ADD COLUMN "warned_on" DATE')
