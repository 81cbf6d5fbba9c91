"""The statements about meetings and the answers to invitations. Days are Amsterdam dates."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from peewee import JOIN

from portal import clock
from portal.database import Outdated, add_unless_present, db, fetch_tuples, for_update
from portal.directory.models import Kern, Role, School
from portal.meetings.kinds import MeetingState, Outcome, Reply
from portal.meetings.models import Meeting, MeetingSlot, Participant

NOT_INVITED = -1  # nothing of the meeting is in the calendar of a participant


def select_meetings() -> Any:
    """The query for meetings, each with its school or kern and its leader, in order."""
    return (
        Meeting.select(Meeting, School, Kern, Role)
        .join(School, JOIN.LEFT_OUTER)
        .join_from(Meeting, Kern, JOIN.LEFT_OUTER)
        .join_from(Meeting, Role)
        .order_by(Meeting.day, Meeting.begins, Meeting.id)
    )


def find_meeting(number: int) -> Meeting | None:
    return next(iter(select_meetings().where(Meeting.id == number)), None)


def list_meetings(workplaces: Collection[str] | None, since: date) -> list[Meeting]:
    """The meetings from the day `since` on; all, or those of these schools and kernen (codes)."""
    query = select_meetings().where(Meeting.day >= since)
    if workplaces is not None:
        query = query.where(Meeting.at(list(workplaces)))
    return list(query)


def list_days(meeting: Meeting) -> list[date]:
    """The days of all meetings of the same group that were not called off. Those of meetings for
    schools only are given for such a meeting alone, because others would learn them."""
    same = Meeting.at([meeting.workplace_id]) & (Meeting.schools_only == meeting.schools_only)
    query = Meeting.select(Meeting.day).where(same & (Meeting.state != MeetingState.CANCELLED))
    return [day for (day,) in fetch_tuples(query.order_by(Meeting.day))]


def get_role(key: str) -> Role:
    role: Role = Role.get(Role.key == key)
    return role


def lock_meeting(meeting: Meeting) -> Meeting:
    """The present meeting: nobody else changes it until the transaction of the caller ends."""
    found: Meeting = for_update(Meeting.select().where(Meeting.id == meeting.id)).get()
    return found


def update(meeting: Meeting, **values: Any) -> None:
    """Give a meeting these values and its next version."""
    more = {"changed_at": clock.now(), "row_version": meeting.row_version + 1}
    Meeting.update(**values, **more).where(Meeting.id == meeting.id).execute()


# ---- Answers -------------------------------------------------------------------------------------


def list_participants(meeting: Meeting) -> dict[int, Participant]:
    """Per person (id) their answer and presence."""
    query = Participant.select().where(Participant.meeting == meeting.id)
    return {row.person_id: row for row in query}


def mark(meeting: Meeting, person: int, before: int | None, mailed: int) -> bool:
    """Store which version of the meeting is in the calendar of a person (id); False where another
    run did that, or `before` is not what was known."""
    if before is None:
        return add_unless_present(Participant, meeting=meeting.id, person=person, mailed=mailed)
    same = (Participant.meeting == meeting.id) & (Participant.person == person)
    change = Participant.update(mailed=mailed).where(same & (Participant.mailed == before))
    return bool(change.execute())


def list_replies(meetings: Iterable[Meeting], person: int | None) -> dict[int, Reply]:
    """Per meeting (id) the answer of a person."""
    ids = [meeting.id for meeting in meetings]
    query = Participant.select(Participant.meeting, Participant.reply).where(
        Participant.meeting.in_(ids) & (Participant.person == person)
    )
    return {meeting: reply for meeting, reply in fetch_tuples(query) if reply}


def answer(meeting: Meeting, person: int, reply: Reply) -> None:
    """Store the answer of a person; they may answer again."""
    same = (Participant.meeting == meeting.id) & (Participant.person == person)
    with db.atomic():
        lock_meeting(meeting)
        if not Participant.update(reply=reply).where(same).execute():
            # The invitation is on its way.
            Participant.create(meeting=meeting.id, person=person, mailed=NOT_INVITED, reply=reply)


def store_report(
    meeting: Meeting, version: int, *, held: bool, present: Collection[int],
    outcomes: Mapping[int, tuple[Outcome | None, date | None]],
) -> None:  # fmt: skip
    """Store how a meeting went: the people (ids) who were there, and per slot (id) how its case
    goes on. Raises Outdated where it is not the version that the form showed."""
    with db.atomic():
        row = lock_meeting(meeting)
        if row.row_version != version:
            raise Outdated(row)
        update(row, state=MeetingState.HELD if held else MeetingState.CANCELLED)
        known = list_participants(meeting)
        for person in {*present} - {*known}:
            Participant.create(meeting=meeting.id, person=person, mailed=NOT_INVITED, was_present=held)
        for person in known:
            there = held and person in present
            Participant.update(was_present=there).where(
                (Participant.meeting == meeting.id) & (Participant.person == person)
            ).execute()
        for slot, (outcome, day) in outcomes.items() if held else ():
            MeetingSlot.update(outcome=outcome, evaluate_on=day).where(MeetingSlot.id == slot).execute()
