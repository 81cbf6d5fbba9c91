"""Accounts, and everything that has to do with signing in. Secrets are stored as hashes only."""

from typing import Any

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from portal.database import BaseModel
from portal.database.fields import TimestampField
from portal.directory.models import Organisation, Person


class Account(BaseModel):
    """Somebody who may sign in."""

    email = CharField(unique=True)  # lower case
    name = CharField()
    role = CharField()  # see roles.py
    organisation = ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    organisation_id: Any
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    person_id: Any
    active_until = DateField(null=True)  # the first day without access
    created_at = TimestampField()
    # Only because its domain was listed; a coordinator who gives it a role or days answers for it.
    by_domain = BooleanField(default=False)


class ListedDomain(BaseModel):
    """A mail domain of an organisation: whoever has an address there may read."""

    domain = CharField(unique=True)
    organisation = ForeignKeyField(Organisation, on_delete="CASCADE")
    organisation_id: Any


class SignInRequest(BaseModel):
    """A link and a code that were asked for, for ten minutes and for one use."""

    email = CharField()  # "" for an address that may not sign in
    token_hash = CharField(unique=True)
    code_mac = CharField()
    browser_hash = CharField(index=True)
    created_at = TimestampField()
    attempts = IntegerField(default=0)
    open = BooleanField(default=True)


class SignInSession(BaseModel):
    """A browser in which somebody is signed in."""

    token_hash = CharField(unique=True)
    account = ForeignKeyField(Account, on_delete="CASCADE")
    account_id: Any
    device = CharField()  # "Firefox op Windows"
    created_at = TimestampField()
    seen_at = TimestampField()


class PendingForm(BaseModel):
    """A filled-in form that waits until whoever filled it in has signed in."""

    browser_hash = CharField()
    path = CharField()
    fields = TextField()  # JSON: a list of names and values
    created_at = TimestampField()


class SetUpLink(BaseModel):
    """The one-time link with which a new installation gets its first administrator."""

    token_hash = CharField(unique=True)
    created_at = TimestampField()
    used_at = TimestampField(null=True)
