"""The mail domains of organisations: who has an address there may sign in."""

from typing import Any

from portal import audit, clock, email_addresses
from portal.accounts import sessions
from portal.accounts.models import ACCOUNTS_LOCK, Account, ListedDomain
from portal.database import db, lock
from portal.directory.models import Organisation

# Mail domains at which everyone can get an address: no organisation may list them.
_PUBLIC_DOMAINS = frozenset(
    {
        "gmail.com", "hotmail.com", "hotmail.nl", "icloud.com", "kpnmail.nl", "live.com",
        "live.nl", "me.com", "outlook.com", "planet.nl", "proton.me", "protonmail.com",
        "xs4all.nl", "yahoo.com", "ziggo.nl",
    }
)  # fmt: skip


class AlreadyListed(ValueError):
    """A domain that is listed already."""


def read_domain(text: str) -> str:
    """A typed domain as it is stored: "@School.nl" is school.nl.

    Raises ValueError, in Dutch, for an address and for a public mail provider.
    """
    domain = text.lower().removeprefix("@")
    try:
        domain = email_addresses.normalise(f"naam@{domain}").removeprefix("naam@")
    except ValueError:
        raise ValueError("Vul het deel na de @ in, zoals school.nl.") from None
    if is_public(domain):
        raise ValueError("Bij dit domein kan iedereen een adres krijgen. Kies een ander.")
    return domain


def is_public(domain: str) -> bool:
    """Whether everyone can get an address at a domain."""
    return domain in _PUBLIC_DOMAINS


def find_domain(email: str) -> ListedDomain | None:
    domain = email.rpartition("@")[2]
    return ListedDomain.get_or_none(ListedDomain.domain == domain)


def list_domains() -> list[ListedDomain]:
    """The listed domains, by name, with their organisation."""
    query = ListedDomain.select(ListedDomain, Organisation).join(Organisation)
    return list(query.order_by(ListedDomain.domain))


def add_domain(actor: Account, domain: str, organisation: int) -> None:
    """List a domain, which also restores the accounts that ended when it was removed earlier.
    Raises AlreadyListed where it is listed already."""
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        if find_domain(f"@{domain}"):
            raise AlreadyListed
        listed = ListedDomain.create(domain=domain, organisation=organisation)
        Account.update(active_until=None).where(_is_of_domain(domain)).execute()
        audit.record(actor.id, "listed", "domain", listed.id)


def remove_domain(actor: Account, domain: int) -> bool:
    """Remove a listed domain (its id) and end, now, the accounts that exist only through it; False
    where it is not listed."""
    with db.atomic():
        lock(ACCOUNTS_LOCK)  # also of a first sign-in, which makes an account
        listed = ListedDomain.get_or_none(ListedDomain.id == domain)
        if listed is None:
            return False
        listed.delete_instance()
        for account in Account.select().where(_is_of_domain(listed.domain)):
            Account.update(active_until=clock.today()).where(Account.id == account.id).execute()
            sessions.end_account_sessions(account)
            audit.record(actor.id, "ended", "account", account.id)
        audit.record(actor.id, "unlisted", "domain", domain)
    return True


def _is_of_domain(domain: str) -> Any:
    """The condition for accounts that exist only because this domain was listed."""
    return Account.by_domain & Account.email.endswith(f"@{domain}")
