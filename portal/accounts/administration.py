"""The accounts that coordinators administer: found, completed with what their role needs, changed and ended; and the
accounts of a demo, one for each role."""

from datetime import date
from typing import NamedTuple

from portal import audit, clock
from portal.accounts import pending_forms, second_factors, sessions
from portal.accounts.models import ACCOUNTS_LOCK, Account
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.accounts.sign_in_addresses import list_own_addresses
from portal.database import db, lock
from portal.directory.models import Organisation, Person
from portal.directory.similar_people import KnownPerson, find_similar, load_owners
from portal.directory.who_works_or_is_absent import find_employer
from portal.person_names import full_name_key
from portal.text import fold

# The states of an account that a list asks for.
NEVER_SIGNED_IN, OF_NOBODY, ENDED = "nooit", "niemand", "gestopt"


class AccountDraft(NamedTuple):
    """The fields of an account that a coordinator fills in."""

    name: str
    email: str
    role: AccountRole
    organisation: int | None
    person: int | None
    active_until: date | None  # the first day without access


class AlreadyExists(ValueError):
    """An account with this address exists already."""


class Incomplete(ValueError):
    """An account that lacks what its role needs: the field, and in Dutch what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def list_accounts(text: str = "", state: str = "") -> list[Account]:
    """The accounts with `text` in their name, address or role and in this state, by family name,
    with their organisation; by default all."""
    query = Account.select(Account, Organisation).left_outer_join(Organisation)
    wanted = fold(text)
    return sorted(
        (
            account
            for account in query
            if wanted in fold(f"{account.name} {account.address} {account.role.label}")
            and state in ("", *_list_states(account))
        ),
        key=lambda account: full_name_key(account.name),
    )


def _list_states(account: Account) -> set[str]:
    if not account.is_active(clock.today()):
        return {ENDED}
    is_of_nobody = account.role is AccountRole.MEMBER and account.person_id is None
    states = {OF_NOBODY: is_of_nobody, NEVER_SIGNED_IN: not account.visited_on}
    return {state for state, holds in states.items() if holds}


def count_without_person() -> int:
    """The number of accounts of members with access today that belong to nobody yet."""
    members = Account.select().where(Account.role == AccountRole.MEMBER)
    return sum(OF_NOBODY in _list_states(row) for row in members.where(Account.person.is_null()))


def list_coordinators() -> list[tuple[str, str]]:
    """The ids and names of the accounts of coordinators and administrators, for a list."""
    return [
        (str(account.id), account.name)
        for account in list_accounts()
        if account.role in COORDINATOR_ROLES and account.is_active(clock.today())
    ]


def has_ended(email: str) -> bool:
    """Whether this is the address of an account that has ended."""
    account = Account.get_or_none(Account.email == email.strip().lower())
    return account is not None and not account.is_active(clock.today())


def find_account(account: int) -> Account | None:
    return Account.get_or_none(Account.id == account)


def complete(draft: AccountDraft, *, is_new: bool = False) -> AccountDraft:
    """The draft with the organisation of its person, where that was left open; a new member also
    with the person whose own address it is today. Nobody else is found by address: an editor may
    have typed it at a person of their own. Raises Incomplete where the role needs more."""
    if draft.role is AccountRole.MEMBER and not draft.person:
        owners = load_owners([draft.email]).list_owners(draft.email)
        is_clear = len(owners) == 1 and draft.email in list_own_addresses([owners[0].id])[owners[0].id]
        if not is_new or not is_clear:
            raise Incomplete("person", _advise(draft, owners))
        draft = draft._replace(person=owners[0].id)
    if draft.person and not draft.organisation:
        employer = find_employer(Person.get_by_id(draft.person), clock.today())
        draft = draft._replace(organisation=employer)
    if draft.role is AccountRole.EDITOR and not draft.organisation:
        message = "Kies de organisatie waarvan deze organisatiebeheerder de mensen bijhoudt."
        raise Incomplete("organisation", message)
    return draft


def _advise(draft: AccountDraft, owners: list[KnownPerson]) -> str:
    if owners:
        names = " en ".join(owner.label for owner in owners)
        return f"Dit e-mailadres staat bij {names}. Kies in de lijst wie het is."
    if similar := find_similar(draft.name, draft.organisation):
        names = " of ".join(one.label for one in similar[:3])
        return f"Dit e-mailadres staat bij niemand. Bedoel je {names}? Kies dan die naam."
    return (
        "Dit e-mailadres staat bij niemand, en een kernteamlid hoort bij iemand in de "
        "contactzoeker. Kies de naam in de lijst, of zet die er eerst in."
    )


def list_owners(account: Account) -> list[KnownPerson]:
    """The people who have the address of an account: the person of the account, or without one those who may be."""
    owners = load_owners([account.address]).list_owners(account.address)
    return [owner for owner in owners if account.person_id in (owner.id, None)]


def change_account(actor: Account, account: Account, draft: AccountDraft) -> None:
    """Change an account. Its sessions end when its role, address or last day changes.

    Raises AlreadyExists where another account has the address, and PermissionError where `actor`
    lost their role meanwhile: two administrators may end each other's access.
    """
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        present = Account.get_by_id(actor.id)
        if present.role != actor.role or not present.is_active(clock.today()):
            raise PermissionError
        moved_to = ""
        if draft.email == account.address:  # that of a move stays one, which a withdrawal ends
            draft, moved_to = draft._replace(email=account.email), account.moved_to
        other = Account.get_or_none(Account.email == draft.email)
        if other and other.id != account.id:
            raise AlreadyExists
        before = (account.email, account.role, account.active_until)
        Account.update(moved_to=moved_to, **draft._asdict()).where(Account.id == account.id).execute()
        if before != (draft.email, draft.role, draft.active_until):
            Account.update(by_domain=False).where(Account.id == account.id).execute()
            sessions.end_account_sessions(account)
        if draft.role not in COORDINATOR_ROLES:
            second_factors.clear(account)
        audit.record(actor.id, "changed", "account", account.id)


def end_access(account: Account, actor: int | None) -> bool:
    """End the access of an account, now, because its owner (`actor`, the id of an account) asks it,
    or because nobody uses it (None); False for the last administrator, who first makes another."""
    today = clock.today()
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        others = Account.select().where((Account.role == AccountRole.ADMINISTRATOR) & (Account.id != account.id))
        is_last = not any(other.is_active(today) for other in others)
        if account.role is AccountRole.ADMINISTRATOR and is_last:
            return False
        Account.update(active_until=today).where(Account.id == account.id).execute()
        sessions.end_account_sessions(account)
        pending_forms.delete_pending_forms(account, everywhere=True)
        second_factors.clear(account)
        audit.record(actor, "ended", "account", account.id)
    return True


def list_demo_accounts() -> list[Account]:
    """The demo's accounts, from the role with the fewest rights to the one with the most."""
    accounts = Account.select().where(Account.email.endswith("@demo.example"))
    return sorted(accounts, key=lambda account: list(AccountRole).index(account.role))


def find_demo_account(role: str) -> Account | None:
    return next((account for account in list_demo_accounts() if account.role == role), None)
