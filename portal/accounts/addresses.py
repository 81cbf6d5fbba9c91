"""The address with which an account signs in: it follows its person.

A new address counts where the owner of the account or a coordinator announced it. Otherwise an
editor could give a colleague's account an address of their own.
"""

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES
from portal.database import fetch_tuples
from portal.database.validity import valid_on
from portal.directory.change_sets import Change, ChangeSet
from portal.directory.models import ContactDetail, DetailKind


def find_by_address(email: str) -> Account | None:
    """The account that signs in with an address (lower case) today; one that has it before one
    whose person does."""
    owner = ContactDetail.select(ContactDetail.person).where(
        (ContactDetail.kind == DetailKind.EMAIL) & (ContactDetail.value == email)
    )
    own = Account.email == email
    accounts = Account.select().where(own | Account.person.in_(owner)).order_by(own.desc())
    return next((account for account in accounts if get_address(account) == email), None)


def list_addresses(person: int) -> set[str]:
    """Every address (lower case) that a person (id) has or had."""
    details = ContactDetail.select(ContactDetail.value).where(
        (ContactDetail.person == person) & (ContactDetail.kind == DetailKind.EMAIL)
    )
    accounts = Account.select(Account.email).where(Account.person == person)
    return {email.lower() for (email,) in [*fetch_tuples(details), *fetch_tuples(accounts)]}


def get_address(account: Account) -> str:
    """The address with which an account signs in today: the one that a move of its person gave,
    from its first day on, otherwise its own."""
    today = clock.today()
    details = ContactDetail.select().where(
        (ContactDetail.person == (account.person_id or 0))
        & (ContactDetail.kind == DetailKind.EMAIL)
    )
    present = list(details.where(valid_on(ContactDetail, today)).order_by(ContactDetail.id.desc()))
    ended = {detail.value.lower() for detail in details.where(ContactDetail.valid_until <= today)}
    if account.email in ended - {detail.value.lower() for detail in present}:
        for detail in present:
            if _is_trusted(detail, account):
                return detail.value.lower()
    return account.email


def _is_trusted(detail: ContactDetail, account: Account) -> bool:
    coordinators = Account.select(Account.id).where(Account.role.in_(COORDINATOR_ROLES))
    trusted = ChangeSet.author.in_(coordinators) | (ChangeSet.author == account.id)
    made = (Change.table == "contact_detail") & (Change.row == str(detail.id)) & ~Change.undone
    query = Change.select().join(ChangeSet)
    return bool(query.where(made & Change.before.is_null() & trusted).exists())
