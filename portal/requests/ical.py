"""The session of a request as an iCalendar appointment (RFC 5545, 5546 and 6047; for Outlook
MS-OXCICAL). It is derived from the history of the request.

A session is planned on a day, so the appointment lasts the whole day and blocks nobody's
calendar. The hour stands in the text of the coordinator.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from portal import email_addresses
from portal.calendars.content_lines import document, line, raw
from portal.clock import day_of
from portal.region import current_region
from portal.requests.queries import RequestRow, Step
from portal.requests.states import StepKind

# Methods of RFC 5546: an invitation or an update of it, a cancellation, a file without invitees.
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
_CANCELLING = (StepKind.HANDLING, StepKind.DECLINED, StepKind.WITHDRAWN)


class Appointment(NamedTuple):
    """A session in calendars, after one step."""

    method: str
    planned_on: date
    number: int  # 1 for the first session of the request, 2 for the next
    sequence: int  # rises with every change that calendars take over
    changed_at: datetime
    text: str


def history(steps: Iterable[Step]) -> Iterator[Appointment | None]:
    """The change in calendars per step; None where a step changes none.

    Another day moves the appointment. After a session was held, the next session is an appointment
    of its own, so that the first one stays in the past of every calendar.
    """
    current: Appointment | None = None
    number, sequence = 1, -1
    for step in steps:
        if current and _was_held(current, step):
            current, number = None, number + 1
        change = None
        if step.kind == StepKind.PLANNED and step.planned_on:
            sequence += 1
            change = current = Appointment(
                REQUEST, step.planned_on, number, sequence, step.taken_at, step.text
            )
        elif current and step.kind in _CANCELLING:
            sequence += 1
            change = current._replace(
                method=CANCEL, sequence=sequence, changed_at=step.taken_at, text=""
            )
            current = None
        yield change


def _was_held(appointment: Appointment, step: Step) -> bool:
    step_on = day_of(step.taken_at)
    return step.kind == StepKind.DONE or appointment.planned_on < step_on


def last_change(steps: Sequence[Step]) -> Appointment | None:
    """The change in calendars by the last step."""
    return list(history(steps))[-1]


def upcoming(steps: Sequence[Step], today: date) -> Appointment | None:
    """The session on `today` or later, to download; None where none is planned."""
    changes = [change for change in history(steps) if change]
    if not changes or changes[-1].method == CANCEL or changes[-1].planned_on < today:
        return None
    return None if steps[-1].kind == StepKind.DONE else changes[-1]._replace(method=PUBLISH)


def icalendar(row: RequestRow, appointment: Appointment, organiser: str) -> bytes:
    """The appointment as a file or a part of a mail. `organiser` is the address that mail comes
    from, because calendars distrust an invitation by another sender."""
    return document(_lines(row, appointment, organiser))


def _lines(row: RequestRow, appointment: Appointment, organiser: str) -> Iterator[str]:
    is_cancelled = appointment.method == CANCEL
    first_day, day_after = appointment.planned_on, appointment.planned_on + timedelta(days=1)
    description = [f"Aanvraag {row.reference}, bij {current_region().project}.", appointment.text]
    yield "BEGIN:VCALENDAR"
    yield line("PRODID", "-//Kernwijzer//Aanvragen//NL")
    yield "VERSION:2.0"
    yield raw("METHOD", appointment.method)
    yield "BEGIN:VEVENT"
    yield raw("UID", _uid(row, appointment.number))
    yield raw("SEQUENCE", str(appointment.sequence))
    yield raw("DTSTAMP", f"{appointment.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    yield raw("DTSTART", f"{first_day:%Y%m%d}", VALUE="DATE")
    yield raw("DTEND", f"{day_after:%Y%m%d}", VALUE="DATE")
    yield line("SUMMARY", f"{row.title} – {row.school}")
    yield line("LOCATION", row.school)
    yield line("DESCRIPTION", "\n".join(filter(None, description)))
    yield raw("STATUS", "CANCELLED" if is_cancelled else "CONFIRMED")
    yield "TRANSP:TRANSPARENT"
    yield raw("ORGANIZER", email_addresses.link(organiser), CN=current_region().project_name)
    for address, name in _attendees(row, organiser) if appointment.method != PUBLISH else ():
        # No reply is asked for: the requester reacts in the portal.
        yield raw("ATTENDEE", email_addresses.link(address), CN=name, ROLE="REQ-PARTICIPANT",
                  PARTSTAT="NEEDS-ACTION", RSVP="FALSE")  # fmt: skip
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _attendees(row: RequestRow, organiser: str) -> list[tuple[str, str]]:
    """The addresses and names of the mailboxes and the requester, each once and without the
    organiser. Capitals do not tell addresses apart, or a mailbox would invite itself."""
    names = {**dict.fromkeys(row.recipients, current_region().project_name), row.email: row.name}
    attendees = {address.casefold(): (address, name) for address, name in names.items()}
    attendees.pop(organiser.casefold(), None)
    return list(attendees.values())


def _uid(row: RequestRow, number: int) -> str:
    """Stable for one session; it holds nothing that a setting can change."""
    return f"{row.reference}-{number}-{row.created_at.timestamp() * 1_000_000:.0f}@kernwijzer"
