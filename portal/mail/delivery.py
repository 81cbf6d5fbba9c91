"""Sends what is in the outbox: claim with a lease, send, mark.

At least once: a worker that dies between sending and marking sends again when its lease is over,
with the same Message-ID, so that a mailbox can tell. Any number of workers may run.
"""

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
from portal.mail.message import compose
from portal.mail.models import OutgoingMail

logger = logging.getLogger(__name__)

TIMEOUT = 20  # seconds for one step of the conversation with the server
BATCH = 5
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
    lease: timedelta  # longer than the slowest batch; then another worker takes it over


def deliver_due(server: Server) -> int:
    """Send everything that is due, a batch at a time; gives how many were tried."""
    tried = 0
    while mails := _claim(lease := secrets.token_hex(8), server.lease):
        for mail in mails:
            _deliver(mail, lease, server)
        tried += len(mails)
    return tried


def _claim(lease: str, length: timedelta) -> list[OutgoingMail]:
    now = clock.now()
    with db.atomic():
        due = list(
            OutgoingMail.select()
            .where(
                (OutgoingMail.state == OutgoingMail.WAITING) & (OutgoingMail.next_attempt_at <= now)
            )
            .order_by(OutgoingMail.next_attempt_at)
            .limit(BATCH)
        )
        if due:
            OutgoingMail.update(lease=lease, next_attempt_at=now + length).where(
                OutgoingMail.id.in_([mail.id for mail in due])
            ).execute()
    return due


def _deliver(mail: OutgoingMail, lease: str, server: Server) -> None:
    if server.keep:
        _mark(mail, lease, state=OutgoingMail.KEPT, done_at=clock.now())
        return
    if server.allow and not _allowed(mail.recipient, server.allow):
        _mark(mail, lease, state=OutgoingMail.FAILED, error="Dit adres staat niet in MAIL_ALLOW.")
        return
    try:
        _send(mail, server)
    except smtplib.SMTPResponseException as error:
        _failed(mail, lease, error.smtp_code, f"{error.smtp_code} {_text(error.smtp_error)}")
    except smtplib.SMTPRecipientsRefused as error:
        ((code, text),) = error.recipients.values()
        _failed(mail, lease, code, f"{code} {_text(text)}")
    except ValueError:
        _failed(mail, lease, 550, "Dit is geen e-mailadres.")
    except (OSError, smtplib.SMTPException) as error:
        _failed(mail, lease, 0, f"Geen verbinding met de mailserver ({type(error).__name__}).")
    else:
        _mark(mail, lease, state=OutgoingMail.SENT, done_at=clock.now(), error="")


def _send(mail: OutgoingMail, server: Server) -> None:
    message = compose(
        sender=server.sender,
        recipient=mail.recipient,
        reply_to=mail.reply_to,
        subject=mail.subject,
        body=mail.body,
        message_id=mail.message_id,
    )
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.security == "tls":
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    with connection:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(message, from_addr=server.bounce)


def _failed(mail: OutgoingMail, lease: str, code: int, error: str) -> None:
    """A refusal for good (5xx) ends it; anything else is tried again, after longer and longer."""
    attempts = mail.attempts + 1
    minutes = _MINUTES[attempts - 1] if attempts <= len(_MINUTES) else 12 * 60
    pause = timedelta(minutes=minutes) * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
    again = clock.now() + pause
    over = 500 <= code < 600 or again > mail.created_at + _GIVE_UP
    logger.warning("mail %s: %s", mail.id, "given up" if over else "tried again later")
    _mark(
        mail,
        lease,
        state=OutgoingMail.FAILED if over else OutgoingMail.WAITING,
        attempts=attempts,
        next_attempt_at=again,
        error=error,
    )


def _mark(mail: OutgoingMail, lease: str, **fields: object) -> None:
    """Write down what happened, unless another worker has taken the mail over."""
    OutgoingMail.update(lease="", **fields).where(
        (OutgoingMail.id == mail.id) & (OutgoingMail.lease == lease)
    ).execute()


def _allowed(recipient: str, allow: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(recipient.lower(), pattern.lower()) for pattern in allow)


def _text(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
