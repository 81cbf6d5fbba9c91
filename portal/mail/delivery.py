"""Sends what is in the outbox: claim with a lease, send, mark.

At least once: a worker that dies between sending and marking sends again when its lease is over,
with the same Message-ID, so that a mailbox can tell. Any number of workers may run.
"""

import contextlib
import fnmatch
import logging
import random
import secrets
import smtplib
import ssl
from datetime import timedelta
from typing import NamedTuple

from portal import clock
from portal.database import db
from portal.jobs.worker import stopping
from portal.mail.message import compose
from portal.mail.models import OutgoingMail

logger = logging.getLogger(__name__)

TIMEOUT = 20  # seconds for one step of the conversation with the server
_MINUTES = (1, 5, 15, 60, 240)  # after these, every 12 hours
_GIVE_UP = timedelta(hours=72)


class Server(NamedTuple):
    """Where mail goes out. `security`: "starttls", "tls", or "none" on this computer only."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str  # the address in From
    bounce: str  # the address that gets what cannot be delivered
    allow: tuple[str, ...]  # patterns such as *@school.nl; empty: everybody
    keep: bool  # show mail instead of sending it: the demo
    lease: timedelta  # longer than the slowest mail; then another worker takes it over


def deliver_due(server: Server) -> int:
    """Send everything that is due, one after the other, until the worker is asked to stop; gives
    how many were tried. Where no server is set yet, mail waits: nothing is tried or given up."""
    if not server.host and not server.keep:
        return 0
    tried = 0
    while not stopping() and (mail := _claim(server.lease)):
        _deliver(mail, server)
        tried += 1
    return tried


def _claim(length: timedelta) -> OutgoingMail | None:
    """Take the mail that is due the longest, for as long as the lease lasts."""
    now = clock.now()
    with db.atomic():
        mail: OutgoingMail | None = (
            OutgoingMail.select()
            .where(
                (OutgoingMail.state == OutgoingMail.WAITING) & (OutgoingMail.next_attempt_at <= now)
            )
            .order_by(OutgoingMail.next_attempt_at)
            .first()
        )
        if mail:
            mail.lease = secrets.token_hex(8)
            mail.next_attempt_at = now + length
            mail.save(only=[OutgoingMail.lease, OutgoingMail.next_attempt_at])
    return mail


def _deliver(mail: OutgoingMail, server: Server) -> None:
    if server.keep:
        _mark(mail, state=OutgoingMail.CAPTURED, done_at=clock.now())
        return
    if server.allow and not _allowed(mail.recipient, server.allow):
        _mark(mail, state=OutgoingMail.FAILED, error="Dit adres staat niet in MAIL_ALLOW.")
        return
    try:
        message = compose(
            sender=server.sender,
            recipient=mail.recipient,
            reply_to=mail.reply_to,
            subject=mail.subject,
            body=mail.body,
            message_id=mail.message_id,
            calendar=mail.calendar,
        )
    except ValueError:
        _failed(mail, "Dit is geen e-mailadres.", for_good=True)
        return
    try:
        _send(message, mail.recipient, server)
    except smtplib.SMTPRecipientsRefused as error:
        ((code, text),) = error.recipients.values()
        _failed(mail, f"{code} {_text(text)}", for_good=code >= 500)
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
        _failed(mail, f"{code} {_text(error.smtp_error)}", for_good=code >= 500)
    except smtplib.SMTPResponseException as error:
        # A password or sender that the server does not take is ours to mend, not this mail's end.
        _failed(mail, f"{error.smtp_code} {_text(error.smtp_error)}", for_good=False)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        told = f"Geen verbinding met de mailserver ({type(error).__name__})."
        _failed(mail, told, for_good=False)
    else:
        # Nobody needs its text any more, and it may hold a link.
        sent = {"state": OutgoingMail.SENT, "body": "", "calendar": ""}
        _mark(mail, **sent, done_at=clock.now(), error="")


def _send(message: bytes, recipient: str, server: Server) -> None:
    # Reading the machine's certificates costs more than all the rest: only where they are used.
    context = None if server.security == "none" else ssl.create_default_context()
    connection: smtplib.SMTP
    if server.security == "tls":
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        # Not send_message(): that writes ">From" for a line that begins with "From".
        connection.sendmail(server.bounce, [recipient], message)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            connection.quit()  # the mail is accepted, whatever happens to the goodbye
    finally:
        connection.close()


def _failed(mail: OutgoingMail, error: str, *, for_good: bool) -> None:
    """Give a mail up, or try it again after longer and longer."""
    attempts = mail.attempts + 1
    minutes = _MINUTES[attempts - 1] if attempts <= len(_MINUTES) else 12 * 60
    pause = timedelta(minutes=minutes) * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
    again = clock.now() + pause
    # From the first try: a worker that was off for days has not tried anything yet.
    since = mail.waiting_since if mail.attempts else clock.now()
    over = for_good or again > since + _GIVE_UP
    logger.warning("mail %s: %s", mail.id, "given up" if over else "tried again later")
    _mark(
        mail,
        state=OutgoingMail.FAILED if over else OutgoingMail.WAITING,
        attempts=attempts,
        waiting_since=since,
        next_attempt_at=again,
        error=error,
    )


def _mark(mail: OutgoingMail, **fields: object) -> None:
    """Write down what happened, unless another worker has taken the mail over."""
    OutgoingMail.update(lease="", **fields).where(
        (OutgoingMail.id == mail.id) & (OutgoingMail.lease == mail.lease)
    ).execute()


def _allowed(recipient: str, allow: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(recipient.lower(), pattern.lower()) for pattern in allow)


def _text(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
