"""The mails about meetings, one per person, and the signed link in them. No mail says anything of a
case but its number and minutes."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import render_template

from portal.calendars.icalendar import CANCEL, REQUEST
from portal.mail.outbox import PRIVATE, Mail
from portal.meetings.expected_people import Expected
from portal.meetings.meeting_calendar import make_appointment
from portal.meetings.models import Meeting
from portal.site import Site
from portal.web.formatting import short_day

_ANSWER = "meeting answer"  # the purpose of a token


class MailKind(StrEnum):
    """The mails about a meeting, by the beginning of the subject, which is also in the key."""

    INVITATION = "Uitnodiging"
    CHANGED = "Gewijzigd"
    CALLED_OFF = "Afgezegd"
    REMINDER = "Herinnering"
    AGENDA = "Agenda"
    LOOK_BACK = "Terugblik"
    EVALUATION = "Evaluatie"


def key_prefixes(meeting: Meeting) -> tuple[str, str]:
    """The beginnings of the keys of the mails about a meeting: those of one for schools only are
    shown to nobody else, also not at Beheer."""
    return f"meeting:{meeting.id}:", f"{PRIVATE}meeting:{meeting.id}:"


def invitation(meeting: Meeting, person: Expected, at: datetime, site: Site, *, is_new: bool) -> Mail:
    """Invites somebody, or says that the meeting changed; with the appointment. `at` is now."""
    kind = MailKind.INVITATION if is_new else MailKind.CHANGED
    return _with_appointment(meeting, person, kind, REQUEST, at, site)


def called_off(meeting: Meeting, person: Expected, at: datetime, site: Site) -> Mail:
    """Says to somebody that the meeting does not take place, or that they are not expected any
    more; their calendar drops it. `at` is now."""
    return _with_appointment(meeting, person, MailKind.CALLED_OFF, CANCEL, at, site)


def _with_appointment(
    meeting: Meeting, person: Expected, kind: MailKind, method: str, at: datetime, site: Site
) -> Mail:
    mail = make_mail(meeting, person, kind, at.isoformat(), site)
    return mail._replace(calendar=make_appointment(meeting, person.email, person.name, method, at, site))


def make_mail(meeting: Meeting, person: Expected, kind: MailKind, event: object, site: Site, **values: Any) -> Mail:
    """The mail of a kind, once for an `event`, with the values that its part of the template shows."""
    link = f"{site.base_url}/overleg/antwoord/{sign(meeting, person.person, site)}"
    values |= {"meeting": meeting, "kind": kind, "person": person, "link": link}
    values["page"] = f"{site.base_url}/overleg/{meeting.id}"
    return Mail(
        key=f"{key_prefixes(meeting)[meeting.schools_only]}{kind}:{event}:{person.person}",
        recipient=person.email,
        subject=f"{kind}: overleg {meeting.workplace.name} op {short_day(meeting.day)}",
        body=render_template("mail/meeting/body.txt", **values),
        to_mailbox=True,
    )


def sign(meeting: Meeting, person: int, site: Site) -> str:
    """The token with which a person (id) answers for a meeting: nobody else can make it."""
    return site.sign(_ANSWER, [meeting.id, person])


def read_token(token: str, site: Site) -> tuple[int, int] | None:
    """The meeting and the person (ids) of a token; None where the site did not sign it."""
    found: tuple[int, int] | None = site.read_signed(_ANSWER, token)
    return found
