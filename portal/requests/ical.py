"""The session of a request as an appointment (iCalendar: RFC 5545, 5546 and 6047; Outlook's rules:
MS-OXCICAL). Pure: the steps of a request say all that there is to know.

Only a day is planned here, so it is an appointment for the whole day that keeps nobody's day
occupied; the hour stands in the coordinator's words.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from portal.calendars.content_lines import document, line, raw
from portal.clock import AMSTERDAM
from portal.requests.queries import RequestRow, Step
from portal.requests.rules import DECLINED, DONE, HANDLING, PLANNED, WITHDRAWN

REQUEST, CANCEL = "REQUEST", "CANCEL"  # an invitation or what changed in it; it is off
PUBLISH = "PUBLISH"  # to take along, nobody is invited
_PROJECT = "Kernteamproject"


class Appointment(NamedTuple):
    """A session as calendars know it after a step. `number`: a request may have more than one
    after the other. `sequence` rises with everything that calendars have to take over."""

    method: str
    on: date
    number: int
    sequence: int
    at: datetime  # when it became so
    text: str


def history(steps: Iterable[Step]) -> Iterator[Appointment | None]:
    """Per step what it changes in calendars; None where that is nothing.

    Another day moves the appointment. Once a session was held, the next one is an appointment of
    its own: nobody wants the first to disappear from the past.
    """
    now: Appointment | None = None
    number, sequence = 1, -1
    for step in steps:
        if now and (step.what == DONE or now.on < step.at.astimezone(AMSTERDAM).date()):
            now, number = None, number + 1
        change = None
        if step.what == PLANNED and step.planned_on:
            sequence += 1
            change = now = Appointment(
                REQUEST, step.planned_on, number, sequence, step.at, step.text
            )
        elif now and step.what in (HANDLING, DECLINED, WITHDRAWN):
            sequence += 1
            change = now._replace(method=CANCEL, sequence=sequence, at=step.at, text="")
            now = None
        yield change


def change(steps: Sequence[Step]) -> Appointment | None:
    """What the last step changes in calendars."""
    return list(history(steps))[-1]


def standing(steps: Sequence[Step], today: date) -> Appointment | None:
    """The session that is to come, to take along."""
    changes = [change for change in history(steps) if change]
    if not changes or changes[-1].method == CANCEL or changes[-1].on < today:
        return None
    return None if steps[-1].what == DONE else changes[-1]._replace(method=PUBLISH)


def icalendar(row: RequestRow, appointment: Appointment, organiser: str) -> bytes:
    """The appointment as a file, or as a part of a mail. `organiser` is the address that mail
    comes from: calendars do not trust an invitation from somebody else."""
    return document(_lines(row, appointment, organiser))


def _lines(row: RequestRow, appointment: Appointment, organiser: str) -> Iterator[str]:
    cancelled = appointment.method == CANCEL
    yield "BEGIN:VCALENDAR"
    yield line("PRODID", "-//Kernwijzer//Aanvragen//NL")
    yield "VERSION:2.0"
    yield raw("METHOD", appointment.method)
    yield "BEGIN:VEVENT"
    yield raw("UID", _uid(row, appointment.number))
    yield raw("SEQUENCE", str(appointment.sequence))
    yield raw("DTSTAMP", f"{appointment.at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    yield raw("DTSTART", f"{appointment.on:%Y%m%d}", VALUE="DATE")
    yield raw("DTEND", f"{appointment.on + timedelta(days=1):%Y%m%d}", VALUE="DATE")
    yield line("SUMMARY", f"{row.about} – {row.school}")
    yield line("LOCATION", row.school)
    yield line("DESCRIPTION", "\n".join(filter(None, [
        f"Aanvraag {row.reference}, bij het kernteamproject.", appointment.text,
    ])))  # fmt: skip
    yield raw("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    yield "TRANSP:TRANSPARENT"
    yield raw("ORGANIZER", f"mailto:{organiser}", CN=_PROJECT)
    for address, name in _invited(row, organiser) if appointment.method != PUBLISH else ():
        # No answer is asked: what one thinks of the day, one tells in the portal.
        yield raw("ATTENDEE", f"mailto:{address}", CN=name, ROLE="REQ-PARTICIPANT",
                  PARTSTAT="NEEDS-ACTION", RSVP="FALSE")  # fmt: skip
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _invited(row: RequestRow, organiser: str) -> list[tuple[str, str]]:
    """Addresses with names: who asked and the mailboxes; not who invites."""
    mailboxes = dict.fromkeys(row.recipients, _PROJECT)
    everybody = {**mailboxes, row.email: row.name}
    return [(address, name) for address, name in everybody.items() if address != organiser]


def _uid(row: RequestRow, number: int) -> str:
    """The same as long as it is the same session; nothing that a setting can change."""
    return f"{row.reference}-{number}-{row.created_at.timestamp() * 1_000_000:.0f}@kernwijzer"
