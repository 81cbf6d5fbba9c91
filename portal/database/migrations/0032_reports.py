"""The reports of readers that something in the directory is wrong."""

from peewee import BigIntegerField, BooleanField, CharField, ForeignKeyField, Model, TextField

from portal.database import current_engine


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class Person(Table):
        pass

    class ContactPoint(Table):
        pass

    class School(Table):
        code = CharField(primary_key=True)

    class ContactDetail(Table):
        pass

    class Report(Table):
        person = ForeignKeyField(Person, null=True, on_delete="CASCADE")
        contact_point = ForeignKeyField(ContactPoint, null=True, on_delete="CASCADE")
        school = ForeignKeyField(School, null=True, on_delete="CASCADE")
        detail = ForeignKeyField(ContactDetail, null=True, on_delete="SET NULL")
        fault = CharField()
        topic = CharField(index=True)
        text = TextField(default="")
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        network = CharField(default="")
        email = CharField(default="")
        at = BigIntegerField(index=True)
        is_shown = BooleanField()
        state = CharField(index=True)
        answered_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        answered_at = BigIntegerField(null=True)

    db.create_tables([Report])
    # The next reader sees it at once.
    current_engine().renew_on_change("directory_version", ["report"])
