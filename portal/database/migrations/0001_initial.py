"""All tables as they were at version 0.2.0: a frozen copy of the models.

A later change of a model gets a migration of its own, with the next number.
"""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
    sort_models,
)

from portal.database import current_engine


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Organisation(Table):
        key = CharField(unique=True)
        name = CharField()
        kind = CharField()

    class Person(Table):
        organisation = ForeignKeyField(Organisation, on_delete="RESTRICT")
        given_name = CharField()
        infix = CharField(default="")
        family_name = CharField()
        working_days = CharField(default="")
        row_version = IntegerField(default=1)

    class Absence(Table):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        valid_from = DateField()
        valid_until = DateField(null=True)
        row_version = IntegerField(default=1)
        source = CharField()
        checked_on = DateField()

    class Account(Table):
        email = CharField(unique=True)
        name = CharField()
        role = CharField()
        organisation = ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
        person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        active_until = DateField(null=True)
        created_at = BigIntegerField()
        by_domain = BooleanField(default=False)

    class Role(Table):
        key = CharField(unique=True)
        label = CharField()
        aliases = TextField(default="")
        team = CharField(default="")
        call_about = TextField()
        position = IntegerField()
        one_holder = BooleanField()
        shown_first = BooleanField()
        municipalities = CharField(default="")
        unconfirmed_in = CharField(default="")
        member = BooleanField()
        is_school_staff = BooleanField()
        service = CharField(default="")
        case_by = CharField()
        why = TextField()
        source = CharField()
        checked_on = DateField()

    class Sector(Table):
        key = CharField(primary_key=True)
        label = CharField()
        position = IntegerField()

    class Municipality(Table):
        code = CharField(primary_key=True)
        name = CharField(unique=True)
        slug = CharField(unique=True)
        in_region = BooleanField()

    class Place(Table):
        name = CharField(unique=True)
        aliases = TextField(default="")
        municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
        hint = TextField(default="")

    class School(Table):
        code = CharField(primary_key=True)
        organisation = ForeignKeyField(Organisation, unique=True, on_delete="RESTRICT")
        sector = ForeignKeyField(Sector, on_delete="RESTRICT")
        name = CharField()
        duo_name = CharField()
        aliases = TextField(default="")
        slug = CharField(unique=True)
        street = CharField()
        postcode = CharField()
        place = ForeignKeyField(Place, on_delete="RESTRICT")
        phone = CharField(default="")
        website = CharField(default="")
        board_website = CharField(default="")
        source = CharField()
        checked_on = DateField()
        closed_on = DateField(null=True)

    class Assignment(Table):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        role = ForeignKeyField(Role, on_delete="RESTRICT")
        school = ForeignKeyField(School, on_delete="RESTRICT")
        valid_from = DateField()
        valid_until = DateField(null=True)
        is_pending = BooleanField(default=False)
        row_version = IntegerField(default=1)
        source = CharField()
        checked_on = DateField()

        class Meta:
            indexes = ((("school", "role", "valid_from"), False),)

    class Attempt(Table):
        key = CharField(index=True)
        at = BigIntegerField()

    class AuditEntry(Table):
        at = BigIntegerField(index=True)
        actor = IntegerField(null=True)
        action = CharField()
        subject = CharField()
        subject_id = CharField()

    class ChangeRecord(Table):
        notice = IntegerField(index=True)
        table = CharField()
        row = IntegerField()
        before = TextField(null=True)
        after = TextField(null=True)
        row_version = IntegerField()
        undone = BooleanField(default=False)

        class Meta:
            indexes = ((("table", "row"), False),)

    class ContactPoint(Table):
        key = CharField(unique=True)
        organisation = ForeignKeyField(Organisation, on_delete="RESTRICT")
        name = CharField()
        note = TextField(default="")
        source = CharField()
        checked_on = DateField()

    class ContactDetail(Table):
        person = ForeignKeyField(Person, null=True, on_delete="CASCADE")
        contact_point = ForeignKeyField(ContactPoint, null=True, on_delete="CASCADE")
        kind = CharField()
        value = CharField()
        label = CharField(default="")
        visibility = CharField()
        valid_from = DateField(null=True)
        valid_until = DateField(null=True)
        position = IntegerField(default=0)
        row_version = IntegerField(default=1)
        source = CharField()
        checked_on = DateField()

    class DatabaseFlag(Table):
        name = CharField(primary_key=True)
        set_on = DateField()

    class Subject(Table):
        key = CharField(unique=True)
        kind = CharField()
        name = CharField()
        explanation = TextField()
        given_by = CharField(default="")
        position = IntegerField()
        is_offered = BooleanField(default=True)
        source = CharField(default="")

    class Request(Table):
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

    class FollowLink(Table):
        request = ForeignKeyField(Request, on_delete="CASCADE")
        token_hash = CharField(unique=True)

    class Holiday(Table):
        name = CharField()
        kind = CharField()
        valid_from = DateField(index=True)
        valid_until = DateField()
        source = CharField()
        checked_on = DateField()

    class JobRun(Table):
        name = CharField(primary_key=True)
        leased_until = BigIntegerField(null=True)
        last_run_at = BigIntegerField(null=True)
        last_ok_at = BigIntegerField(null=True)

    class ListedDomain(Table):
        domain = CharField(unique=True)
        organisation = ForeignKeyField(Organisation, on_delete="CASCADE")

    class Mailbox(Table):
        key = CharField(index=True)
        address = CharField()
        set_at = BigIntegerField()
        set_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")

    class MutedKind(Table):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        kind = CharField()

        class Meta:
            indexes = ((("person", "kind"), True),)

    class Notice(Table):
        key = CharField(unique=True)
        kind = CharField()
        title = CharField()
        text = TextField()
        draft = TextField()
        organisation = ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        author_name = CharField()
        reply_to = CharField()
        valid_from = DateField(index=True)
        valid_until = DateField(null=True)
        published_at = BigIntegerField()
        announced_at = BigIntegerField()
        withdrawn_at = BigIntegerField(null=True)
        row_version = IntegerField(default=1)

    class NoticeEvent(Table):
        notice = ForeignKeyField(Notice, on_delete="CASCADE")
        at = BigIntegerField()
        author_name = CharField()
        text = TextField()

    class NoticeLine(Table):
        notice = ForeignKeyField(Notice, on_delete="CASCADE")
        school = ForeignKeyField(School, on_delete="CASCADE")
        role = CharField()
        before = CharField()
        after = CharField()

    class NoticeSchool(Table):
        notice = ForeignKeyField(Notice, on_delete="CASCADE")
        school = ForeignKeyField(School, on_delete="CASCADE")

        class Meta:
            indexes = ((("notice", "school"), True),)

    class OutgoingMail(Table):
        key = CharField(unique=True)
        recipient = CharField()
        reply_to = CharField(default="")
        subject = CharField()
        body = TextField()
        calendar = TextField(default="")
        message_id = CharField(unique=True)
        state = CharField(index=True, default="waiting")
        created_at = BigIntegerField()
        waiting_since = BigIntegerField()
        next_attempt_at = BigIntegerField()
        attempts = IntegerField(default=0)
        lease = CharField(default="")
        done_at = BigIntegerField(null=True)
        error = TextField(default="")

    class PendingForm(Table):
        browser_hash = CharField()
        path = CharField()
        fields = TextField()
        created_at = BigIntegerField()

    class Postcode(Table):
        pc4 = CharField(primary_key=True)
        municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
        place = ForeignKeyField(Place, null=True, on_delete="RESTRICT")

    class Recipient(Table):
        notice = ForeignKeyField(Notice, on_delete="CASCADE")
        person = ForeignKeyField(Person, on_delete="CASCADE")
        email = CharField(default="")
        mailed = BooleanField()
        seen_at = BigIntegerField(null=True)
        reminded_at = BigIntegerField(null=True)

        class Meta:
            indexes = ((("notice", "person"), True),)

    class RecipientSchool(Table):
        recipient = ForeignKeyField(Recipient, on_delete="CASCADE")
        school = ForeignKeyField(School, on_delete="CASCADE")

        class Meta:
            indexes = ((("recipient", "school"), True),)

    class RequestDetails(Table):
        request = ForeignKeyField(Request, primary_key=True, on_delete="CASCADE")
        name = CharField()
        email = CharField(index=True)
        answers = TextField()
        recipients = CharField()

    class RequestStep(Table):
        request = ForeignKeyField(Request, on_delete="CASCADE")
        kind = CharField()
        taken_at = BigIntegerField()
        actor = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        planned_on = DateField(null=True)
        text = TextField(default="")

    class Responsibility(Table):
        role = ForeignKeyField(Role, on_delete="CASCADE")
        municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
        sector = CharField(default="")
        contact_point = ForeignKeyField(ContactPoint, on_delete="CASCADE")
        rank = IntegerField()
        also_by_school = BooleanField()
        to_confirm = BooleanField()

        class Meta:
            indexes = ((("role", "municipality", "sector", "rank"), True),)

    class RoleInSector(Table):
        role = ForeignKeyField(Role, on_delete="CASCADE")
        sector = ForeignKeyField(Sector, on_delete="RESTRICT")
        expected = BooleanField()
        to_confirm = BooleanField()

        class Meta:
            indexes = ((("role", "sector"), True),)

    class SetUpLink(Table):
        token_hash = CharField(unique=True)
        created_at = BigIntegerField()
        used_at = BigIntegerField(null=True)

    class SignInRequest(Table):
        email = CharField()
        token_hash = CharField(unique=True)
        code_mac = CharField()
        browser_hash = CharField(index=True)
        created_at = BigIntegerField()
        attempts = IntegerField(default=0)
        open = BooleanField(default=True)

    class SignInSession(Table):
        token_hash = CharField(unique=True)
        account = ForeignKeyField(Account, on_delete="CASCADE")
        device = CharField()
        created_at = BigIntegerField()
        seen_at = BigIntegerField()

    class Substitute(Table):
        absence = ForeignKeyField(Absence, on_delete="CASCADE")
        assignment = ForeignKeyField(Assignment, on_delete="CASCADE")
        person = ForeignKeyField(Person, on_delete="CASCADE")
        row_version = IntegerField(default=1)

        class Meta:
            indexes = ((("absence", "assignment"), True),)

    class Vacancy(Table):
        role = ForeignKeyField(Role, on_delete="RESTRICT")
        school = ForeignKeyField(School, on_delete="RESTRICT")
        valid_from = DateField()
        valid_until = DateField(null=True)
        row_version = IntegerField(default=1)
        source = CharField()
        checked_on = DateField()

    db.create_tables(sort_models(Table.__subclasses__()))
    current_engine().create_search_table("search_document", ["title", "names", "context"], ["kind", "ref"])
    current_engine().make_append_only("audit_entry")
