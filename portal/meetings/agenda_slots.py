"""The slots of an agenda: their order, how many there may be, which came late, and the cases to evaluate. Days are
Amsterdam dates."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from portal import clock
from portal.database import Outdated, db, fetch_tuples
from portal.directory.models import Role, School
from portal.directory.schools_and_kernen import get_calendar
from portal.meetings.days_and_deadlines import closes_at
from portal.meetings.kinds import Outcome, SlotKind
from portal.meetings.models import Meeting, MeetingSlot
from portal.meetings.queries import get_role, lock_meeting

MOST_SLOTS = 60


class TooManySlots(Exception):
    """The agenda is full."""


def list_slots(meeting: Meeting) -> list[MeetingSlot]:
    """The agenda: cases, general slots, and last those that were added after it closed."""
    query = (
        MeetingSlot.select(MeetingSlot, School, Role)
        .join(School, JOIN.LEFT_OUTER)
        .join_from(MeetingSlot, Role, JOIN.LEFT_OUTER)
        .where(MeetingSlot.meeting == meeting.id)
    )
    return list(query.order_by(MeetingSlot.is_late, MeetingSlot.kind, MeetingSlot.number))


def list_evaluations(meeting: Meeting) -> list[MeetingSlot]:
    """The cases of earlier meetings of the same school whose evaluation is due on this day; those
    of meetings for schools only where this is one too."""
    query = MeetingSlot.select(MeetingSlot, Meeting).join(Meeting)
    if not meeting.schools_only:
        query = query.where(~Meeting.schools_only)
    due = (MeetingSlot.outcome == Outcome.EVALUATION) & (MeetingSlot.evaluate_on <= meeting.day)
    earlier = Meeting.at([meeting.workplace_id]) & (Meeting.day < meeting.day)
    return list(query.where(due & earlier).order_by(Meeting.day, MeetingSlot.number))


def count_slots(meetings: Iterable[Meeting]) -> dict[int, tuple[int, int]]:
    """Per meeting (id) how many slots it has, and how many of these came late."""
    late = fn.SUM(Case(None, [(MeetingSlot.is_late, 1)], 0))
    query = MeetingSlot.select(MeetingSlot.meeting, fn.COUNT(MeetingSlot.id), late)
    query = query.where(MeetingSlot.meeting.in_([row.id for row in meetings]))
    found = fetch_tuples(query.group_by(MeetingSlot.meeting))
    return {meeting: (number, late) for meeting, number, late in found}


def list_due_evaluations(first: date, last: date) -> list[MeetingSlot]:
    """The cases whose evaluation is on these days, each with its meeting, by meeting and day."""
    due = (MeetingSlot.outcome == Outcome.EVALUATION) & MeetingSlot.evaluate_on.between(first, last)
    query = MeetingSlot.select(MeetingSlot, Meeting, School, Role).join(Meeting).join(School)
    query = query.join_from(Meeting, Role)
    return list(query.where(due).order_by(Meeting.id, MeetingSlot.evaluate_on, MeetingSlot.id))


def find_slot(meeting: Meeting, number: int) -> MeetingSlot | None:
    return MeetingSlot.get_or_none((MeetingSlot.id == number) & (MeetingSlot.meeting == meeting.id))


def add_slot(meeting: Meeting, kind: SlotKind, school: str | None, values: Mapping[str, Any]) -> None:
    """Add a slot; one after the closing of the agenda is late, never refused. Raises TooManySlots,
    and Outdated where the meeting is not planned any more."""
    with db.atomic():
        present = lock_meeting(meeting)  # the number is the next one
        if not present.is_planned:
            raise Outdated(present)
        own = MeetingSlot.meeting == meeting.id
        if MeetingSlot.select().where(own).count() >= MOST_SLOTS:
            raise TooManySlots
        last = MeetingSlot.select(fn.MAX(MeetingSlot.number)).where(own & (MeetingSlot.kind == kind))
        is_late = clock.now() >= closes_at(present.day, get_calendar())
        MeetingSlot.create(
            meeting=meeting.id, school=school, kind=kind, number=(last.scalar() or 0) + 1,
            is_late=is_late, **_columns(values),
        )  # fmt: skip


def change_slot(slot: MeetingSlot, version: int, values: Mapping[str, Any] | None) -> None:
    """Change a slot, or remove it where there are no values. Raises Outdated where it is not the
    version that the form showed."""
    same = (MeetingSlot.id == slot.id) & (MeetingSlot.row_version == version)
    if values is None:
        done = MeetingSlot.delete().where(same).execute()
    else:
        done = MeetingSlot.update(**_columns(values), row_version=version + 1).where(same).execute()
    if not done:
        raise Outdated(MeetingSlot.get_or_none(MeetingSlot.id == slot.id))


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers about a slot as columns: the coordinator of a case is the key of a role."""
    key = values.get("coordinator")
    return {**values, "coordinator": get_role(key)} if key else dict(values)


def list_late(planned: list[Meeting]) -> list[Meeting]:
    """The meetings whose agenda closed empty, or got a slot after that."""
    calendar, now = get_calendar(), clock.now()
    closed = [row for row in planned if closes_at(row.day, calendar) <= now]
    slots = count_slots(closed)
    return [row for row in closed if slots.get(row.id, (0, 0))[0] == 0 or slots[row.id][1]]
