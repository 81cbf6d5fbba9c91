"""The mails about requests, one function each. All of one request share a subject."""

from flask import render_template

from portal.mail.message import Mail
from portal.requests.queries import RequestRow, Step
from portal.requests.rules import ANSWER_WITHIN, subject_line


def prefix(request: int) -> str:
    """How the key of every mail about a request begins."""
    return f"request:{request}:"


def arrival(request: int) -> str:
    """How the keys of the mails begin that bring a request to the mailboxes."""
    return f"{prefix(request)}mailbox:"


def confirm(row: RequestRow, link: str) -> Mail:
    """To who asked without signing in: open this link, then it is sent."""
    mail = _mail(row, "confirm", "request_confirm", row.email, link=link)
    return mail._replace(subject=f"[{row.reference}] Bevestig je aanvraag")


def arrived(row: RequestRow, recipient: str, link: str) -> Mail:
    """To a mailbox: everything that was asked. An answer to it goes to who asked."""
    return _mail(row, f"mailbox:{recipient}", "request_arrived", recipient, row.email, link=link)


def copy(row: RequestRow, link: str) -> Mail:
    """To who asked: what was sent, where to, and what happens next."""
    return _mail(row, "copy", "request_copy", row.email, row.recipients[0], link=link,
                 days=ANSWER_WITHIN)  # fmt: skip


def changed(row: RequestRow, number: int, step: Step, link: str, calendar: str) -> Mail:
    """To who asked: the request came in another state. `calendar` is what that changes there."""
    mail = _mail(row, f"step:{number}", "request_changed", row.email, row.recipients[0],
                 step=step, link=link, has_appointment=bool(calendar))  # fmt: skip
    return mail._replace(calendar=calendar)


def added(
    row: RequestRow, number: int, step: Step, recipient: str, link: str, calendar: str
) -> Mail:
    """To a mailbox: who asked added a note or withdrew the request, or the session was planned, or
    is off."""
    mail = _mail(row, f"step:{number}:{recipient}", "request_added", recipient, row.email,
                 step=step, link=link, has_appointment=bool(calendar))  # fmt: skip
    return mail._replace(calendar=calendar)


def _mail(
    row: RequestRow, event: str, template: str, recipient: str, reply_to: str = "", **told: object
) -> Mail:
    return Mail(
        key=prefix(row.id) + event,
        recipient=recipient,
        subject=subject_line(row.reference, row.kind_key, row.level, row.school),
        body=render_template(f"mail/{template}/body.txt", row=row, **told),
        reply_to=reply_to,
    )
