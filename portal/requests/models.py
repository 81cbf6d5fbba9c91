"""What schools ask for, what became of it, and what there is to ask for.

What stays of a request (which school, about what, when) and what is cleared some time after it is
closed (who, and in which words) stand in tables of their own: clearing is deleting a row.
"""

from datetime import timedelta
from typing import Any

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from portal.accounts.models import Account
from portal.database import BaseModel
from portal.database.fields import TimestampField
from portal.directory.models import School


class Subject(BaseModel):
    """A theme or an organisation that a session can be about. The seeds bring the first ones; from
    then on they are the coordinator's."""

    THEME, ORGANISATION = "theme", "organisation"

    key = CharField(unique=True)
    kind = CharField(choices=[(THEME, "thema"), (ORGANISATION, "organisatie")])
    name = CharField()
    explanation = TextField()
    given_by = CharField(default="")  # wie kan dit geven
    position = IntegerField()
    is_offered = BooleanField(default=True)
    source = CharField(default="")


class Mailbox(BaseModel):
    """Where requests go. A change is a new row, so that the old ones are the history; per key the
    newest row counts."""

    PO, VO, VERWIJSINDEX = "po", "vo", "verwijsindex"

    key = CharField(index=True)
    address = CharField()
    since = TimestampField()
    by = ForeignKeyField(Account, null=True, on_delete="SET NULL")  # none: the seeds
    by_id: Any


class Request(BaseModel):
    """What stays of a request: what it was about and when, nobody's name."""

    UNCONFIRMED_KEPT = timedelta(days=3)  # a request whose mail nobody opened

    reference = CharField(unique=True)
    form_hash = CharField(unique=True)  # of the form it came from: a second submit is the first
    kind = CharField()  # see kinds.py
    subject = ForeignKeyField(Subject, null=True, on_delete="RESTRICT")
    subject_id: Any
    school = ForeignKeyField(School, on_delete="RESTRICT")
    school_id: Any
    level = CharField()  # for whom: "po", "vo" or "both"
    state = CharField(index=True)  # see rules.py
    planned_on = DateField(null=True)
    account = ForeignKeyField(Account, null=True, on_delete="SET NULL")  # who asked, signed in
    account_id: Any
    created_at = TimestampField()
    received_at = TimestampField(null=True)  # when it went to the mailbox; none: not yet confirmed
    closed_at = TimestampField(null=True)


class RequestDetails(BaseModel):
    """Who asked, and in which words. Cleared some time after the request is closed."""

    KEPT = timedelta(days=30)

    request = ForeignKeyField(Request, primary_key=True, on_delete="CASCADE")
    request_id: Any
    name = CharField()
    email = CharField(index=True)  # lower case
    answers = TextField()  # JSON: a list of what was asked and what was answered
    recipients = CharField()  # the mailboxes it went to, "; " between them


class RequestStep(BaseModel):
    """One thing that happened to a request: a state it came in, or a note of who asked. Its text
    is cleared with the details."""

    request = ForeignKeyField(Request, on_delete="CASCADE")
    request_id: Any
    what = CharField()
    at = TimestampField()
    by = ForeignKeyField(Account, null=True, on_delete="SET NULL")  # none: who asked
    by_id: Any
    planned_on = DateField(null=True)
    text = TextField(default="")


class FollowLink(BaseModel):
    """An address at which who asked follows a request without an account; each mail has one."""

    request = ForeignKeyField(Request, on_delete="CASCADE")
    request_id: Any
    token_hash = CharField(unique=True)
