"""Appointments as iCalendar (RFC 5545, 5546 and 6047; for Outlook MS-OXCICAL).

Moments are in UTC, which every calendar shows in its own time zone: the rules of the calendars
(docs/calendars.md) ask for a VTIMEZONE only where an event is repeated.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from portal import email_addresses
from portal.calendars.content_lines import document, line, raw

# Methods of RFC 5546: an invitation or an update of it, a cancellation, a file without invitees.
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


class Event(NamedTuple):
    """An appointment. Days instead of moments are whole days, up to the day `ends`."""

    uid: str  # stable; holds nothing that a setting can change
    sequence: int  # rises with every change that calendars take over
    changed_at: datetime
    begins: datetime | date
    ends: datetime | date
    summary: str
    place: str
    description: str
    status: str  # "CONFIRMED", "CANCELLED"; "": an event that goes on for others (RFC 5546, 3.2.5)
    organiser: str  # the address that mail comes from: calendars distrust another sender
    organiser_name: str
    attendees: Mapping[str, str]  # names by address


class Feed(NamedTuple):
    """The name of a calendar that others subscribe to, and when they look again (a duration)."""

    name: str
    refreshed: str  # such as "PT1H" (RFC 7986; Outlook reads X-PUBLISHED-TTL)


def calendar(method: str, product: str, events: Iterable[Event], feed: Feed | None = None) -> bytes:
    """The events as a file or a part of a mail, or as a feed."""
    return document(_lines(method, product, events, feed))


def _lines(method: str, product: str, events: Iterable[Event], feed: Feed | None) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield line("PRODID", f"-//Kernwijzer//{product}//NL")
    yield "VERSION:2.0"
    yield raw("METHOD", method)
    if feed:
        yield line("NAME", feed.name)
        yield line("X-WR-CALNAME", feed.name)
        yield raw("REFRESH-INTERVAL", feed.refreshed, VALUE="DURATION")
        yield raw("X-PUBLISHED-TTL", feed.refreshed)
    for event in events:
        yield from _event(event)
    yield "END:VCALENDAR"


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield raw("UID", event.uid)
    yield raw("SEQUENCE", str(event.sequence))
    yield raw("DTSTAMP", _utc(event.changed_at))
    for name, at in (("DTSTART", event.begins), ("DTEND", event.ends)):
        if isinstance(at, datetime):
            yield raw(name, _utc(at))
        else:
            yield raw(name, f"{at:%Y%m%d}", VALUE="DATE")
    yield line("SUMMARY", event.summary)
    yield line("LOCATION", event.place)
    yield line("DESCRIPTION", event.description)
    if event.status:
        yield raw("STATUS", event.status)
    yield raw("TRANSP", "OPAQUE" if isinstance(event.begins, datetime) else "TRANSPARENT")
    yield raw("ORGANIZER", email_addresses.link(event.organiser), CN=event.organiser_name)
    for address, name in event.attendees.items():
        # No reply is asked for: people react in the portal.
        yield raw("ATTENDEE", email_addresses.link(address), CN=name, ROLE="REQ-PARTICIPANT",
                  PARTSTAT="NEEDS-ACTION", RSVP="FALSE")  # fmt: skip
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
