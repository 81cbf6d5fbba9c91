"""Plans meetings, changes them and calls them off, alone or with the rest of a series. Days are Amsterdam dates."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal import clock
from portal.database import Outdated, db, for_update
from portal.directory.models import at_workplace
from portal.meetings.kinds import MeetingState
from portal.meetings.meeting_calendar import COLUMNS_IN_CALENDARS
from portal.meetings.models import Meeting
from portal.meetings.queries import get_role, lock_meeting, select_meetings, update


def plan(account: int, workplace: str, days: Iterable[date], leader: str, **columns: Any) -> list[Meeting]:
    """Store the meetings of a school or kern (code) on these days, planned by an account (id) and led by a role (key),
    all with these columns."""
    with db.atomic():
        columns |= {"leader": get_role(leader), "planned_by": account, "changed_at": clock.now()}
        first: int | None = None
        planned = []
        for day in sorted(days):
            meeting = Meeting.create(**at_workplace(workplace), series=first, day=day, **columns)
            first = first or meeting.id
            planned.append(meeting)
        if len(planned) > 1:
            Meeting.update(series=first).where(Meeting.id == first).execute()
        return planned


def change(meeting: Meeting, version: int, leader: str, values: Mapping[str, Any]) -> None:
    """Change the columns of a planned meeting; the leader is the key of a role. Raises Outdated
    where it is not the version that the form showed, or not planned any more."""
    with db.atomic():
        present = lock_meeting(meeting)
        if present.row_version != version or not present.is_planned:
            raise Outdated(present)
        moved = any(getattr(present, name) != values.get(name) for name in COLUMNS_IN_CALENDARS)
        sequence = present.sequence + moved
        update(present, **values, leader=get_role(leader), sequence=sequence)


def list_rest(meeting: Meeting) -> list[Meeting]:
    """A meeting and the later ones of its series."""
    rest = (Meeting.series == meeting.series) & (Meeting.day > meeting.day)
    return list(select_meetings().where((Meeting.id == meeting.id) | rest))


def call_off(meetings: Iterable[Meeting]) -> list[int]:
    """Call those of the meetings off that are planned and to come; gives their ids."""
    coming = (Meeting.state == MeetingState.PLANNED) & (Meeting.day >= clock.today())
    with db.atomic():
        chosen = Meeting.id.in_([row.id for row in meetings])
        found = list(for_update(Meeting.select().where(coming & chosen)))
        for row in found:
            update(row, state=MeetingState.CANCELLED, sequence=row.sequence + 1)
        return [row.id for row in found]
