"""Loads the meetings of the demo: series of kernen and schools around the day of seeding."""

from datetime import date, time, timedelta
from typing import Any

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.directory.schools_and_kernen import get_calendar
from portal.meetings import agenda_slots, planning_and_calling_off
from portal.meetings.expected_people import list_expected
from portal.meetings.kinds import Discussion, Reply, SlotKind
from portal.meetings.models import Meeting, Participant
from portal.region import Region
from portal.seeding.seed_files import read_toml
from portal.seeding.table_sync import Difference


def load_meetings(region: Region, day: date) -> Difference:
    """Add the meetings of the demo, unless there are any. Days are offsets from `day`; everybody is
    invited already, so that the demo begins without mail."""
    if Meeting.select().exists():
        return Difference("overleg", 0, 0, 0)
    coordinator = Account.get(Account.role == AccountRole.COORDINATOR).id
    added = 0
    for row in read_toml(region.folder / "demo" / "meetings.toml")["meetings"]:
        for meeting in planning_and_calling_off.plan(coordinator, **_read(row, day)):
            added += 1
            for number, person in enumerate(list_expected(meeting)):
                reply = (Reply.COMING, None, Reply.AWAY, Reply.COMING)[number % 4]
                Participant.create(meeting=meeting, person=person.person, mailed=0, reply=reply)
            if meeting.series in (None, meeting.id):
                _add_slots(meeting, row)
    return Difference("overleg", added, 0, 0)


def _read(row: dict[str, Any], day: date) -> dict[str, Any]:
    calendar = get_calendar()
    days = (day + timedelta(days=row["day"], weeks=6 * number) for number in range(row["times"]))
    return {
        "workplace": row["workplace"], "days": [calendar.next_working_day(on) for on in days],
        "begins": time(row["hour"]), "ends": time(row["hour"] + 2), "place": row["place"],
        "leader": row["leader"], "schools_only": row.get("schools_only", False),
    }  # fmt: skip


def _add_slots(meeting: Meeting, row: dict[str, Any]) -> None:
    for number in range(row.get("cases", 0)):
        case = {"discussion": (Discussion.FIRST, Discussion.FOLLOW_UP)[number % 2], "minutes": 20}
        consent = {"consent": "yes", "is_shared": True} if number else {}
        agenda_slots.add_slot(meeting, SlotKind.CASE, meeting.school_id, case | consent)
    for subject, line, minutes in row.get("points", []):
        point = {"subject": subject, "line": line, "minutes": minutes}
        agenda_slots.add_slot(meeting, SlotKind.GENERAL, meeting.school_id, point)
