"""Sends the mails of the outbox: claim with a lease, send, mark.

Delivery is at least once: when a worker dies between sending and marking, another sends the mail
again after the lease, with the same Message-ID, so that a mailbox can drop the copy. Any number
of workers may run.
"""

import contextlib
import fnmatch
import logging
import random
import secrets
import smtplib
import ssl
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from portal import clock
from portal.database import db
from portal.jobs.worker import stopping
from portal.mail.message import compose
from portal.mail.models import DeliveryState, OutgoingMail

logger = logging.getLogger(__name__)

TIMEOUT = 20  # seconds for one step of the SMTP dialogue
_MINUTES = (1, 5, 15, 60, 240)  # between the attempts; after these, 12 hours
_GIVE_UP = timedelta(hours=72)
_LONGEST_PAUSE = timedelta(hours=15)  # 12 hours and a fifth; longer than any lease


class Server(NamedTuple):
    """The SMTP server. `security`: "starttls", "tls", or "none" on this computer only."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str  # the address in From
    bounce: str  # the address that gets the bounces
    allow: tuple[str, ...]  # patterns of recipients, such as *@school.nl; empty: everybody
    capture_only: bool  # show mail instead of sending it: the demo
    lease: timedelta  # longer than the slowest mail takes; after it another worker may send


def deliver_due(server: Server) -> int:
    """Send the mails that are due, one after the other, until the worker is asked to stop; gives
    the number of attempts. Without a server in the settings mail waits, and no time runs out."""
    if not server.host and not server.capture_only:
        return 0
    attempts = 0
    while not stopping() and (mail := _claim(server.lease)):
        _deliver(mail, server)
        attempts += 1
    return attempts


def _claim(length: timedelta) -> OutgoingMail | None:
    """Lease the mail that is due the longest, or None where none is."""
    now = clock.now()
    with db.atomic():
        mail: OutgoingMail | None = (
            OutgoingMail.select()
            .where((OutgoingMail.state == DeliveryState.WAITING) & _is_due(now))
            .order_by(OutgoingMail.next_attempt_at)
            .first()
        )
        if mail:
            mail.lease = secrets.token_hex(8)
            mail.next_attempt_at = now + length
            mail.save(only=[OutgoingMail.lease, OutgoingMail.next_attempt_at])
    return mail


def _is_due(now: datetime) -> Any:
    """The condition that a waiting mail is due; also one that was stored while the clock was ahead,
    which would otherwise wait until then."""
    is_untried = (OutgoingMail.attempts == 0) & (OutgoingMail.lease == "")
    return (
        (OutgoingMail.next_attempt_at <= now)
        | (OutgoingMail.next_attempt_at > now + _LONGEST_PAUSE)
        | (is_untried & (OutgoingMail.created_at > now))
    )


def _deliver(mail: OutgoingMail, server: Server) -> None:
    if server.capture_only:
        _mark(mail, state=DeliveryState.CAPTURED, done_at=clock.now())
        return
    if server.allow and not _allowed(mail.recipient, server.allow):
        _mark(mail, state=DeliveryState.FAILED, error="Dit adres staat niet in MAIL_ALLOW.")
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
        # A refused password or sender is a wrong setting: the mail itself may still go out.
        _failed(mail, f"{error.smtp_code} {_text(error.smtp_error)}", for_good=False)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        reason = f"Geen verbinding met de mailserver ({type(error).__name__})."
        _failed(mail, reason, for_good=False)
    else:
        # The text is not needed any more, and it may hold a sign-in link.
        sent = {"state": DeliveryState.SENT, "body": "", "calendar": ""}
        _mark(mail, **sent, done_at=clock.now(), error="")


def _send(message: bytes, recipient: str, server: Server) -> None:
    # Loading the certificates of the machine costs more than sending: only where TLS is used.
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
        # Not send_message(): it writes ">From" for a line that begins with "From".
        connection.sendmail(server.bounce, [recipient], message)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            connection.quit()  # the mail is accepted already
    finally:
        connection.close()


def _failed(mail: OutgoingMail, error: str, *, for_good: bool) -> None:
    """Give a mail up, or schedule the next attempt with exponential back-off."""
    attempts = mail.attempts + 1
    minutes = _MINUTES[attempts - 1] if attempts <= len(_MINUTES) else 12 * 60
    pause = timedelta(minutes=minutes) * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
    again = clock.now() + pause
    # The time runs from the first attempt, so that a worker that was off for days costs no mail.
    since = min(mail.waiting_since, clock.now()) if mail.attempts else clock.now()
    given_up = for_good or again > since + _GIVE_UP
    logger.warning("mail %s: %s", mail.id, "given up" if given_up else "tried again later")
    _mark(
        mail,
        state=DeliveryState.FAILED if given_up else DeliveryState.WAITING,
        attempts=attempts,
        waiting_since=since,
        next_attempt_at=again,
        error=error,
    )


def _mark(mail: OutgoingMail, **fields: object) -> None:
    """Store the outcome and end the lease, unless another worker has taken the mail over."""
    OutgoingMail.update(lease="", **fields).where(
        (OutgoingMail.id == mail.id) & (OutgoingMail.lease == mail.lease)
    ).execute()


def _allowed(recipient: str, allow: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(recipient.lower(), pattern.lower()) for pattern in allow)


def _text(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
