"""Permissions: who may answer a report, or a question of a round, and the accounts that are asked."""

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.accounts.sign_in_addresses import list_emails
from portal.directory.models import Person
from portal.directory.who_works_or_is_absent import find_employer
from portal.notices.permissions_and_confirmation import get_author
from portal.quality.models import Confirmation


def list_editors(organisation: int) -> list[Account]:
    """The accounts that may change the people of an organisation (id), besides coordinators."""
    editors = Account.select().where(Account.role == AccountRole.EDITOR)
    return [row for row in editors if row.is_active(clock.today()) and get_author(row).speaks_for >= {organisation}]


def list_coordinators() -> list[Account]:
    """The accounts of the coordinators that are not ended."""
    coordinators = Account.select().where(Account.role == AccountRole.COORDINATOR)
    return [row for row in coordinators if row.is_active(clock.today())]


def is_to(question: Confirmation, account: Account) -> bool:
    """Whether the owner of an account is the person who was asked; by their address where the
    account is of no person."""
    if account.person_id:
        return bool(account.person_id == question.person_id)
    asked = list_emails([question.person_id]).get(question.person_id, "")
    return asked.lower() == account.address


def may_answer(question: Confirmation, account: Account) -> bool:
    """Whether the owner of an account speaks for the organisation of the person who was asked."""
    return find_employer(question.person, clock.today()) in get_author(account).speaks_for


def may_answer_report(account: Account, person: Person | None) -> bool:
    """Whether the owner of an account may answer a report about a person, or about a desk or school (None): an editor
    only about people of the own organisation."""
    if account.role in COORDINATOR_ROLES:
        return True
    if person is None or account.role != AccountRole.EDITOR:
        return False
    return find_employer(person, clock.today()) in get_author(account).speaks_for
