"""The demo's accounts, one for each role, of which a visitor of the demo chooses one."""

from typing import NamedTuple

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole


class DemoUser(NamedTuple):
    """An account that a visitor of the demo can choose on the sign-in page."""

    role: AccountRole
    name: str


def list_demo_users() -> list[DemoUser]:
    """The demo's accounts, from the role with the fewest rights to the one with the most."""
    order = list(AccountRole)
    users = [DemoUser(account.role, account.name) for account in _list_accounts()]
    return sorted(users, key=lambda user: order.index(user.role))


def find_demo_account(role: str) -> Account | None:
    """The demo's account with this role."""
    return next((account for account in _list_accounts() if account.role == role), None)


def _list_accounts() -> list[Account]:
    return list(Account.select().where(Account.email.endswith("@demo.example")))
