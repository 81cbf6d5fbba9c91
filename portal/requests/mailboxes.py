"""The mailboxes that requests are sent to: which one, and the coordinator's changes to them."""

from collections.abc import Iterable, Mapping

from portal import audit, clock
from portal.accounts.forgetting import Forgotten
from portal.accounts.models import Account
from portal.database import db, lock
from portal.database.cache import fetch_kept
from portal.directory.change_sets import RuleViolation
from portal.region import RequestKind, RequestMailbox
from portal.requests.kinds import Level
from portal.requests.models import Mailbox


def select_mailboxes(kind: RequestKind, mailboxes: Iterable[RequestMailbox]) -> list[RequestMailbox]:
    """The mailboxes that can get a request of this kind: its own, otherwise those of a level."""
    if kind.mailbox:
        return [mailbox for mailbox in mailboxes if mailbox.key == kind.mailbox]
    return [mailbox for mailbox in mailboxes if mailbox.levels]


def list_recipients(
    kind: RequestKind, level: Level, mailboxes: Iterable[RequestMailbox], addresses: Mapping[str, str]
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
    return dict(fetch_kept(Mailbox.select(Mailbox.key, Mailbox.address).order_by(Mailbox.id)))


def list_mailboxes() -> list[Mailbox]:
    """Every address of every mailbox, past and present, the newest first, with the account that
    set it. The newest of a key counts."""
    query = Mailbox.select(Mailbox, Account).left_outer_join(Account)
    return list(query.order_by(Mailbox.id.desc()))


def change_addresses(actor: int, addresses: Mapping[str, str]) -> None:
    """Send requests to these addresses from now on; a mailbox that keeps its address is skipped."""
    with db.atomic():
        lock("mailboxes")
        present = get_addresses()
        for key, address in addresses.items():
            if present.get(key) != address:
                Mailbox.create(key=key, address=address, set_at=clock.now(), set_by=actor)
                audit.record(actor, "changed", "mailbox", key)


def forget_person(one: Forgotten) -> None:
    """Raise RuleViolation where requests go to an address of a person who is forgotten."""
    if any(address.lower() in one.traces.addresses for address in get_addresses().values()):
        raise RuleViolation("Aanvragen gaan naar dit adres. Kies eerst een andere postbus.")
