"""Accounts, sign-in links, sessions and pending forms. Secrets are stored as hashes only."""

from datetime import date
from typing import Any

from peewee import BigIntegerField, BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from portal.accounts.roles import AccountRole
from portal.database import BaseModel
from portal.database.fields import EnumField, TimestampField
from portal.directory.models import Organisation, Person
from portal.labelled_enum import LabelledEnum

# The name of the lock that is held while an account, a listed domain or a set-up link is added or
# changed: the rules about them look at all.
ACCOUNTS_LOCK = "accounts"


class Account(BaseModel):
    """A person who may sign in."""

    email = CharField(unique=True)  # lower case
    name = CharField()
    role = EnumField(AccountRole)
    organisation = ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    organisation_id: Any
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    person_id: Any
    active_until = DateField(null=True)  # the first day without access
    created_at = TimestampField()
    # The Amsterdam days of the last sign-in, and of the last one before that day.
    visited_on = DateField(null=True)
    visited_before_on = DateField(null=True)
    warned_on = DateField(null=True)  # the day of the mail that an unused account ends
    # The account exists only through its mail domain; a coordinator who changes its role, address
    # or last day takes responsibility for it and clears this.
    by_domain = BooleanField(default=False)
    # The address of its person with which it signed in after a move, instead of `email`.
    moved_to = CharField(default="")
    # The first day on which a coordinator or administrator needs a second factor; set at their
    # first session with that role.
    factor_due_on = DateField(null=True)

    @property
    def address(self) -> str:
        """The mail address of the account, lower case."""
        return str(self.moved_to or self.email)

    def is_active(self, day: date) -> bool:
        """Whether the account has access on `day`."""
        return self.active_until is None or day < self.active_until


class MergedAccount(BaseModel):
    """An account that went along when its person was merged into another by a change set (id);
    undoing that gives it back to the person (id)."""

    change_set = IntegerField(index=True)
    account = ForeignKeyField(Account, on_delete="CASCADE")
    account_id: Any
    person = IntegerField()


class ListedDomain(BaseModel):
    """A mail domain of an organisation. Everyone with an address at it may sign in as a reader."""

    domain = CharField(unique=True)
    organisation = ForeignKeyField(Organisation, on_delete="CASCADE")
    organisation_id: Any


class SignInRequest(BaseModel):
    """A sign-in link and its code, both for one use."""

    email = CharField()  # "" for an address that may not sign in
    token_hash = CharField(unique=True)
    code_mac = CharField()
    browser_hash = CharField(index=True)
    created_at = TimestampField()
    attempts = IntegerField(default=0)
    open = BooleanField(default=True)


class SignInSession(BaseModel):
    """A browser in which a user is signed in."""

    token_hash = CharField(unique=True)
    account = ForeignKeyField(Account, on_delete="CASCADE")
    account_id: Any
    device = CharField()  # "Firefox op Windows"
    created_at = TimestampField()
    seen_at = TimestampField()
    proved_at = TimestampField(null=True)  # the last proof of a second factor
    # The challenge that a passkey signs, in hexadecimal, for one answer, or "".
    challenge = CharField(default="")


class FactorKind(LabelledEnum):
    PASSKEY = "passkey", "passkey"
    APP = "app", "app met codes"


class SecondFactor(BaseModel):
    """A passkey or an authenticator app, with which the owner of an account proves who they are."""

    account = ForeignKeyField(Account, on_delete="CASCADE")
    account_id: Any
    kind = EnumField(FactorKind)
    device = CharField()  # on which it was added: "Firefox op Windows"
    data = TextField(unique=True)  # of a passkey its public key, of an app its encrypted secret
    counter = BigIntegerField()  # uses that a passkey told; the last step of an app that counted
    created_at = TimestampField()


class RecoveryCode(BaseModel):
    """A code on paper in the place of a second factor; using it deletes it."""

    account = ForeignKeyField(Account, on_delete="CASCADE")
    account_id: Any
    code_mac = CharField(unique=True)
    created_at = TimestampField()


class PendingForm(BaseModel):
    """A submitted form that is stored until its sender has signed in."""

    browser_hash = CharField()
    account = ForeignKeyField(Account, null=True, on_delete="CASCADE")  # of a visitor: None
    account_id: Any
    path = CharField()
    fields = TextField()  # JSON: a list of pairs of name and value
    created_at = TimestampField()


class SetUpLink(BaseModel):
    """The one-time link that makes the first administrator of a new installation."""

    token_hash = CharField(unique=True)
    created_at = TimestampField()
    used_at = TimestampField(null=True)
