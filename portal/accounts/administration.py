"""Accounts as a coordinator manages them: inviting, changing, ending; and listed domains."""

from datetime import date
from typing import Any, NamedTuple

from portal import audit, clock
from portal.accounts import mails, sessions
from portal.accounts.models import Account, ListedDomain
from portal.accounts.roles import ROLES
from portal.database import db
from portal.directory.models import Organisation, Person
from portal.mail.outbox import enqueue
from portal.site import Site


class AccountRow(NamedTuple):
    """An account as the overview shows it."""

    id: int
    name: str
    email: str
    role: str
    organisation: str
    active_until: date | None


class AccountDraft(NamedTuple):
    """What a coordinator filled in about an account."""

    name: str
    email: str
    role: str
    organisation: int | None
    person: int | None
    active_until: date | None  # the first day without access


class AlreadyExists(ValueError):
    """An address or domain that is there already."""


def list_accounts() -> list[AccountRow]:
    """All accounts, by name."""
    organisations = dict(list_organisations())
    return [
        AccountRow(
            id=row.id,
            name=row.name,
            email=row.email,
            role=ROLES[row.role].label,
            organisation=organisations.get(str(row.organisation_id), ""),
            active_until=row.active_until,
        )
        for row in Account.select().order_by(Account.name, Account.id)
    ]


def find_account(account: int) -> Account | None:
    """The account with this id."""
    return Account.get_or_none(Account.id == account)


def invite(actor: Account, draft: AccountDraft, site: Site) -> Account:
    """Make an account and mail its owner. Raises AlreadyExists where the address has one."""
    with db.atomic():
        if Account.get_or_none(Account.email == draft.email):
            raise AlreadyExists
        account = Account.create(created_at=clock.now(), **draft._asdict())
        audit.record(actor.id, "invited", "account", account.id)
        enqueue(
            mails.invitation(account.id, account.email, ROLES[account.role].label, site.base_url),
            site.mail_host,
        )
    return account


def change(actor: Account, account: Account, draft: AccountDraft) -> None:
    """Change an account; a change of role, address or access ends its sessions.

    Raises AlreadyExists where another account has the address.
    """
    with db.atomic():
        other = Account.get_or_none(Account.email == draft.email)
        if other and other.id != account.id:
            raise AlreadyExists
        before = (account.email, account.role, account.active_until)
        Account.update(draft._asdict()).where(Account.id == account.id).execute()
        if before != (draft.email, draft.role, draft.active_until):
            Account.update(by_domain=False).where(Account.id == account.id).execute()
            sessions.end_all(account)
        audit.record(actor.id, "changed", "account", account.id)


def list_domains() -> list[tuple[int, str, str]]:
    """The listed domains: id, domain, organisation."""
    query = ListedDomain.select(ListedDomain, Organisation).join(Organisation)
    return [(row.id, row.domain, row.organisation.name) for row in query.order_by(
        ListedDomain.domain)]  # fmt: skip


def list_domain(actor: Account, domain: str, organisation: int) -> None:
    """Let whoever has an address at `domain` read, also who did before it was taken off the list.
    Raises AlreadyExists where it is listed already."""
    with db.atomic():
        if ListedDomain.get_or_none(ListedDomain.domain == domain):
            raise AlreadyExists
        row = ListedDomain.create(domain=domain, organisation=organisation)
        Account.update(active_until=None).where(_came_by(domain)).execute()
        audit.record(actor.id, "listed", "domain", row.id)


def remove_domain(actor: Account, domain: int) -> bool:
    """End the access of who came in by a domain, now; False where it is not listed."""
    with db.atomic():
        listed = ListedDomain.get_or_none(ListedDomain.id == domain)
        if listed is None:
            return False
        listed.delete_instance()
        for account in Account.select().where(_came_by(listed.domain)):
            Account.update(active_until=clock.today()).where(Account.id == account.id).execute()
            sessions.end_all(account)
            audit.record(actor.id, "ended", "account", account.id)
        audit.record(actor.id, "unlisted", "domain", domain)
    return True


def _came_by(domain: str) -> Any:
    """The accounts that were made because this domain was listed."""
    return Account.by_domain & Account.email.endswith(f"@{domain}")


def list_organisations() -> list[tuple[str, str]]:
    """Ids (as text, for a list to choose from) and names of the organisations."""
    return [(str(row.id), row.name) for row in Organisation.select().order_by(Organisation.name)]


def list_people() -> list[tuple[str, str]]:
    """Ids (as text) and names of the people of the directory."""
    query = Person.select(Person, Organisation).join(Organisation)
    return sorted(
        ((str(row.id), f"{row.name} ({row.organisation.name})") for row in query),
        key=lambda choice: choice[1],
    )
