"""The demo's accounts, one for each role, of which a visitor of the demo chooses one."""

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole


def list_demo_accounts() -> list[Account]:
    """The demo's accounts, from the role with the fewest rights to the one with the most."""
    accounts = Account.select().where(Account.email.endswith("@demo.example"))
    return sorted(accounts, key=lambda account: list(AccountRole).index(account.role))


def find_demo_account(role: str) -> Account | None:
    """The demo's account with this role."""
    return next((account for account in list_demo_accounts() if account.role == role), None)
