"""The mails about requests. The subject of each begins with the reference of its request, and names
the step and the theme."""

from datetime import date, datetime

from flask import render_template

from portal.calendars.icalendar import CANCEL
from portal.mail.outbox import Mail
from portal.region import RequestKind
from portal.requests.queries import RequestRow, Step
from portal.requests.session_calendar import Appointment
from portal.requests.session_hours_and_invitees import Invitee
from portal.requests.signed_links import MailboxLinks
from portal.text import one_line
from portal.web.formatting import capital, short_day

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


def subject_line(reference: str, event: str, topic: str, school: str) -> str:
    """The subject line of a mail in at most 78 characters: what happened, about what and where."""
    line = one_line(f"[{reference}] {event}: {topic} – {school}")
    if len(line) <= _LONGEST_SUBJECT:
        return line
    return line[: _LONGEST_SUBJECT - 1].rstrip() + "…"


def saved_key_prefix(token_hash: str) -> str:
    """The beginning of the keys of the mails about a saved form."""
    return f"saved:{token_hash}:"


def saved(token_hash: str, at: datetime, email: str, kind: RequestKind, link: str, last: date) -> Mail:
    """To whoever saved a form: the link with which they finish it. It quotes nothing of the form,
    because anybody can have it sent to anybody."""
    return Mail(
        key=f"{saved_key_prefix(token_hash)}{at.isoformat()}",
        recipient=email,
        subject=f"[Kernwijzer] Ga verder met je aanvraag: {kind.title}",
        body=render_template("mail/request_saved/body.txt", kind=kind, link=link, last=last),
        to_mailbox=True,
    )


def to_confirm(row: RequestRow, link: str) -> Mail:
    """To a requester who is not signed in: the link that leads to the button that sends it."""
    mail = _mail(row, "", "confirm", "request_to_confirm", row.email, link=link)
    return mail._replace(subject=f"[{row.reference}] Bevestig je aanvraag", reply_to="")


def to_mailbox(row: RequestRow, recipient: str, links: MailboxLinks) -> Mail:
    """To a mailbox: the whole request."""
    mail = _mail(row, "Nieuwe aanvraag", f"mailbox:{recipient}", "request_to_mailbox", recipient, links=links)
    return mail._replace(to_mailbox=True)


def received(row: RequestRow, link: str) -> Mail:
    """To the requester: a copy of the request, its recipients, and when an answer follows."""
    return _mail(row, "Ontvangen", "copy", "request_received", row.email, link=link)


def step_to_requester(row: RequestRow, step: Step, link: str, calendar: str) -> Mail:
    """To the requester: the request entered another state. `calendar` is the iCalendar part, ""
    where the step changes no calendar."""
    mail = _mail(row, _event(step), f"step:{step.id}", "request_step", row.email,
                 step=step, link=link, has_appointment=bool(calendar))  # fmt: skip
    return mail._replace(calendar=calendar)


def step_to_mailbox(row: RequestRow, step: Step, recipient: str, links: MailboxLinks, calendar: str) -> Mail:
    """To a mailbox: the requester added a note or withdrew the request, or a session was planned
    or cancelled. `calendar` is the iCalendar part, "" where the step changes no calendar."""
    mail = _mail(row, _event(step), f"step:{step.id}:{recipient}", "request_step_to_mailbox",
                 recipient, step=step, links=links, has_appointment=bool(calendar))  # fmt: skip
    return mail._replace(calendar=calendar, to_mailbox=True)


def invitation(row: RequestRow, number: int, appointment: Appointment, invitee: Invitee, calendar: str) -> Mail:
    """To somebody who is invited to a session, or no longer: when, where, and the appointment."""
    is_off = appointment.method == CANCEL
    mail = _mail(row, "Afgezegd" if is_off else "Uitnodiging", f"step:{number}:{invitee.address}",
                 "request_invitation", invitee.address,
                 appointment=appointment, is_off=is_off)  # fmt: skip
    return mail._replace(calendar=calendar, to_mailbox=True)


def _event(step: Step) -> str:
    """The name of a step in a subject line, with its day: "Gepland op 14-1-2027"."""
    on_day = f" op {short_day(step.planned_on)}" if step.planned_on else ""
    return capital(step.kind.label) + on_day


def _mail(row: RequestRow, event: str, key: str, template: str, recipient: str, **values: object) -> Mail:
    topic = row.subject or row.kind.name
    if row.kind.is_session:
        topic = f"{topic} ({row.level.label})"
    return Mail(
        key=key_prefix(row.id) + key,
        recipient=recipient,
        subject=subject_line(row.reference, event, topic, row.school),
        body=render_template(f"mail/{template}/body.txt", row=row, **values),
        # Each mailbox (RFC 5322, 3.6.2). Also of a mail to one of them: a reply to the requester
        # would quote the link that takes steps.
        reply_to=", ".join(row.recipients),
        # A request without an account is answered at its address, whoever has it.
        to_mailbox=row.account is None,
    )
