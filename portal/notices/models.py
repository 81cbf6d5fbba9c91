"""The board's tables: notices, what they change where, whom they went to, and what became of them.

The rows of the directory that a notice writes stand in `portal.directory.models.Change`.
"""

from typing import Any

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from portal.accounts.models import Account
from portal.database import BaseModel
from portal.database.fields import TimestampField
from portal.directory.models import Organisation, Person, School


class Notice(BaseModel):
    """That something changes, from a day on."""

    key = CharField(unique=True)  # made by the form: sent twice, it is one notice
    kind = CharField()  # see kinds.py
    title = CharField()
    text = TextField()
    draft = TextField()  # JSON of drafts.Draft: to carry it out again on another day
    organisation = ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    organisation_id: Any
    account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
    account_id: Any
    author = CharField()
    reply_to = CharField()
    valid_from = DateField(index=True)
    valid_until = DateField(null=True)
    published_at = TimestampField()
    told_at = TimestampField()  # when the last mail about its days went out
    withdrawn_at = TimestampField(null=True)
    row_version = IntegerField(default=1)


class NoticeSchool(BaseModel):
    """A school that a notice is about."""

    notice = ForeignKeyField(Notice, on_delete="CASCADE")
    notice_id: Any
    school = ForeignKeyField(School, on_delete="CASCADE")
    school_id: Any

    class Meta:
        indexes = ((("notice", "school"), True),)


class NoticeLine(BaseModel):
    """What changes in one role at one school, as it was shown before posting."""

    notice = ForeignKeyField(Notice, on_delete="CASCADE")
    notice_id: Any
    school = ForeignKeyField(School, on_delete="CASCADE")
    school_id: Any
    role = CharField()  # the label
    before = CharField()
    after = CharField()


class Recipient(BaseModel):
    """Somebody whom a notice concerns; who they are is settled when it is posted."""

    notice = ForeignKeyField(Notice, on_delete="CASCADE")
    notice_id: Any
    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    email = CharField(default="")  # "": nobody knows one; call this person
    mailed = BooleanField()  # False: no address, or they do not want mail of this kind
    seen_at = TimestampField(null=True)
    reminded_at = TimestampField(null=True)

    class Meta:
        indexes = ((("notice", "person"), True),)


class RecipientSchool(BaseModel):
    """A kernteam for which somebody got a notice."""

    recipient = ForeignKeyField(Recipient, on_delete="CASCADE")
    recipient_id: Any
    school = ForeignKeyField(School, on_delete="CASCADE")
    school_id: Any

    class Meta:
        indexes = ((("recipient", "school"), True),)


class NoticeEvent(BaseModel):
    """Something that happened to a notice: posted, changed, confirmed, withdrawn."""

    notice = ForeignKeyField(Notice, on_delete="CASCADE")
    notice_id: Any
    at = TimestampField()
    author = CharField()
    text = TextField()  # a Dutch sentence


class MutedKind(BaseModel):
    """That somebody does not want mail about notices of a kind."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    kind = CharField()

    class Meta:
        indexes = ((("person", "kind"), True),)
