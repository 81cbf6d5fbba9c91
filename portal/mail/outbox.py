"""A mail, and the outbox for senders and administrators: store, list, retry, clear."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from flask import render_template
from peewee import SQL, Value, fn

from portal import clock
from portal.database import add_unless_present, db, fetch_tuples
from portal.mail.models import DeliveryFault, DeliveryState, OutgoingMail
from portal.text import one_line

# Clearing leaves a key and a state. Literal, or SQLite does not use the index of these rows.
_TEXTS = ("recipient", "reply_to", "subject", "body", "calendar", "unsubscribe", "error")
_NOT_CLEARED = OutgoingMail.recipient != SQL("''")
# The beginning of the keys of mails of which Beheer sees nothing.
PRIVATE = "private:"


class Mail(NamedTuple):
    """One mail. `key` names the event that causes it, such as "test:42:2026-11-26T09:00:00+00:00".

    Ids in a key must not be reused (SQLite reuses the ids of deleted rows): a second mail with the same key is dropped.
    """

    key: str
    recipient: str
    subject: str
    body: str
    reply_to: str = ""  # one address, or several with commas
    calendar: str = ""  # an appointment as iCalendar text
    unsubscribe: str = ""  # the address that ends mail of this kind with one POST
    to_mailbox: bool = False  # goes also where the account of this address has ended
    not_after: datetime | None = None  # aware; too late from then on, and sent before other mail


def render_mail(template: str, key: str, recipient: str, **values: object) -> Mail:
    """The mail with the subject and the body of a folder in templates/mail, filled in with these values."""
    subject, body = (render_template(f"mail/{template}/{part}.txt", **values) for part in ("subject", "body"))
    return Mail(key, recipient, subject, body)


class MailState(NamedTuple):
    key: str
    recipient: str
    state: str


def enqueue(mail: Mail, host: str) -> bool:
    """Store a mail, inside the transaction of the event that causes it. `host` ends its Message-ID.

    False where a mail with this key exists, and where the recipient was forgotten and has no
    address any more: it is dropped.
    """
    if not mail.recipient:
        return False
    now = clock.now()
    digest = hashlib.sha256(f"{mail.key} {now.isoformat()}".encode()).hexdigest()[:24]
    headers = {name: one_line(getattr(mail, name)) for name in ("recipient", "reply_to", "subject")}
    return add_unless_present(
        OutgoingMail,
        **mail._asdict() | headers,
        message_id=f"<{digest}@{host}>",
        created_at=now,
        waiting_since=now,
        next_attempt_at=now,
    )


class MailFilter(NamedTuple):
    """The filter of the outbox; "" and None let everything through."""

    text: str = ""  # a part of an address or subject
    state: str = ""  # a DeliveryState
    recipients: Collection[str] | None = None  # addresses, in lower case


EVERYTHING = MailFilter()


def list_mails(limit: int = 50, skipped: int = 0, chosen: MailFilter = EVERYTHING) -> list[OutgoingMail]:
    """The chosen mails after the `skipped` ones: failed ones first, then waiting ones, then the
    others; of each the newest first."""
    mails: list[OutgoingMail] = []
    # A statement for each, so that an index gives the newest: the outbox only grows.
    first = [DeliveryState.FAILED], [DeliveryState.WAITING]
    for states in (*first, [state for state in DeliveryState if [state] not in first]):
        if chosen.state and chosen.state not in states:
            continue
        wanted = [chosen.state] if chosen.state else states
        query = OutgoingMail.select().where(OutgoingMail.state.in_(wanted) & _NOT_CLEARED)
        query = query.where(~_has_prefix(PRIVATE))
        if chosen.text:
            texts = OutgoingMail.recipient, OutgoingMail.subject
            query = query.where(texts[0].contains(chosen.text) | texts[1].contains(chosen.text))
        if chosen.recipients is not None:
            query = query.where(fn.LOWER(OutgoingMail.recipient).in_(list(chosen.recipients)))
        newest = query.order_by(OutgoingMail.id.desc())
        found = list(newest.offset(skipped).limit(limit - len(mails)))
        mails.extend(found)
        if skipped:
            skipped = 0 if found else skipped - query.count()
    return mails


def send_again(mail: int) -> bool:
    """Schedule a failed or waiting mail for now, with its attempts at nought; False where it is
    done. A mail that a worker is sending at this moment stays with that worker."""
    now = clock.now()
    is_leased = (OutgoingMail.lease != "") & (OutgoingMail.next_attempt_at > now)
    unsent = OutgoingMail.state.in_([DeliveryState.WAITING, DeliveryState.FAILED])
    is_open = (OutgoingMail.id == mail) & _NOT_CLEARED & unsent
    again = {"attempts": 0, "waiting_since": now, "next_attempt_at": now, "lease": ""}
    with db.atomic():
        OutgoingMail.update(state=DeliveryState.WAITING, **again).where(is_open & ~is_leased).execute()
        return bool(OutgoingMail.select().where(is_open).exists())


def list_states(prefix: str) -> list[MailState]:
    """The delivery states of the mails whose key begins with `prefix`."""
    query = OutgoingMail.select(OutgoingMail.key, OutgoingMail.recipient, OutgoingMail.state)
    return [MailState(*row) for row in fetch_tuples(query.where(_has_prefix(prefix)))]


def list_by_key(prefix: str) -> list[OutgoingMail]:
    """The mails whose key begins with `prefix`."""
    return list(OutgoingMail.select().where(_has_prefix(prefix)).order_by(OutgoingMail.id))


def rename(prefix: str, to: str) -> None:
    """Let the keys that begin with `prefix` begin with `to`."""
    rest = fn.SUBSTR(OutgoingMail.key, len(prefix) + 1)
    OutgoingMail.update(key=Value(to).concat(rest)).where(_has_prefix(prefix)).execute()


def clear(prefix: str) -> None:
    """Delete the mails whose key begins with `prefix`, sent or not: their retention is over."""
    OutgoingMail.delete().where(_has_prefix(prefix)).execute()


def clear_done(before: datetime) -> int:
    """Clear the mails that were sent, failed or captured before this aware moment; gives how many.

    Keys and states stay, so that nothing is mailed twice and a notice still shows whom it missed.
    """
    nothing = dict.fromkeys(_TEXTS, "")
    # The answer of a server may name a recipient; a fault that lasts is stored anew.
    DeliveryFault.delete().where(DeliveryFault.since < before).execute()
    done = (OutgoingMail.state != DeliveryState.WAITING) & (OutgoingMail.next_attempt_at < before)
    return int(OutgoingMail.update(**nothing).where(done & _NOT_CLEARED).execute())


def forget(addresses: Collection[str]) -> None:
    """Drop the mails to these addresses (lower case) and clear them, and take the addresses out of
    the keys; in the caller's transaction."""
    to_them = fn.LOWER(OutgoingMail.recipient).in_(list(addresses))
    waits = to_them & (OutgoingMail.state == DeliveryState.WAITING)
    OutgoingMail.update(state=DeliveryState.DROPPED).where(waits).execute()
    OutgoingMail.update(**dict.fromkeys(_TEXTS, "")).where(to_them).execute()
    for address in addresses:
        named = fn.LOWER(OutgoingMail.key).contains(address)
        for (number,) in fetch_tuples(OutgoingMail.select(OutgoingMail.id).where(named)):
            OutgoingMail.update(key=f"cleared:{number}").where(OutgoingMail.id == number).execute()


def count_bounced() -> int:
    """The number of mails that came back."""
    return int(select_number(DeliveryState.BOUNCED).scalar())


def select_number(state: DeliveryState) -> Any:
    """The query for the number of mails of this state that Beheer shows."""
    seen = (OutgoingMail.state == state) & _NOT_CLEARED & ~_has_prefix(PRIVATE)
    return OutgoingMail.select(fn.COUNT(OutgoingMail.id)).where(seen)


def _has_prefix(prefix: str) -> Any:
    """The condition for keys that begin with `prefix`: a range, for which the index serves."""
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return (OutgoingMail.key >= prefix) & (OutgoingMail.key < after)
