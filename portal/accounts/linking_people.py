"""Gives the account of a member without a person the one person whose address it is."""

from collections.abc import Collection
from typing import NamedTuple

from portal import audit, clock
from portal.accounts.invitations import list_own_addresses
from portal.accounts.models import ACCOUNTS_LOCK, Account
from portal.accounts.roles import AccountRole
from portal.database import db, fetch_tuples, lock
from portal.directory.similar_people import KnownPerson, load_owners
from portal.text import fold


class Linkable(NamedTuple):
    """An account of a member without a person, and the only person who has its address today."""

    account: Account
    person: KnownPerson


def list_linkable() -> list[Linkable]:
    """The accounts of members that lost their person, such as by an import that was undone and
    applied again, each with the person whose address it is; never one of more than a member."""
    today = clock.today()
    is_member = (Account.role == AccountRole.MEMBER) & Account.person.is_null()
    accounts = [row for row in Account.select().where(is_member) if row.is_active(today)]
    if not accounts:
        return []
    known = load_owners([account.email for account in accounts])
    addresses = list_own_addresses(known)
    query = Account.select(Account.person).where(Account.person.is_null(False))
    taken = {person for (person,) in fetch_tuples(query)}
    linkable = []
    for account in sorted(accounts, key=lambda row: fold(row.name)):
        owners = known.list_owners(account.email)
        ids = {owner.id for owner in owners}
        if len(ids) == 1 and account.email in addresses[owners[0].id] and not ids & taken:
            linkable.append(Linkable(account, owners[0]))
    return linkable


def link_accounts(actor: Account, pairs: Collection[str]) -> int:
    """Give these accounts the person that was shown ("account-person", ids) where that still holds;
    gives how many. Mails nobody."""
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        chosen = [one for one in list_linkable() if f"{one.account.id}-{one.person.id}" in pairs]
        for account, person in chosen:
            organisation = account.organisation_id or person.organisation
            Account.update(person=person.id, organisation=organisation).where(
                Account.id == account.id
            ).execute()
        if chosen:
            audit.record(actor.id, "linked", "accounts", len(chosen))
    return len(chosen)
