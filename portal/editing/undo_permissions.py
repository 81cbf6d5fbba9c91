"""Permissions: which changes of the directory a user may undo."""

from portal import clock
from portal.accounts.models import Account
from portal.accounts.permissions import may_move_accounts
from portal.accounts.roles import COORDINATOR_ROLES
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind, read_values
from portal.directory.models import ContactDetail, DetailKind, Person, Vacancy
from portal.directory.undoing import may_take_back
from portal.directory.who_works_or_is_absent import find_employer
from portal.editing.permissions import find_editable, find_own_organisation, may_fill
from portal.notices.permissions_and_confirmation import get_author, may_post_about

_UNDONE_BY_AUTHOR = (ChangeSetKind.EDIT, ChangeSetKind.REPORT)


def may_undo(account: Account, number: int) -> bool:
    """Whether the owner of an account may undo a change set (id): an own edit that they might make
    today. Who is no coordinator any more undoes nothing but what an editor or member changes."""
    own = (ChangeSet.id == number) & (ChangeSet.author == account.id)
    found = ChangeSet.get_or_none(own & ChangeSet.kind.in_(_UNDONE_BY_AUTHOR))
    if not (found and may_take_back(found.kind, found.state, found.at)):
        return False
    changes = list(Change.select().where(Change.change_set == number))
    is_own_time = {(c.table, c.person) for c in changes} == {("person", account.person_id)}
    if account.role in COORDINATOR_ROLES or is_own_time:
        return True
    # A person who was merged away is there no more; the one who stayed is.
    people = list(Person.select().where(Person.id.in_({c.person for c in changes})))
    details = [int(c.row) for c in changes if c.table == "contact_detail"]
    addresses = (ContactDetail.kind == DetailKind.EMAIL) & ContactDetail.id.in_(details)
    has_address = ContactDetail.select().where(addresses).exists()
    # Vacancies alone are about nobody.
    posts = [] if people else [_find_vacancy(c) for c in changes if c.table == "vacancy"]
    return (
        bool(people or posts)
        and all(may_fill(account, post.role_id, post.workplace_id) for post in posts)
        and find_own_organisation(account) is not None
        and all(c.person or c.table == "vacancy" for c in changes)
        and all(_may_change(account, person) for person in people)
        and (not has_address or may_move_accounts(account, *(person.id for person in people)))
    )


def _find_vacancy(change: Change) -> Vacancy:
    """The vacancy of a change, also one that it removed."""
    found = Vacancy.get_or_none(Vacancy.id == int(change.row))
    return found or Vacancy(**read_values(Vacancy, change.before) or {})


def _may_change(account: Account, person: Person) -> bool:
    """Whether an editor may change a person, or the posts of one for whom they speak."""
    employer = find_employer(person, clock.today())
    speaks = may_post_about(get_author(account), person.id, employer)
    return speaks or find_editable(account, person.id) is not None
