"""The first administrator of a new installation, made by a one-time link on the console."""

import secrets

from portal import audit, clock
from portal.accounts.models import ACCOUNTS_LOCK, Account, SetUpLink
from portal.accounts.roles import AccountRole
from portal.database import db, lock
from portal.keys import hash_secret
from portal.site import Site


def make_set_up_link(site: Site) -> str | None:
    """A new set-up link, which invalidates an unused older one; None where there are accounts."""
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        if Account.select().exists():
            return None
        SetUpLink.delete().where(SetUpLink.used_at.is_null()).execute()
        token = secrets.token_urlsafe(32)
        SetUpLink.create(token_hash=hash_secret(token), created_at=clock.now())
    return f"{site.base_url}/eerste-keer/{token}"


def is_unused(token: str) -> bool:
    """Whether a set-up link with this token exists and has not been used."""
    link = SetUpLink.get_or_none(SetUpLink.token_hash == hash_secret(token))
    return link is not None and link.used_at is None


def create_administrator(token: str, name: str, email: str) -> Account | None:
    """Create the first administrator; None where the link was used already."""
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        used = (
            SetUpLink.update(used_at=clock.now())
            .where((SetUpLink.token_hash == hash_secret(token)) & SetUpLink.used_at.is_null())
            .execute()
        )
        if not used:
            return None
        account = Account.create(email=email.lower(), name=name, role=AccountRole.ADMINISTRATOR, created_at=clock.now())
        audit.record(account.id, "set up", "account", account.id)
        return account
