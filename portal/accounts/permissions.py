"""Permissions: whose account a user may change or take over."""

from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole, grantable_roles
from portal.accounts.sessions import User


def may_manage(user: User, account: Account) -> bool:
    """Whether this user may change an account: one with a role they may grant, never their own."""
    return account.id != user.account.id and account.role in grantable_roles(user.role)


def may_move_accounts(account: Account, *people: int) -> bool:
    """Whether the owner of an account may change with which addresses these people (ids) sign in:
    nobody takes over the account of somebody whom they may not administer."""
    is_administrator = account.role is AccountRole.ADMINISTRATOR
    return is_administrator or all(
        row.id == account.id or row.role not in COORDINATOR_ROLES
        for row in Account.select().where(Account.person.in_(people))
    )
