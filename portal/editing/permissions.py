"""Permissions: whom a user may change in the directory, and merge; and which changes they may undo."""

from portal import clock
from portal.accounts.access import current_user_or_none, is_coordinator
from portal.accounts.models import Account
from portal.accounts.permissions import may_move_accounts
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind, read_values
from portal.directory.models import ContactDetail, DetailKind, Person, Vacancy
from portal.directory.similar_people import find_similar
from portal.directory.undoing import may_take_back
from portal.directory.who_works_or_is_absent import find_employer, list_joining, works_for
from portal.notices.choices import Choices
from portal.notices.permissions_and_confirmation import get_author, may_post_about
from portal.search import choices
from portal.web.long_lists import Findable

_UNDONE_BY_AUTHOR = (ChangeSetKind.EDIT, ChangeSetKind.REPORT)


def find_own_organisation(account: Account) -> int | None:
    """The organisation (id) whose people an editor may change today; None for anybody else."""
    author = get_author(account)
    return author.organisation if author.role == AccountRole.EDITOR else None


def find_editable(account: Account, person: int) -> Person | None:
    """The person with this id, where the owner of the account may change them today."""
    if account.role not in (*COORDINATOR_ROLES, AccountRole.EDITOR):
        return None
    found: Person | None = Person.get_or_none(Person.id == person)
    if found is None or account.role in COORDINATOR_ROLES:
        return found
    own, today = find_own_organisation(account), clock.today()
    if own is None:
        return None
    is_own = find_employer(found, today) == own or person in list_joining([own], today)
    return found if is_own else None


def may_merge(account: Account, *people: int) -> bool:
    """Whether the owner of an account may merge these people (ids): for an account that goes along
    a coordinator is needed, who may administer it."""
    is_plain = not Account.select().where(Account.person.in_(people)).exists()
    return is_plain or (account.role in COORDINATOR_ROLES and may_move_accounts(account, *people))


def may_fill(account: Account, role: int, school: str) -> bool:
    """Whether the owner of an account may fill the posts of a role (id) at a school (code)."""
    offered = Choices(get_author(account), None)
    is_elsewhere = str(role) in offered.own_roles and school not in offered.own_schools
    return str(role) in dict(offered.roles) and not is_elsewhere


def find_mergeable(account: Account, person: Person) -> Findable:
    """The people into whom this one may be merged by the owner of an account, those who are alike first."""
    own = None if account.role in COORDINATOR_ROLES else find_own_organisation(account)
    employer = find_employer(person, clock.today())
    alike = {one.person for one in find_similar(person.name, employer, but=person.id)}
    which = Person.id != person.id
    if own is not None:
        which &= works_for([own], clock.today())
    return choices.find_people(
        which, lambda one: one.id in alike, lambda: choices.find_people(which & Person.id.in_(alike)).every()
    )


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
        and all(_may_change_posts_of(account, person) for person in people)
        and (not has_address or may_move_accounts(account, *(person.id for person in people)))
    )


def _find_vacancy(change: Change) -> Vacancy:
    """The vacancy of a change, also one that it removed."""
    found = Vacancy.get_or_none(Vacancy.id == int(change.row))
    return found or Vacancy(**read_values(Vacancy, change.before) or {})


def _may_change_posts_of(account: Account, person: Person) -> bool:
    """Whether an editor may change a person, or the posts of one for whom they speak."""
    employer = find_employer(person, clock.today())
    speaks = may_post_about(get_author(account), person.id, employer)
    return speaks or find_editable(account, person.id) is not None


def may_edit(person: int) -> bool:
    """Whether the current user may change a person (id) who is there."""
    user = current_user_or_none()
    return user is not None and (user.role in COORDINATOR_ROLES or find_editable(user.account, person) is not None)


def must_give_reason() -> bool:
    """Whether the current user says why they change a person: an editor is the source of what they
    write about their own people."""
    return is_coordinator()


def is_editor() -> bool:
    """Whether the current user looks after one organisation."""
    user = current_user_or_none()
    return user is not None and user.role == AccountRole.EDITOR
