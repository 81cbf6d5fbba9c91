"""Accounts, signing in, and the audit trail that nobody can alter."""

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
    class Organisation(Model):
        class Meta:
            database = db
            table_name = "organisation"

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class Account(Model):
        email = CharField(unique=True)
        name = CharField()
        role = CharField()
        organisation = ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
        person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        active_until = DateField(null=True)
        created_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "account"

    db.create_tables([Account])

    class Attempt(Model):
        key = CharField(index=True)
        at = BigIntegerField()

        class Meta:
            database = db
            table_name = "attempt"

    db.create_tables([Attempt])

    class AuditEntry(Model):
        at = BigIntegerField(index=True)
        actor = IntegerField(null=True)
        action = CharField()
        subject = CharField()
        subject_id = CharField()

        class Meta:
            database = db
            table_name = "audit_entry"

    db.create_tables([AuditEntry])

    class PendingForm(Model):
        browser_hash = CharField()
        path = CharField()
        fields = TextField()
        created_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "pending_form"

    db.create_tables([PendingForm])

    class ListedDomain(Model):
        domain = CharField(unique=True)
        organisation = ForeignKeyField(Organisation, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "listed_domain"

    db.create_tables([ListedDomain])

    class SetUpLink(Model):
        token_hash = CharField(unique=True)
        created_at = BigIntegerField()
        used_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "set_up_link"

    db.create_tables([SetUpLink])

    class SignInRequest(Model):
        email = CharField()
        token_hash = CharField(unique=True)
        code_mac = CharField()
        browser_hash = CharField(index=True)
        created_at = BigIntegerField()
        attempts = IntegerField(default=0)
        open = BooleanField(default=True)

        class Meta:
            database = db
            table_name = "sign_in_request"

    db.create_tables([SignInRequest])

    class SignInSession(Model):
        token_hash = CharField(unique=True)
        account = ForeignKeyField(Account, on_delete="CASCADE")
        device = CharField()
        created_at = BigIntegerField()
        seen_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "sign_in_session"

    db.create_tables([SignInSession])

    # What was written down stays as it was; retention has a path of its own, by dropping these.
    for change in ("UPDATE", "DELETE"):
        db.execute_sql(
            f"CREATE TRIGGER audit_entry_no_{change.lower()} BEFORE {change} ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
