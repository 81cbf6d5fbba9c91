"""Imports of files, and the words of a sender that were explained once."""

from peewee import BigIntegerField, BooleanField, CharField, DateField, IntegerField, Model, TextField


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Import(Table):
        label = CharField()
        sender = CharField()
        account = IntegerField(null=True)
        at = BigIntegerField(index=True)
        made_on = DateField()
        effective_on = DateField()
        roles = CharField(default="")
        coverage = CharField(default="partly")
        state = CharField(default="waiting")
        busy_until = BigIntegerField(null=True)
        refusal = CharField(default="")
        file = TextField(default="")
        tables = TextField(default="[]")
        decisions = TextField(default="{}")
        asked = TextField(default="[]")
        interpretation = TextField(default="")
        interpreted_for = CharField(default="")
        change_set = IntegerField(null=True)
        row_version = IntegerField(default=1)

    class RememberedWord(Table):
        sender = CharField()
        key = CharField()
        word = CharField()
        meaning = CharField()
        is_alias = BooleanField(default=False)

        class Meta:
            indexes = ((("sender", "key"), True),)

    db.create_tables([Import, RememberedWord])
