"""The accounts that coordinators administer, and those of a demo, one for each role."""

from datetime import date
from typing import NamedTuple

from portal import audit, clock
from portal.accounts import mails, pending_forms, second_factors, sessions
from portal.accounts.models import ACCOUNTS_LOCK, Account
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.database import db, lock
from portal.directory.models import Organisation
from portal.mail.outbox import enqueue
from portal.person_names import full_name_key
from portal.site import Site
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


def invite(actor: Account, draft: AccountDraft, site: Site) -> Account:
    """Create an account and mail its owner. Raises AlreadyExists where the address has one."""
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        if Account.get_or_none(Account.email == draft.email):
            raise AlreadyExists
        account = Account.create(created_at=clock.now(), **draft._asdict())
        audit.record(actor.id, "invited", "account", account.id)
        mail_invitation(account, site)
    return account


def invite_administrator(email: str, site: Site) -> None:
    """Let the account of `email` (lower case) be an administrator's without a last day, also one
    that has ended, or create it; and mail its owner. Nobody signed in does this: it is the way back
    where the last administrator is gone."""
    role = AccountRole.ADMINISTRATOR
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        account = Account.get_or_none(Account.email == email)
        action = "changed" if account else "invited"
        if account is None:
            name = email.partition("@")[0]
            account = Account.create(email=email, name=name, role=role, created_at=clock.now())
        Account.update(role=role, active_until=None, by_domain=False).where(Account.id == account.id).execute()
        sessions.end_account_sessions(account)
        audit.record(None, action, "account", account.id)
        mail_invitation(Account.get_by_id(account.id), site)


def mail_invitation(account: Account, site: Site) -> None:
    """Store the invitation to an account that is about to be used for the first time."""
    enqueue(mails.invitation(account, site.base_url, clock.now()), site.mail_host)


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
        pending_forms.delete_pending_forms(account)
        second_factors.clear(account)
        audit.record(actor, "ended", "account", account.id)
    return True


def list_demo_accounts() -> list[Account]:
    """The demo's accounts, from the role with the fewest rights to the one with the most."""
    accounts = Account.select().where(Account.email.endswith("@demo.example"))
    return sorted(accounts, key=lambda account: list(AccountRole).index(account.role))


def find_demo_account(role: str) -> Account | None:
    return next((account for account in list_demo_accounts() if account.role == role), None)
