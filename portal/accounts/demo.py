"""In a demo anybody can be one of its people: one account for each role."""

from typing import NamedTuple

from portal.accounts.models import Account
from portal.accounts.roles import ROLES


class DemoPerson(NamedTuple):
    """Somebody whom a visitor of the demo can be."""

    role: str
    label: str
    name: str


def list_people() -> list[DemoPerson]:
    """The demo's people, from the role that may least to the one that may most."""
    order = list(ROLES)
    accounts = sorted(_accounts(), key=lambda account: order.index(account.role))
    return [DemoPerson(a.role, ROLES[a.role].label, a.name) for a in accounts]


def find_account(role: str) -> Account | None:
    """The demo's account with a role."""
    return next((account for account in _accounts() if account.role == role), None)


def _accounts() -> list[Account]:
    return list(Account.select().where(Account.email.endswith("@demo.example")))
