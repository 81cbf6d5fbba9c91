"""Meetings of a school or a kern: when they are, what is on their agenda, and who comes.

A case slot has a number and minutes, never a name and never a text: the case itself is in the
pupil record of the school. The constraints of `MeetingSlot` hold that.
"""

from datetime import datetime
from typing import Any

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, TimeField

from portal import clock
from portal.accounts.models import Account
from portal.database import BaseModel
from portal.database.fields import EnumField, TimestampField
from portal.directory.models import ONE_WORKPLACE, AtWorkplace, Kern, Person, Role, School
from portal.meetings.days_and_deadlines import moment
from portal.meetings.kinds import Consent, Discussion, MeetingState, Outcome, Reply, SlotKind, Subject, is_anonymous


class Meeting(AtWorkplace, BaseModel):
    """A meeting on one day; hours are those of Amsterdam."""

    school = ForeignKeyField(School, null=True, on_delete="RESTRICT")
    school_id: Any
    kern = ForeignKeyField(Kern, null=True, on_delete="RESTRICT")
    kern_id: Any
    series = IntegerField(null=True, index=True)  # the id of its first meeting; None: alone
    day = DateField(index=True)
    begins = TimeField()
    ends = TimeField()
    place = CharField()
    leader = ForeignKeyField(Role, on_delete="RESTRICT")
    leader_id: Any
    schools_only = BooleanField(default=False)
    state = EnumField(MeetingState, default=MeetingState.PLANNED)
    planned_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")
    planned_by_id: Any
    sequence = IntegerField(default=0)  # rises with every change that calendars take over
    changed_at = TimestampField()
    row_version = IntegerField(default=1)
    # Counts that stay when slots and presence are cleared; None: not cleared yet.
    cases = IntegerField(null=True)
    points = IntegerField(null=True)
    present = IntegerField(null=True)

    class Meta:
        constraints = (Check(ONE_WORKPLACE),)

    @property
    def begins_at(self) -> datetime:
        return moment(self.day, self.begins)

    @property
    def ends_at(self) -> datetime:
        return moment(self.day, self.ends)

    @property
    def hours(self) -> str:
        """From when to when: "15.00–16.30 uur"."""
        return f"{self.begins:%H.%M}–{self.ends:%H.%M} uur"

    @property
    def is_open(self) -> bool:
        """Whether people can still say that they come."""
        return self.is_planned and self.ends_at > clock.now()

    @property
    def is_planned(self) -> bool:
        """Whether it is still to come, or was not accounted for yet."""
        return bool(self.state == MeetingState.PLANNED)


NO_TEXT = "subject IS NULL AND line = ''"


class MeetingSlot(BaseModel):
    meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
    meeting_id: Any
    school = ForeignKeyField(School, null=True, on_delete="RESTRICT")  # brings it in
    school_id: Any
    kind = EnumField(SlotKind)
    number = IntegerField()  # per kind; stays, because the school's own paper names it
    minutes = IntegerField()
    is_late = BooleanField()  # added after the agenda closed
    discussion = EnumField(Discussion, null=True)
    consent = EnumField(Consent, null=True)
    is_shared = BooleanField(null=True)  # the groeidocument, in a safe way
    coordinator = ForeignKeyField(Role, null=True, on_delete="RESTRICT")  # of the case
    coordinator_id: Any
    outcome = EnumField(Outcome, null=True)
    evaluate_on = DateField(null=True)
    subject = EnumField(Subject, null=True)
    line = CharField(default="")  # guarded; only in a general slot
    row_version = IntegerField(default=1)

    class Meta:
        indexes = ((("meeting", "kind", "number"), True),)
        constraints = (Check(f"kind <> 'case' OR ({NO_TEXT})"),)

    @property
    def title(self) -> str:
        """The slot in words, without a name: "casus 2, eerste bespreking"."""
        if self.kind == SlotKind.CASE:
            return f"casus {self.number}, {self.discussion.label}"
        return f"{self.subject.label}{': ' * bool(self.line)}{self.line}"

    @property
    def is_anonymous(self) -> bool:
        """Whether it may be discussed only without data by which a pupil is recognised."""
        return is_anonymous(self.kind, self.consent)


class Participant(BaseModel):
    """A person who was invited to a meeting, with their answer and presence."""

    meeting = ForeignKeyField(Meeting, on_delete="CASCADE")
    meeting_id: Any
    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    mailed = IntegerField()  # the sequence of the meeting in their calendar; -1: called off
    reply = EnumField(Reply, null=True)
    was_present = BooleanField(null=True)

    class Meta:
        indexes = ((("meeting", "person"), True),)


class MeetingFeed(BaseModel):
    """The secret address of somebody's calendar of meetings; a new one ends the old one."""

    account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")
    account_id: Any
    token_hash = CharField(unique=True)
