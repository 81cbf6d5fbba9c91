"""The tables of what is said about the truth of the directory; a check itself stands in the row
that was checked (`checked_on`, `checked_by`)."""

from secrets import token_urlsafe
from typing import Any

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from portal.accounts.models import Account
from portal.database import BaseModel
from portal.database.fields import EnumField, TimestampField
from portal.directory.models import Assignment, ContactDetail, ContactPoint, Kern, Person, School
from portal.labelled_enum import LabelledEnum
from portal.quality.round_schedule import Step


class ReportKind(LabelledEnum):
    """The kind of fault that a reader reports."""

    DETAIL = "detail", "nummer of adres fout"
    GONE = "gone", "persoon weg"
    OTHER_PERSON = "other person", "andere persoon"
    OTHER = "other", "anders"


class ReportState(LabelledEnum):
    """The state of a report; first it is with the editors of the organisation."""

    OPEN = "open", "bij de organisatie"
    COORDINATOR = "coordinator", "bij de coördinator"
    ACCEPTED = "accepted", "aangepast"
    REFUSED = "refused", "klopt wel"


UNANSWERED = (ReportState.OPEN, ReportState.COORDINATOR)


class Report(BaseModel):
    """A reader says that something is wrong: about a person (with a school or kern: their post
    there), a contact point, or a school itself."""

    person = ForeignKeyField(Person, null=True, on_delete="CASCADE")
    person_id: Any
    contact_point = ForeignKeyField(ContactPoint, null=True, on_delete="CASCADE")
    contact_point_id: Any
    school = ForeignKeyField(School, null=True, on_delete="CASCADE")
    school_id: Any
    kern = ForeignKeyField(Kern, null=True, on_delete="CASCADE")
    kern_id: Any
    detail = ForeignKeyField(ContactDetail, null=True, on_delete="SET NULL")
    detail_id: Any
    fault = EnumField(ReportKind)
    topic = CharField(index=True)  # the same for reports of the same fault; see reports.py
    text = TextField(default="")
    account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
    account_id: Any
    network = CharField(default="")  # a hash, of a reporter without an account
    email = CharField(default="")  # the address of one who wants to hear the outcome
    at = TimestampField(index=True)
    is_shown = BooleanField()  # to other readers, as long as nobody answered
    state = EnumField(ReportState, index=True)
    answered_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")
    answered_by_id: Any
    answered_at = TimestampField(null=True)


class CoverageWeek(BaseModel):
    """The posts of all schools in a week, and how many of them lack something; see coverage.py."""

    week = DateField(primary_key=True)  # its Monday
    posts = IntegerField()
    filled = IntegerField()
    vacant = IntegerField()
    absent = IntegerField()
    unknown = IntegerField()
    old = IntegerField()
    doubtful = IntegerField()
    without_number = IntegerField()
    reported = IntegerField()


class Dismissal(BaseModel):
    """Somebody looked at a suspicious detail and said that it is right."""

    digest = CharField(primary_key=True)  # of what was suspicious: no number or address itself
    account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
    account_id: Any
    at = TimestampField()


class ConfirmationRound(BaseModel):
    """A time of year in which everybody whose facts are due is asked whether they are right."""

    begins_on = DateField(unique=True)


class Confirmation(BaseModel):
    """The question to one person in one round. Its link and mails name its secret."""

    round = ForeignKeyField(ConfirmationRound, on_delete="CASCADE")
    round_id: Any
    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    step = EnumField(Step)
    since = DateField()  # the day of that step
    asked_on = DateField(null=True)  # the days of both mails; NULL: not mailed
    reminded_on = DateField(null=True)
    secret = CharField(unique=True, default=token_urlsafe)  # never given twice

    class Meta:
        indexes = ((("round", "person"), True), (("person", "since"), False))


class CallOutcome(LabelledEnum):
    RIGHT = "right", "klopt"
    WRONG = "wrong", "klopt niet"
    MISSED = "missed", "niet bereikt"


class Call(BaseModel):
    """A row that the coordinator calls in a month, drawn at random: somebody's post."""

    month = DateField()  # its first day
    assignment = ForeignKeyField(Assignment, null=True, on_delete="SET NULL")
    assignment_id: Any
    outcome = EnumField(CallOutcome, null=True)
    called_on = DateField(null=True)
    account = IntegerField(null=True)  # the id of the caller's

    class Meta:
        indexes = ((("month", "assignment"), True),)
