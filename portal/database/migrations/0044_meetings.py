"""Meetings of a school or a kern, their agendas, the answers, and the feeds of calendars."""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    TimeField,
)


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class Person(Table):
        pass

    class Role(Table):
        pass

    class School(Table):
        code = CharField(primary_key=True)

    class Kern(Table):
        code = CharField(primary_key=True)

    class Meeting(Table):
        school = ForeignKeyField(School, null=True, on_delete="RESTRICT")
        kern = ForeignKeyField(Kern, null=True, on_delete="RESTRICT")
        series = IntegerField(null=True, index=True)
        day = DateField(index=True)
        begins = TimeField()
        ends = TimeField()
        place = CharField()
        leader = ForeignKeyField(Role, on_delete="RESTRICT")
        schools_only = BooleanField()
        state = CharField()
        planned_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        sequence = IntegerField()
        changed_at = BigIntegerField()
        row_version = IntegerField()
        cases = IntegerField(null=True)
        points = IntegerField(null=True)
        present = IntegerField(null=True)

        class Meta:
            constraints = (Check("(school_id IS NULL) <> (kern_id IS NULL)"),)

    class MeetingSlot(Table):
        meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
        school = ForeignKeyField(School, null=True, on_delete="RESTRICT")
        kind = CharField()
        number = IntegerField()
        minutes = IntegerField()
        is_late = BooleanField()
        discussion = CharField(null=True)
        consent = CharField(null=True)
        is_shared = BooleanField(null=True)
        coordinator = ForeignKeyField(Role, null=True, on_delete="RESTRICT")
        outcome = CharField(null=True)
        evaluate_on = DateField(null=True)
        subject = CharField(null=True)
        line = CharField()
        row_version = IntegerField()

        class Meta:
            indexes = ((("meeting", "kind", "number"), True),)
            constraints = (Check("kind <> 'case' OR (subject IS NULL AND line = '')"),)

    class Participant(Table):
        meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
        person = ForeignKeyField(Person, on_delete="CASCADE")
        mailed = IntegerField()
        reply = CharField(null=True)
        was_present = BooleanField(null=True)

        class Meta:
            indexes = ((("meeting", "person"), True),)

    class MeetingFeed(Table):
        account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")
        token_hash = CharField(unique=True)

    db.create_tables([Meeting, MeetingSlot, Participant, MeetingFeed])
