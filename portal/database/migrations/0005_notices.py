"""The notice board, and which rows of the directory its notices changed."""

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
from playhouse.migrate import migrate


def up(migrator, db):
    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Organisation(Model):
        class Meta:
            database = db
            table_name = "organisation"

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class School(Model):
        code = CharField(primary_key=True)

        class Meta:
            database = db
            table_name = "school"

    class ChangeRecord(Model):
        notice = IntegerField(index=True)
        table = CharField()
        row = IntegerField()
        before = TextField(null=True)
        after = TextField(null=True)
        row_version = IntegerField()
        undone = BooleanField(default=False)

        class Meta:
            database = db
            table_name = "change_record"
            indexes = ((("table", "row"), False),)

    db.create_tables([ChangeRecord])

    class MutedKind(Model):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        kind = CharField()

        class Meta:
            database = db
            table_name = "muted_kind"
            indexes = ((("person", "kind"), True),)

    db.create_tables([MutedKind])

    class Notice(Model):
        key = CharField(unique=True)
        kind = CharField()
        title = CharField()
        text = TextField()
        draft = TextField()
        organisation = ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        author = CharField()
        reply_to = CharField()
        valid_from = DateField(index=True)
        valid_until = DateField(null=True)
        published_at = BigIntegerField()
        told_at = BigIntegerField()
        withdrawn_at = BigIntegerField(null=True)
        row_version = IntegerField(default=1)

        class Meta:
            database = db
            table_name = "notice"

    db.create_tables([Notice])

    class NoticeEvent(Model):
        notice = ForeignKeyField(Notice, on_delete="CASCADE")
        at = BigIntegerField()
        author = CharField()
        text = TextField()

        class Meta:
            database = db
            table_name = "notice_event"

    db.create_tables([NoticeEvent])

    class NoticeLine(Model):
        notice = ForeignKeyField(Notice, on_delete="CASCADE")
        school = ForeignKeyField(School, on_delete="CASCADE")
        role = CharField()
        before = CharField()
        after = CharField()

        class Meta:
            database = db
            table_name = "notice_line"

    db.create_tables([NoticeLine])

    class NoticeSchool(Model):
        notice = ForeignKeyField(Notice, on_delete="CASCADE")
        school = ForeignKeyField(School, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "notice_school"
            indexes = ((("notice", "school"), True),)

    db.create_tables([NoticeSchool])

    class Recipient(Model):
        notice = ForeignKeyField(Notice, on_delete="CASCADE")
        person = ForeignKeyField(Person, on_delete="CASCADE")
        email = CharField(default="")
        mailed = BooleanField()
        seen_at = BigIntegerField(null=True)
        reminded_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "recipient"
            indexes = ((("notice", "person"), True),)

    db.create_tables([Recipient])

    class RecipientSchool(Model):
        recipient = ForeignKeyField(Recipient, on_delete="CASCADE")
        school = ForeignKeyField(School, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "recipient_school"
            indexes = ((("recipient", "school"), True),)

    db.create_tables([RecipientSchool])

    migrate(
        *(
            migrator.add_column(table, "row_version", IntegerField(default=1))
            for table in (
                "person",
                "assignment",
                "absence",
                "substitute",
                "vacancy",
                "contact_detail",
            )
        ),
        migrator.add_column("assignment", "is_pending", BooleanField(default=False)),
        migrator.drop_column("assignment", "origin_kind"),
        migrator.drop_column("assignment", "origin_id"),
        migrator.add_column("role", "is_school_staff", BooleanField(default=False)),
    )
