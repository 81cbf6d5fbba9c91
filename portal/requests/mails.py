"""The mails about requests. All mails of one request share a subject line, so that they form one
thread; the first mail to an unconfirmed requester has its own."""

from flask import render_template

from portal.mail.message import Mail, one_line
from portal.region import RequestKind
from portal.requests.ical import Appointment
from portal.requests.kinds import Level
from portal.requests.queries import RequestRow, Step
from portal.requests.sessions import Invitee

_LONGEST_SUBJECT = 78  # characters


def key_prefix(request: int) -> str:
    """The beginning of the keys of all mails about a request."""
    return f"request:{request}:"


def mailbox_key_prefix(request: int) -> str:
    """The beginning of the keys of the mails that bring a request to the mailboxes."""
    return f"{key_prefix(request)}mailbox:"


def confirmation_key(request: int) -> str:
    """The key of the mail that asks a requester to confirm."""
    return f"{key_prefix(request)}confirm"


def subject_line(reference: str, kind: RequestKind, level: Level, school: str) -> str:
    """The subject line of a request, in at most 78 characters. Only a session names its level."""
    topic = f"{kind.name} ({level.label})" if kind.is_session else kind.name
    line = one_line(f"[{reference}] {topic} – {school}")
    if len(line) <= _LONGEST_SUBJECT:
        return line
    return line[: _LONGEST_SUBJECT - 1].rstrip() + "…"


def confirmation(row: RequestRow, link: str) -> Mail:
    """To a requester who is not signed in: the link that leads to the button that sends it."""
    mail = _mail(row, "confirm", "request_confirmation", row.email, link=link)
    return mail._replace(subject=f"[{row.reference}] Bevestig je aanvraag")


def to_mailbox(row: RequestRow, recipient: str, link: str) -> Mail:
    """To a mailbox: the whole request. A reply goes to the requester."""
    mail = _mail(row, f"mailbox:{recipient}", "request_to_mailbox", recipient, row.email, link=link)
    return mail._replace(to_mailbox=True)


def copy(row: RequestRow, link: str) -> Mail:
    """To the requester: a copy of the request, its recipients, and when an answer follows."""
    return _mail(row, "copy", "request_copy", row.email, row.recipients[0], link=link)


def step_to_requester(row: RequestRow, step: Step, link: str, calendar: str) -> Mail:
    """To the requester: the request entered another state. `calendar` is the iCalendar part, ""
    where the step changes no calendar."""
    mail = _mail(row, f"step:{step.id}", "request_step", row.email, row.recipients[0],
                 step=step, link=link, has_appointment=bool(calendar))  # fmt: skip
    return mail._replace(calendar=calendar)


def step_to_mailbox(row: RequestRow, step: Step, recipient: str, link: str, calendar: str) -> Mail:
    """To a mailbox: the requester added a note or withdrew the request, or a session was planned
    or cancelled. `calendar` is the iCalendar part, "" where the step changes no calendar."""
    mail = _mail(row, f"step:{step.id}:{recipient}", "request_step_to_mailbox", recipient,
                 row.email, step=step, link=link, has_appointment=bool(calendar))  # fmt: skip
    return mail._replace(calendar=calendar, to_mailbox=True)


def invitation(
    row: RequestRow, number: int, appointment: Appointment, invitee: Invitee, calendar: str
) -> Mail:
    """To somebody who is invited to a session, or no longer: when, where, and the appointment."""
    is_off = "\r\nMETHOD:CANCEL\r\n" in calendar
    mail = _mail(row, f"step:{number}:{invitee.address}", "request_invitation", invitee.address,
                 row.recipients[0], appointment=appointment, is_off=is_off)  # fmt: skip
    return mail._replace(calendar=calendar, to_mailbox=True)


def _mail(
    row: RequestRow,
    event: str,
    template: str,
    recipient: str,
    reply_to: str = "",
    **values: object,
) -> Mail:
    return Mail(
        key=key_prefix(row.id) + event,
        recipient=recipient,
        subject=subject_line(row.reference, row.kind, row.level, row.school),
        body=render_template(f"mail/{template}/body.txt", row=row, **values),
        reply_to=reply_to,
        # A request without an account is answered at its address, whoever has it.
        to_mailbox=row.account is None,
    )
