"""The outbox, from the side of who owes a mail and of who looks after it."""

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from peewee import Case

from portal import clock
from portal.database import db, fetch_tuples
from portal.mail.message import Mail, one_line
from portal.mail.models import OutgoingMail

# What was cleared is a key and a state only.
_THERE = OutgoingMail.recipient != ""


class MailRow(NamedTuple):
    """A mail as the overview shows it."""

    id: int
    state: str
    recipient: str
    subject: str
    body: str
    created_at: datetime
    next_attempt_at: datetime
    attempts: int
    done_at: datetime | None
    error: str
    calendar: str


class MailState(NamedTuple):
    """Whether a mail has left."""

    key: str
    recipient: str
    state: str


def enqueue(mail: Mail, host: str) -> bool:
    """Store a mail; to be called in the transaction that it tells of. `host` makes its Message-ID.

    False where a mail with this key is there already: it is dropped.
    """
    digest = hashlib.sha256(f"{mail.key} {clock.now().isoformat()}".encode()).hexdigest()[:24]
    now = clock.now()
    stored = (
        OutgoingMail.insert(
            key=mail.key,
            recipient=one_line(mail.recipient),
            reply_to=one_line(mail.reply_to),
            subject=one_line(mail.subject),
            body=mail.body,
            calendar=mail.calendar,
            message_id=f"<{digest}@{host}>",
            created_at=now,
            waiting_since=now,
            next_attempt_at=now,
        )
        .on_conflict_ignore()
        .as_rowcount()
        .execute()
    )
    return bool(stored)


def list_mails(limit: int = 50) -> list[MailRow]:
    """The mails that need attention first (failed, then waiting), then the others; the newest of
    each in front."""
    attention = Case(OutgoingMail.state, ((OutgoingMail.FAILED, 0), (OutgoingMail.WAITING, 1)), 2)
    query = _rows().where(_THERE).order_by(attention, OutgoingMail.id.desc()).limit(limit)
    return [MailRow(*row) for row in fetch_tuples(query)]


def send_again(mail: int) -> bool:
    """Let a failed or waiting mail be tried now, counting from nought; False if it is done."""
    with db.atomic():
        changed: int = (
            OutgoingMail.update(
                state=OutgoingMail.WAITING,
                attempts=0,
                waiting_since=clock.now(),
                next_attempt_at=clock.now(),
                lease="",
            )
            .where(
                (OutgoingMail.id == mail)
                & _THERE
                & OutgoingMail.state.in_([OutgoingMail.WAITING, OutgoingMail.FAILED])
            )
            .execute()
        )
    return bool(changed)


def list_states(prefix: str) -> list[MailState]:
    """The state of the mails whose key begins with `prefix`."""
    query = OutgoingMail.select(OutgoingMail.key, OutgoingMail.recipient, OutgoingMail.state)
    return [
        MailState(*row) for row in fetch_tuples(query.where(OutgoingMail.key.startswith(prefix)))
    ]


def clear(prefix: str) -> None:
    """Delete the mails whose key begins with `prefix`, sent or not: their time is over."""
    OutgoingMail.delete().where(OutgoingMail.key.startswith(prefix)).execute()


def clear_done(before: datetime) -> int:
    """Clear the mails that were sent, given up or kept before this moment; gives how many.

    Their keys and states stay: nothing is mailed twice, and whom a notice did not reach is told.
    """
    nothing = dict.fromkeys(("recipient", "reply_to", "subject", "body", "calendar", "error"), "")
    done = (OutgoingMail.state != OutgoingMail.WAITING) & (OutgoingMail.next_attempt_at < before)
    return int(OutgoingMail.update(**nothing).where(done & _THERE).execute())


def oldest_waiting() -> datetime | None:
    """Since when the oldest mail waits, or None where none does."""
    rows = fetch_tuples(
        OutgoingMail.select(OutgoingMail.created_at)
        .where(OutgoingMail.state == OutgoingMail.WAITING)
        .order_by(OutgoingMail.created_at)
        .limit(1)
    )
    return rows[0][0] if rows else None


def count_waiting(*, refused: bool = False) -> int:
    """How many mails wait; `refused`: of those, how many were tried in vain."""
    waiting = OutgoingMail.state == OutgoingMail.WAITING
    if refused:
        waiting &= OutgoingMail.error != ""
    return int(OutgoingMail.select().where(waiting).count())


def count_failed() -> int:
    """How many mails were given up."""
    failed = OutgoingMail.state == OutgoingMail.FAILED
    return int(OutgoingMail.select().where(failed & _THERE).count())


def _rows() -> Any:
    return OutgoingMail.select(
        OutgoingMail.id, OutgoingMail.state, OutgoingMail.recipient, OutgoingMail.subject,
        OutgoingMail.body, OutgoingMail.created_at, OutgoingMail.next_attempt_at,
        OutgoingMail.attempts, OutgoingMail.done_at, OutgoingMail.error, OutgoingMail.calendar,
    )  # fmt: skip
