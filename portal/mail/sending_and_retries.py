"""Sends the mails of the outbox: claim with a lease, send, mark while the next is claimed.

Delivery is at least once: when a worker dies between sending and marking, another sends the mail again after the lease,
with the same Message-ID, so that a mailbox can drop the copy. Any number of workers may run.
"""

import fnmatch
import logging
import random
import secrets
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from peewee import EXCLUDED, Case

from portal import clock
from portal.database import db, skip_locked
from portal.jobs.worker import stopping
from portal.mail.faults import Fault
from portal.mail.message import compose
from portal.mail.models import DeliveryFault, DeliveryState, OutgoingMail
from portal.mail.smtp import Server, SmtpSession

logger = logging.getLogger(__name__)

TURN = 30  # seconds; then the other jobs of the worker get theirs
_MINUTES = (1, 5, 15, 60, 240)  # between the attempts; after these, 12 hours
_GIVE_UP = timedelta(hours=72)  # not while a setting of ours is at fault
_MOST_ATTEMPTS = 65  # takes a month
_LONGEST_WAIT = timedelta(hours=15)  # 12 hours and a fifth; longer than any lease
_SHORTEST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)  # of all mail


def deliver_due(server: Server) -> int:
    """Send the mails that are due, those with a last moment first, until the worker is asked to stop or the turn is
    over; gives the number of attempts. Without a server in the settings mail waits, and no time runs out."""
    if not server.host and not server.capture_only:
        return 0
    attempts, end = 0, time.monotonic() + TURN
    with closing(SmtpSession(server)) as session:
        with db.atomic():
            mail = None if stopping() else _claim(server.lease)
        while mail:
            store = _send(mail, server, session)
            attempts += 1
            # One transaction, because each waits for the disk.
            with db.atomic():
                store()
                is_over = stopping() or time.monotonic() >= end
                mail = None if is_over else _claim(server.lease)
    return attempts


def _is_due(now: datetime) -> Any:
    """The condition for the mails that wait and are due; also for one that was stored or tried
    while the clock was ahead, which would otherwise wait until then."""
    at = OutgoingMail.next_attempt_at
    is_untried = (OutgoingMail.attempts == 0) & (OutgoingMail.error == "") & (OutgoingMail.lease == "")
    is_from_later = (at > now + _LONGEST_WAIT) | (is_untried & (OutgoingMail.created_at > now))
    return (OutgoingMail.state == DeliveryState.WAITING) & ((at <= now) | is_from_later)


def _claim(length: timedelta) -> OutgoingMail | None:
    """Lease the mail that is due and most urgent, or None where none is; in the transaction of the caller."""
    now = clock.now()
    due = skip_locked(OutgoingMail.select(OutgoingMail.id).where(_is_due(now))).limit(1)
    urgent = due.order_by(OutgoingMail.not_after.asc(nulls="LAST"), OutgoingMail.next_attempt_at)
    lease = {"lease": secrets.token_hex(8), "next_attempt_at": now + length}
    claim = OutgoingMail.update(lease).where(OutgoingMail.id == urgent).returning(OutgoingMail)
    return next(iter(claim.execute()), None)


def _send(mail: OutgoingMail, server: Server, session: SmtpSession) -> Callable[[], None]:
    """Send a mail where it may be sent; gives the function that stores the outcome."""
    if not mail.to_mailbox and server.has_ended(mail.recipient):
        return partial(_drop, mail, "Het account van dit adres is beëindigd.")
    if server.capture_only:
        return partial(_mark, mail, state=DeliveryState.CAPTURED, done_at=clock.now())
    if mail.not_after and mail.not_after <= clock.now():
        return partial(_drop, mail, f"Te laat om nog te versturen. {mail.error}".strip())
    if server.allow and not _allowed(mail.recipient, server.allow):
        not_allowed = "Dit adres staat niet in MAIL_ALLOW."
        return partial(_mark, mail, state=DeliveryState.FAILED, error=not_allowed)
    try:
        message = compose(mail, server.sender)
    except ValueError:
        return partial(_failed, mail, Fault("Dit is geen e-mailadres.", is_final=True), server)
    fault = session.send(mail.recipient, message, server.return_path.make(mail.id))
    if fault is None:
        return partial(_taken, mail)
    if fault.hits_all:
        return partial(_postpone_all, mail, fault)
    return partial(_refused, mail, fault, server)


