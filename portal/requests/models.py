"""Requests of schools, their history, the catalogue of subjects and the mailboxes.

The facts that stay of a request (school, subject, dates) and the personal data that is cleared
after it is closed (name, address, words) stand in different tables: clearing deletes a row.
"""

from typing import Any

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from portal.accounts.models import Account
from portal.database import BaseModel
from portal.database.fields import EnumField, TimestampField
from portal.directory.models import School
from portal.requests.kinds import Level, SubjectKind
from portal.requests.state_rules import State, StepKind


class Subject(BaseModel):
    """A theme or organisation that a session can be about. The seeds add the first ones; after
    that the coordinator owns them."""

    key = CharField(unique=True)
    kind = EnumField(SubjectKind)
    name = CharField()
    explanation = TextField()
    given_by = CharField(default="")
    position = IntegerField()
    is_offered = BooleanField(default=True)
    source = CharField(default="")


class Mailbox(BaseModel):
    """An address that requests are sent to. A change adds a row, so that the old rows are the
    history; the newest row of a key counts."""

    key = CharField(index=True)  # of a mailbox of the region
    address = CharField()
    set_at = TimestampField()
    set_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")  # None: the seeds


class Request(BaseModel):
    """The facts of a request that stay; they name nobody."""

    reference = CharField(unique=True)
    form_hash = CharField(unique=True)  # of the key of its form, with which a second press finds it
    kind = CharField()  # the key of a kind of the region
    subject = ForeignKeyField(Subject, null=True, on_delete="RESTRICT")
    subject_id: Any
    school = ForeignKeyField(School, on_delete="RESTRICT")
    school_id: Any
    level = EnumField(Level)
    state = EnumField(State, index=True)
    planned_on = DateField(null=True)
    account = ForeignKeyField(Account, null=True, on_delete="SET NULL")  # of a signed-in requester
    account_id: Any
    created_at = TimestampField()
    received_at = TimestampField(null=True)  # sent to the mailboxes; None: not yet confirmed
    closed_at = TimestampField(null=True)
    unread_since = TimestampField(null=True, index=True)  # the requester waits; None: nothing does
    owner = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="owned")
    owner_id: Any


class RequestDetails(BaseModel):
    """The personal data of a request, cleared some time after it is closed."""

    request = ForeignKeyField(Request, primary_key=True, on_delete="CASCADE")
    request_id: Any
    name = CharField()
    email = CharField(index=True)  # lower case
    answers = TextField()  # JSON: a list of [question, answer]
    recipients = CharField()  # the addresses of the mailboxes, separated by "; "


class RequestStep(BaseModel):
    """A step in the history of a request. Its text is cleared with the details."""

    request = ForeignKeyField(Request, on_delete="CASCADE")
    request_id: Any
    kind = EnumField(StepKind)
    taken_at = TimestampField()
    actor = ForeignKeyField(Account, null=True, on_delete="SET NULL")  # None: the requester
    planned_on = DateField(null=True)
    text = TextField(default="")


class PlannedSession(BaseModel):
    """The hours and the place of a session and who takes part, as one step planned it. Cleared
    with the details; the day stays in the step."""

    step = ForeignKeyField(RequestStep, primary_key=True, on_delete="CASCADE")
    begins_at = TimestampField()
    ends_at = TimestampField()
    place = CharField()
    leader = CharField()  # a name; may be empty
    invitees = TextField()  # JSON: a list of [role key or "", name, address]


class SavedForm(BaseModel):
    """A form that somebody finishes later, by the link in a mail; deleted when it is sent."""

    token_hash = CharField(unique=True)
    kind = CharField()  # the key of a kind of the region
    answers = TextField()  # JSON: the fields that are filled in
    saved_at = TimestampField(index=True)


class FollowLink(BaseModel):
    """A link with which a requester follows a request without an account; each mail has its own."""

    request = ForeignKeyField(Request, on_delete="CASCADE")
    request_id: Any
    token_hash = CharField(unique=True)
