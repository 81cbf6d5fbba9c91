"""Requests for professionalisation, and what there is to ask for."""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator, db):
    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class School(Model):
        code = CharField(primary_key=True)

        class Meta:
            database = db
            table_name = "school"

    class Subject(Model):
        key = CharField(unique=True)
        kind = CharField()
        name = CharField()
        explanation = TextField()
        given_by = CharField(default="")
        position = IntegerField()
        is_offered = BooleanField(default=True)
        source = CharField(default="")

        class Meta:
            database = db
            table_name = "subject"

    db.create_tables([Subject])

    class Mailbox(Model):
        key = CharField(index=True)
        address = CharField()
        since = BigIntegerField()
        by = ForeignKeyField(Account, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "mailbox"

    db.create_tables([Mailbox])

    class Request(Model):
        reference = CharField(unique=True)
        form_hash = CharField(unique=True)
        kind = CharField()
        subject = ForeignKeyField(Subject, null=True, on_delete="RESTRICT")
        school = ForeignKeyField(School, on_delete="RESTRICT")
        level = CharField()
        state = CharField(index=True)
        planned_on = DateField(null=True)
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        created_at = BigIntegerField()
        received_at = BigIntegerField(null=True)
        closed_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "request"

    db.create_tables([Request])

    class RequestDetails(Model):
        request = ForeignKeyField(Request, primary_key=True, on_delete="CASCADE")
        name = CharField()
        email = CharField(index=True)
        answers = TextField()
        recipients = CharField()

        class Meta:
            database = db
            table_name = "request_details"

    db.create_tables([RequestDetails])

    class RequestStep(Model):
        request = ForeignKeyField(Request, on_delete="CASCADE")
        what = CharField()
        at = BigIntegerField()
        by = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        planned_on = DateField(null=True)
        text = TextField(default="")

        class Meta:
            database = db
            table_name = "request_step"

    db.create_tables([RequestStep])

    class FollowLink(Model):
        request = ForeignKeyField(Request, on_delete="CASCADE")
        token_hash = CharField(unique=True)

        class Meta:
            database = db
            table_name = "follow_link"

    db.create_tables([FollowLink])
