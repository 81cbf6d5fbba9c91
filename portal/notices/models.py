"""The tables of the board: notices, the posts that they change, their recipients and history.

The directory rows that a notice changed are recorded in its change set, of which `ref` is the id of the notice.
"""

from typing import Any

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from portal.accounts.models import Account
from portal.database import BaseModel
from portal.database.fields import EnumField, TimestampField
from portal.directory.models import ONE_WORKPLACE, AtWorkplace, Kern, Organisation, Person, School
from portal.notices.kinds import NoticeKind


class Notice(BaseModel):
    """An announced change of the kernteams that holds from a day on."""

    key = CharField(unique=True)  # account and key of the form: a form sent twice is one notice
    kind = EnumField(NoticeKind)
    title = CharField()
    text = TextField()
    draft = TextField()  # JSON: the other answers of the form, see queries.get_draft
    organisation = ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    organisation_id: Any
    account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
    account_id: Any
    author_name = CharField()
    reply_to = CharField()
    valid_from = DateField(index=True)
    valid_until = DateField(null=True)
    published_at = TimestampField()
    announced_at = TimestampField()  # the last mail about its days; reminders count from here
    withdrawn_at = TimestampField(null=True)
    row_version = IntegerField(default=1)

    class Meta:
        indexes = ((("valid_until", "kind"), False),)


class NoticeSchool(AtWorkplace, BaseModel):
    """A school or kern that a notice is about."""

    notice = ForeignKeyField(Notice, on_delete="CASCADE")
    notice_id: Any
    school: Any = ForeignKeyField(School, null=True, on_delete="CASCADE")
    school_id: Any
    kern: Any = ForeignKeyField(Kern, null=True, on_delete="CASCADE")
    kern_id: Any

    class Meta:
        constraints = (Check(ONE_WORKPLACE),)
        indexes = ((("notice", "school"), True), (("notice", "kern"), True))


class NoticeLine(AtWorkplace, BaseModel):
    """The change of one role at one school or kern, in the words of the preview."""

    notice = ForeignKeyField(Notice, on_delete="CASCADE")
    notice_id: Any
    school: Any = ForeignKeyField(School, null=True, on_delete="CASCADE")
    school_id: Any
    kern: Any = ForeignKeyField(Kern, null=True, on_delete="CASCADE")
    kern_id: Any
    role = CharField()  # the label
    before = CharField()
    after = CharField()

    class Meta:
        constraints = (Check(ONE_WORKPLACE),)


class Recipient(BaseModel):
    """A person whom a notice concerns. The audience is fixed when the notice is published."""

    notice = ForeignKeyField(Notice, on_delete="CASCADE")
    notice_id: Any
    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    email = CharField(default="")  # "": no address is known, the author calls this person
    mailed = BooleanField()  # False: no address, or this person muted the kind
    seen_at = TimestampField(null=True)
    reminded_at = TimestampField(null=True)

    class Meta:
        indexes = ((("notice", "person"), True),)


class RecipientSchool(AtWorkplace, BaseModel):
    """A kernteam through which a notice concerns a recipient."""

    recipient = ForeignKeyField(Recipient, on_delete="CASCADE")
    school: Any = ForeignKeyField(School, null=True, on_delete="CASCADE")
    school_id: Any
    kern: Any = ForeignKeyField(Kern, null=True, on_delete="CASCADE")
    kern_id: Any

    class Meta:
        constraints = (Check(ONE_WORKPLACE),)
        indexes = ((("recipient", "school"), True), (("recipient", "kern"), True))


class NoticeEvent(BaseModel):
    """A step in the history of a notice: published, changed, confirmed, refused, withdrawn."""

    notice = ForeignKeyField(Notice, on_delete="CASCADE")
    notice_id: Any
    at = TimestampField()
    author_name = CharField()
    text = TextField()  # a Dutch sentence
    old_text = TextField(null=True)  # of the notice, where this step changed it


class MutedKind(BaseModel):
    """A kind of notices about which a person wants no mail."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    kind = EnumField(NoticeKind)

    class Meta:
        indexes = ((("person", "kind"), True),)
