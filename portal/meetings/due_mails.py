"""Sends the mails about meetings: after each change, and once an hour what became due. Each run
compares what is with what was mailed, so that it may run again. Days are Amsterdam dates.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from portal import clock
from portal.accounts.sign_in_addresses import list_emails
from portal.database import db
from portal.directory.schools_and_kernen import get_calendar
from portal.directory.who_works_or_is_absent import list_people
from portal.mail.outbox import Mail, enqueue, rename
from portal.meetings import agenda_slots, mails, planning_and_calling_off, queries
from portal.meetings.days_and_deadlines import REMIND_OF_EVALUATION, closes_at, reminds_on
from portal.meetings.expected_people import Expected, list_expected
from portal.meetings.kinds import MeetingState
from portal.meetings.mails import MailKind, make_mail
from portal.meetings.models import Meeting
from portal.site import Site

_FROM_HOUR = 8  # in Amsterdam
_LOOKS_BACK = timedelta(days=60)  # the summer holiday, and a worker that was away


def run(site: Site) -> int:
    """Send what is due now; gives how many mails. In the context of a request, for the templates."""
    today = clock.today()
    is_day = clock.now().astimezone(clock.AMSTERDAM).hour >= _FROM_HOUR
    sent = 0
    for meeting in queries.list_meetings(None, today - _LOOKS_BACK):
        if meeting.ends_at > clock.now():
            sent += invite(meeting, site)
            sent += _store(_prepare(meeting, site, is_day=is_day), site)
        elif is_day and meeting.is_planned:
            sent += _store(_look_back(meeting, today, site), site)
    return sent + (_store(_remind_of_evaluations(today, site), site) if is_day else 0)


def change(meeting: Meeting, version: int, leader: str, values: Mapping[str, Any], site: Site) -> None:
    """Change a meeting by `planning_and_calling_off`, and mail that in the same transaction. People who are no longer
    expected, such as at a meeting that is for schools only from now on, must not hear the new day and place."""
    with db.atomic():
        planning_and_calling_off.change(meeting, version, leader, values)
        if present := queries.find_meeting(meeting.id):
            if present.schools_only != meeting.schools_only:
                # Earlier mails are hidden too, and none of them is sent again.
                prefixes = mails.key_prefixes(meeting)
                rename(prefixes[meeting.schools_only], prefixes[present.schools_only])
            meeting.schools_only, meeting.sequence = present.schools_only, present.sequence
            invite(present, site, before=meeting)


def invite(meeting: Meeting, site: Site, *, before: Meeting | None = None) -> int:
    """Mail everybody whose calendar differs from a meeting; gives how many mails. `before` is the meeting as it was,
    for people who are no longer expected. A meeting that was held stays in all calendars."""
    if meeting.state == MeetingState.HELD:
        return 0
    now, was = clock.now(), before or meeting
    known = queries.list_participants(meeting)
    expected = {row.person: row for row in _reach(list_expected(meeting))}
    if not meeting.is_planned:
        expected = {}
    sent = 0
    for person in expected.values():
        mailed = known[person.person].mailed if person.person in known else None
        if person.email and mailed != meeting.sequence:
            is_new = mailed in (None, queries.NOT_INVITED)
            with db.atomic():
                if queries.mark(meeting, person.person, mailed, meeting.sequence):
                    mail = mails.invitation(meeting, person, now, site, is_new=is_new)
                    sent += enqueue(mail, site.mail_host)
    invited = {person for person, row in known.items() if row.mailed != queries.NOT_INVITED}
    gone = [
        Expected(row.id, row.contact.name, "", (), is_staff=False, leads=False)
        for row in list_people(clock.today(), invited - set(expected))
    ]
    for person in _reach(gone):
        with db.atomic():
            mailed = known[person.person].mailed
            if queries.mark(meeting, person.person, mailed, queries.NOT_INVITED):
                sent += enqueue(mails.called_off(was, person, now, site), site.mail_host)
    return sent


def _reach(people: Iterable[Expected]) -> list[Expected]:
    """The people with their mail addresses of today; one without an address stays without mail."""
    people = list(people)
    emails = list_emails([row.person for row in people])
    return [row._replace(email=emails.get(row.person, "")) for row in people]


def _prepare(meeting: Meeting, site: Site, *, is_day: bool) -> list[Mail]:
    """The reminder before the agenda closes, or the agenda after that."""
    if not meeting.is_planned:
        return []
    calendar = get_calendar()
    closes = closes_at(meeting.day, calendar)
    if clock.now() >= closes:
        slots = agenda_slots.list_slots(meeting)
        people = _reach(list_expected(meeting))
        return [
            make_mail(meeting, one, MailKind.AGENDA, meeting.day, site, slots=slots, closes_at=closes) for one in people
        ]
    if not is_day or clock.today() < reminds_on(meeting.day, calendar):
        return []
    staff = _reach(person for person in list_expected(meeting) if person.is_staff)
    return [make_mail(meeting, one, MailKind.REMINDER, meeting.day, site, closes_at=closes) for one in staff]


def _look_back(meeting: Meeting, today: date, site: Site) -> list[Mail]:
    """On the first working day after a meeting: the question how it went."""
    if today < get_calendar().next_working_day(meeting.day + timedelta(days=1)):
        return []
    leaders = _reach(person for person in list_expected(meeting) if person.leads)
    return [make_mail(meeting, person, MailKind.LOOK_BACK, meeting.day, site) for person in leaders]


def _remind_of_evaluations(today: date, site: Site) -> list[Mail]:
    """Two weeks before cases are evaluated."""
    slots = agenda_slots.list_due_evaluations(today, today + REMIND_OF_EVALUATION)
    found = []
    for (_, day), group in groupby(slots, lambda slot: (slot.meeting_id, slot.evaluate_on)):
        due = list(group)
        meeting: Meeting = due[0].meeting
        leaders = _reach(row for row in list_expected(meeting, day) if row.leads)
        told = {"evaluated_on": day, "number": len(due)}
        found += [make_mail(meeting, row, MailKind.EVALUATION, day, site, **told) for row in leaders]
    return found


def _store(due: Iterable[Mail], site: Site) -> int:
    """Store the mails that were not stored before; gives how many."""
    return sum(enqueue(mail, site.mail_host) for mail in due)
