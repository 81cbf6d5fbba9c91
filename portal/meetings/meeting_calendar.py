"""A meeting as an appointment, and the feed of a user's meetings for the calendar of a telephone:
how often the telephone reads it again, and its secret address, one per account, stored as a hash."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from portal import clock
from portal.accounts.models import Account
from portal.calendars.icalendar import CANCEL, Event, Feed, calendar
from portal.database import db, lock
from portal.keys import hash_secret
from portal.meetings.kinds import MeetingState
from portal.meetings.models import Meeting, MeetingFeed
from portal.region import current_region
from portal.site import Site

PRODUCT = "Overleg"
COLUMNS_IN_CALENDARS = ("day", "begins", "ends", "place")  # who takes part is mailed a change of these
FEED = Feed(PRODUCT, refreshed="PT1H")


def make_event(meeting: Meeting, changed_at: datetime, site: Site, attendees: Mapping[str, str]) -> Event:
    """A meeting as an appointment, without names and agenda."""
    return Event(
        uid=f"overleg-{meeting.id}@kernwijzer",
        sequence=meeting.sequence,
        changed_at=changed_at,
        begins=meeting.begins_at,
        ends=meeting.ends_at,
        summary=f"Overleg {meeting.workplace.name}",
        place=meeting.place,
        description=f"{site.base_url}/overleg/{meeting.id}",
        status="CANCELLED" if meeting.state == MeetingState.CANCELLED else "CONFIRMED",
        organiser=site.sender,
        organiser_name=current_region().project_name,
        attendees=attendees,
    )


def make_appointment(meeting: Meeting, email: str, name: str, method: str, at: datetime, site: Site) -> str:
    """The appointment for one person, who is the only attendee; nobody is, where the portal mails from their address.
    `at` is now. A CANCEL for somebody who is not expected any more, while the meeting goes on, has no status (RFC 5546,
    3.2.5)."""
    is_sender = email.casefold() == site.sender.casefold()
    event = make_event(meeting, at, site, {} if is_sender else {email: name})
    if method == CANCEL and meeting.is_planned:
        event = event._replace(status="")
    return calendar(method, PRODUCT, [event]).decode()


def renew(account: int) -> str:
    """A new secret for an account (id); the one before it works no longer."""
    token = secrets.token_urlsafe(32)
    with db.atomic():
        lock(f"meeting feed of {account}")
        revoke(account)
        MeetingFeed.create(account=account, token_hash=hash_secret(token))
    return token


def revoke(account: int) -> None:
    """Let no address of an account (id) work."""
    MeetingFeed.delete().where(MeetingFeed.account == account).execute()


def has_feed(account: int) -> bool:
    """Whether an address of this account (id) works."""
    return bool(MeetingFeed.select().where(MeetingFeed.account == account).exists())


def find_account(token: str) -> Account | None:
    """The account of a secret that has access today."""
    query = MeetingFeed.select(MeetingFeed, Account).join(Account)
    row = query.where(MeetingFeed.token_hash == hash_secret(token)).first()
    return row.account if row and row.account.is_active(clock.today()) else None