def _taken(mail: OutgoingMail) -> None:
    # The text is not needed any more, and it may hold a sign-in link.
    sent = {"state": DeliveryState.SENT, "body": "", "calendar": ""}
    _mark(mail, **sent, done_at=clock.now(), error="")
    _forget_fault(was_taken=True)


def _refused(mail: OutgoingMail, fault: Fault, server: Server) -> None:
    _forget_fault(was_taken=False)
    if fault.advice:
        _store_fault(fault)
    _failed(mail, fault, server)


def _failed(mail: OutgoingMail, fault: Fault, server: Server) -> None:
    """Give a mail up, or schedule the next attempt with exponential back-off."""
    attempts = mail.attempts + 1
    minutes = _MINUTES[attempts - 1] if attempts <= len(_MINUTES) else 12 * 60
    if mail.not_after:
        minutes = 1
    pause = timedelta(minutes=minutes) * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
    now = clock.now()
    # The time runs from the first attempt, so that a worker that was off for days costs no mail.
    since = min(mail.waiting_since, now) if mail.attempts and not fault.advice else now
    given_up = fault.is_final or now + pause > since + _GIVE_UP or attempts >= _MOST_ATTEMPTS
    logger.warning("mail %s: %s", mail.id, "given up" if given_up else "tried again later")
    _mark(
        mail,
        state=DeliveryState.FAILED if given_up else DeliveryState.WAITING,
        attempts=attempts,
        waiting_since=since,
        next_attempt_at=now + pause,
        error=fault.text,
    )
    if fault.is_dead_address:
        server.on_dead_address(mail.recipient, fault.text)


def _postpone_all(mail: OutgoingMail, fault: Fault) -> None:
    """Let this mail and all that is due wait, without counting an attempt: none of them was
    offered. The pause doubles from a minute to an hour."""
    now, since = clock.now(), _store_fault(fault)
    pause = min(max(now - since, _SHORTEST_PAUSE), _LONGEST_PAUSE)
    logger.warning("no mail can be sent: tried again later")
    waiting = {"next_attempt_at": now + pause, "waiting_since": now, "error": fault.text}
    _update_all(_is_due(now), **waiting)
    _mark(mail, **waiting)


def _store_fault(fault: Fault) -> datetime:
    """Keep the fault for the people who can mend it; gives the moment since which it lasts."""
    # Not its text: the answer may hold a number of its own each time.
    is_same = (DeliveryFault.advice == fault.advice) & (DeliveryFault.hits_all == fault.hits_all)
    new = {"error": fault.text, "advice": fault.advice, "hits_all": fault.hits_all}
    stored = (
        DeliveryFault.insert(id=DeliveryFault.ONLY, **new, since=clock.now())
        .on_conflict(
            conflict_target=[DeliveryFault.id],
            update={**new, "since": Case(None, [(is_same, DeliveryFault.since)], EXCLUDED.since)},
        )
        .returning(DeliveryFault.since)
        .execute()
    )
    since: datetime = stored[0].since
    return since


def _forget_fault(*, was_taken: bool) -> None:
    """After an answer about one mail: a fault of all mail is over, and what waited for it is due
    now. After a mail was taken, a fault of one mail is no matter of our settings either."""
    fault = DeliveryFault.get_or_none()
    if fault is None or not (was_taken or fault.hits_all):
        return
    DeliveryFault.delete().execute()
    if fault.hits_all:
        _update_all(
            (OutgoingMail.state == DeliveryState.WAITING) & (OutgoingMail.error != "") & (OutgoingMail.lease == ""),
            next_attempt_at=clock.now(),
        )


def _update_all(condition: Any, **fields: object) -> None:
    """Update mails, except those that another worker changes: two workers would wait for each other's rows."""
    mine = skip_locked(OutgoingMail.select(OutgoingMail.id).where(condition))
    OutgoingMail.update(**fields).where(OutgoingMail.id.in_(mine)).execute()


def _drop(mail: OutgoingMail, reason: str) -> None:
    _mark(mail, state=DeliveryState.DROPPED, error=reason, body="", calendar="")


def _mark(mail: OutgoingMail, **fields: object) -> None:
    """Store the outcome and end the lease, unless another worker has taken the mail over."""
    OutgoingMail.update(lease="", **fields).where(
        (OutgoingMail.id == mail.id) & (OutgoingMail.lease == mail.lease)
    ).execute()


def _allowed(recipient: str, allow: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(recipient.lower(), pattern.lower()) for pattern in allow)
