"""The address with which an account signs in: it follows its person, once they signed in with it.
Both addresses get a mail about the change.

A new address counts where the owner of the account or a coordinator announced it. Otherwise an
editor, or whoever keeps a file that is imported, could give an account an address of their own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from peewee import fn

from portal import clock
from portal.accounts import sessions
from portal.accounts.mails import address_changed
from portal.accounts.models import Account, MergedAccount
from portal.accounts.roles import COORDINATOR_ROLES
from portal.database import fetch_tuples
from portal.database.cache import fetch_kept
from portal.database.compiled import prepared
from portal.database.validity import valid_on
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind
from portal.directory.models import ContactDetail, DetailKind
from portal.mail.outbox import enqueue
from portal.site import Site


def find_by_address(email: str) -> Account | None:
    """The account that signs in with an address (lower case) today: first of the person who has it
    today, because a functional address goes to the next; last one that exists by its domain."""
    owner = ContactDetail.select(ContactDetail.person).where(
        (ContactDetail.kind == DetailKind.EMAIL) & (ContactDetail.value == email)
    )
    present = owner.where(valid_on(ContactDetail, clock.today()))
    owners = {person for (person,) in fetch_tuples(present)}
    own = (Account.email == email) | (Account.moved_to == email)
    accounts = Account.select().where(own | Account.person.in_(owner))
    return min(
        (account for account in accounts if email in _list_accepted(account)),
        key=lambda account: (account.by_domain, account.person_id not in owners),
        default=None,
    )


def list_addresses(person: int) -> set[str]:
    """Every address (lower case) that a person (id) has or had."""
    details = ContactDetail.select(ContactDetail.value).where(
        (ContactDetail.person == person) & (ContactDetail.kind == DetailKind.EMAIL)
    )
    accounts = Account.select(Account.email).where(Account.person == person)
    return {email.lower() for (email,) in [*fetch_tuples(details), *fetch_tuples(accounts)]}


def list_emails(people: Collection[int]) -> dict[int, str]:
    """The mail address of each of these people today, where one is known. An address that only
    members see counts as well, because no page shows it; one whose account has ended does not."""
    wanted, today = list(people), clock.today()
    return dict(_of_accounts(wanted, today)) | dict(_of_details(wanted, today))


@prepared
def _of_accounts(people: list[int], today: date) -> Any:
    return Account.select(Account.person, Account.email).where(
        Account.person.in_(people) & Account.email.not_in(_ended(today))
    )


@prepared
def _of_details(people: list[int], today: date) -> Any:
    return (
        ContactDetail.select(ContactDetail.person, ContactDetail.value)
        .where(
            ContactDetail.person.in_(people)
            & (ContactDetail.kind == DetailKind.EMAIL)
            & valid_on(ContactDetail, today)
            & fn.LOWER(ContactDetail.value).not_in(_ended(today))
        )
        .order_by(ContactDetail.position.desc(), ContactDetail.id.desc())
    )


def _ended(today: date) -> Any:
    """The addresses of accounts that have ended."""
    return Account.select(Account.email).where(Account.active_until <= today)


def list_own_addresses(people: Iterable[int] | None) -> defaultdict[int, list[str]]:
    """Per person (id) the mail addresses (lower case) that are their own today, the first one
    first; of these people (ids), or of everybody."""
    own = (ContactDetail.kind == DetailKind.EMAIL) & (ContactDetail.label == "")
    own &= ContactDetail.person.is_null(False) & valid_on(ContactDetail, clock.today())
    if people is not None:
        own &= ContactDetail.person.in_(list(people))
    query = ContactDetail.select(ContactDetail.person, ContactDetail.value).where(own)
    addresses: defaultdict[int, list[str]] = defaultdict(list)
    for person, email in fetch_kept(query.order_by(ContactDetail.position, ContactDetail.id)):
        addresses[person].append(email.lower())
    return addresses


def take_back(people: Collection[int]) -> None:
    """Give the accounts of people (ids) their own address again, and end their sessions, where the one of a move is no
    address of the person any more: its notice was withdrawn, or its change set undone."""
    for account in Account.select().where(Account.person.in_(people) & (Account.moved_to != "")):
        if account.moved_to not in _list_present(account):
            Account.update(moved_to="").where(Account.id == account.id).execute()
            sessions.end_account_sessions(account)


def _list_accepted(account: Account) -> set[str]:
    """The addresses with which an account signs in today: from the first day of a move also the
    new one, and only that once it did."""
    present = _list_present(account)
    if account.moved_to in present:
        return {account.moved_to}
    given: set[str] = set()
    if account.address in _list_ended(account).keys() - present:
        given = {email for email, detail in present.items() if _is_trusted(detail, account)}
    return given if given and account.moved_to else given | {account.email}


def _list_present(account: Account) -> dict[str, int]:
    """The addresses of the person of an account today, each with its contact detail (id)."""
    return _list_details(account, valid_on(ContactDetail, clock.today()))


def _list_ended(account: Account) -> dict[str, int]:
    return _list_details(account, ContactDetail.valid_until <= clock.today())


def _list_details(account: Account, when: Any) -> dict[str, int]:
    details = ContactDetail.select(ContactDetail.value, ContactDetail.id).where(
        (ContactDetail.person == (account.person_id or 0)) & (ContactDetail.kind == DetailKind.EMAIL) & when
    )
    return {email.lower(): detail for email, detail in fetch_tuples(details)}


def _is_trusted(detail: int, account: Account) -> bool:
    coordinators = Account.select(Account.id).where(Account.role.in_(COORDINATOR_ROLES))
    trusted = ChangeSet.author.in_(coordinators) | (ChangeSet.author == account.id)
    made = (Change.table == "contact_detail") & (Change.row == str(detail)) & ~Change.undone
    trusted &= ChangeSet.kind != ChangeSetKind.IMPORT
    query = Change.select().join(ChangeSet)
    return bool(query.where(made & Change.before.is_null() & trusted).exists())


def tell_of_change(person: int, old: str, new: str, since: date | None, site: Site) -> None:
    """Mail a person (id) with an account, at both addresses, that somebody gave them a new address for the old one from
    a day on; "": none, so that the old one ends then."""
    if Account.select().where(Account.person == person).exists():
        for recipient in filter(None, (old, new)):
            enqueue(address_changed(recipient, old, new, since, clock.now()), site.mail_host)


def give_back(change_set: int) -> None:
    """Give accounts the person and address that they had before a change set (id), because it was
    undone. An account that was linked to somebody else since is left alone."""
    about = (Change.change_set == change_set) & Change.person.is_null(False)
    people = {person for (person,) in fetch_tuples(Change.select(Change.person).where(about))}
    for merged in MergedAccount.select().where(MergedAccount.change_set == change_set):
        own = (Account.id == merged.account_id) & Account.person.in_(people)
        Account.update(person=merged.person).where(own).execute()
    MergedAccount.delete().where(MergedAccount.change_set == change_set).execute()
    take_back(people)
