"""The mailboxes that requests are sent to: which one, and the coordinator's changes to them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from peewee import fn

from portal import audit, clock
from portal.accounts.models import Account
from portal.database import db, fetch_tuples, lock
from portal.region import RequestKind, RequestMailbox
from portal.requests.kinds import Level
from portal.requests.models import Mailbox


class MailboxRow(NamedTuple):
    """An address of a mailbox and the moment from which it held; the newest of a key counts."""

    key: str
    address: str
    set_at: datetime
    set_by: str  # "": the seeds


def select_mailboxes(
    kind: RequestKind, mailboxes: Iterable[RequestMailbox]
) -> list[RequestMailbox]:
    """The mailboxes that can get a request of this kind: its own, otherwise those of a level."""
    if kind.mailbox:
        return [mailbox for mailbox in mailboxes if mailbox.key == kind.mailbox]
    return [mailbox for mailbox in mailboxes if mailbox.levels]


def list_recipients(
    kind: RequestKind,
    level: Level,
    mailboxes: Iterable[RequestMailbox],
    addresses: Mapping[str, str],
) -> list[str]:
    """The addresses that a request is sent to, each once; `addresses` is per mailbox key."""
    keys = [
        mailbox.key
        for mailbox in select_mailboxes(kind, mailboxes)
        if kind.mailbox or level == Level.BOTH or level in mailbox.levels
    ]
    # Capitals do not tell addresses apart.
    return list({addresses[key].casefold(): addresses[key] for key in keys}.values())


def get_addresses() -> dict[str, str]:
    """The present address per mailbox key."""
    return {row.key: row.address for row in reversed(list_mailboxes())}


def list_mailboxes() -> list[MailboxRow]:
    """Every address of every mailbox, past and present, the newest first."""
    query = (
        Mailbox.select(Mailbox.key, Mailbox.address, Mailbox.set_at, fn.COALESCE(Account.name, ""))
        .left_outer_join(Account)
        .order_by(Mailbox.id.desc())
    )
    return [MailboxRow(*row) for row in fetch_tuples(query)]


def change_addresses(actor: int, addresses: Mapping[str, str]) -> None:
    """Send requests to these addresses from now on; a mailbox that keeps its address is skipped."""
    with db.atomic():
        lock("mailboxes")
        present = get_addresses()
        for key, address in addresses.items():
            if present.get(key) != address:
                Mailbox.create(key=key, address=address, set_at=clock.now(), set_by=actor)
                audit.record(actor, "changed", "mailbox", key)
