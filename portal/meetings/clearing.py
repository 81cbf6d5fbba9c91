"""Clears agendas, answers and presence some time after the last evaluation; counts stay."""

from datetime import datetime

from peewee import fn

from portal import clock
from portal.database import db, fetch_tuples
from portal.mail import outbox
from portal.meetings.kinds import SlotKind
from portal.meetings.mails import key_prefixes
from portal.meetings.models import Meeting, MeetingSlot, Participant


def clear_old(before: datetime) -> int:
    """Clear the meetings that were over, with their last evaluation, before this moment (aware
    UTC); gives their number."""
    day = clock.day_of(before)
    still = MeetingSlot.select(MeetingSlot.meeting).where(MeetingSlot.evaluate_on >= day)
    is_over = Meeting.cases.is_null() & (Meeting.day < day) & Meeting.id.not_in(still)
    with db.atomic():
        old = list(Meeting.select().where(is_over))
        for meeting in old:
            own = MeetingSlot.meeting == meeting.id
            slots = MeetingSlot.select(MeetingSlot.kind, fn.COUNT(MeetingSlot.id)).where(own)
            counts = dict(fetch_tuples(slots.group_by(MeetingSlot.kind)))
            people = Participant.meeting == meeting.id
            present = Participant.select().where(people & Participant.was_present).count()
            Meeting.update(
                cases=counts.get(SlotKind.CASE, 0), points=counts.get(SlotKind.GENERAL, 0), present=present
            ).where(Meeting.id == meeting.id).execute()
            MeetingSlot.delete().where(own).execute()
            Participant.delete().where(people).execute()
            for prefix in key_prefixes(meeting):
                outbox.clear(prefix)
        return len(old)
