"""The people whom a user may change, and what their data lack."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from peewee import fn

from portal import clock
from portal.accounts.access import current_user_or_none
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.contacts.freshness import USUAL, first_fresh_day
from portal.database import fetch_tuples
from portal.database.validity import current_or_future, valid_on
from portal.directory import choices
from portal.directory.change_sets import (
    Change,
    ChangeSet,
    ChangeSetKind,
    may_take_back,
    read_values,
)
from portal.directory.employers import find_employer, list_joining, list_moved, works_for
from portal.directory.kernen import WORKPLACE_KEY, with_workplace
from portal.directory.models import (
    Assignment,
    ContactDetail,
    DetailKind,
    Kern,
    Organisation,
    Person,
    Role,
    School,
    Vacancy,
    is_open,
)
from portal.directory.similar_people import find_similar
from portal.labelled_enum import LabelledEnum
from portal.notices.choices import Choices
from portal.notices.permissions import get_author, may_post_about
from portal.search import find_boxes
from portal.text import fold
from portal.web.admin_pages import Summary
from portal.web.formatting import count
from portal.web.long_choices import Findable

_UNDONE_BY_AUTHOR = (ChangeSetKind.EDIT, ChangeSetKind.REPORT)


class Lack(LabelledEnum):
    """The gaps in the data of a person."""

    NUMBER = "nummer", "geen nummer"
    DAYS = "dagen", "geen werkdagen"
    POST = "plek", "geen plek"
    CHECK = "controle", "nooit gecontroleerd"
    FRESH = "oud", "lang niet gecontroleerd"
    ACCOUNT = "account", "geen account"
    SIGN_IN = "ingelogd", "nooit ingelogd"


class PersonState(NamedTuple):
    """A person in a list, with what their data lack."""

    id: int
    name: str
    organisation: int  # id, of today
    organisation_name: str
    schools: int  # where they work today or later
    lacks: tuple[Lack, ...]


def find_own_organisation(account: Account) -> int | None:
    """The organisation (id) whose people an editor may change today; None for anybody else."""
    author = get_author(account)
    return author.organisation if author.role == AccountRole.EDITOR else None


def find_editable(account: Account, person: int) -> Person | None:
    """The person with this id, where the owner of the account may change them today."""
    found: Person | None = Person.get_or_none(Person.id == person)
    if found is None or account.role in COORDINATOR_ROLES:
        return found
    own, today = find_own_organisation(account), clock.today()
    if own is None:
        return None
    is_own = find_employer(found, today) == own or person in list_joining([own], today)
    return found if is_own else None


def may_move_accounts(account: Account, *people: int) -> bool:
    """Whether the owner of an account may change with which addresses these people (ids) sign in:
    nobody takes over the account of somebody whom they may not administer."""
    is_administrator = account.role is AccountRole.ADMINISTRATOR
    return is_administrator or all(
        row.id == account.id or row.role not in COORDINATOR_ROLES
        for row in Account.select().where(Account.person.in_(people))
    )


def may_merge(account: Account, *people: int) -> bool:
    """Whether the owner of an account may merge these people (ids): for an account that goes along
    a coordinator is needed, who may administer it."""
    is_plain = not Account.select().where(Account.person.in_(people)).exists()
    return is_plain or (account.role in COORDINATOR_ROLES and may_move_accounts(account, *people))


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


def may_fill(account: Account, role: int, school: str) -> bool:
    """Whether the owner of an account may fill the posts of a role (id) at a school (code)."""
    offered = Choices(get_author(account), None)
    is_elsewhere = str(role) in offered.own_roles and school not in offered.own_schools
    return str(role) in dict(offered.roles) and not is_elsewhere


def _find_vacancy(change: Change) -> Vacancy:
    """The vacancy of a change, also one that it removed."""
    found = Vacancy.get_or_none(Vacancy.id == int(change.row))
    return found or Vacancy(**read_values(Vacancy, change.before) or {})


def _may_change(account: Account, person: Person) -> bool:
    """Whether an editor may change a person, or the posts of one for whom they speak."""
    employer = find_employer(person, clock.today())
    speaks = may_post_about(get_author(account), person.id, employer)
    return speaks or find_editable(account, person.id) is not None


def find_mergeable(account: Account, person: Person) -> Findable:
    """The people into whom this one may be merged by the owner of an account, those who are alike
    first."""
    own = None if account.role in COORDINATOR_ROLES else find_own_organisation(account)
    employer = find_employer(person, clock.today())
    alike = {one.person for one in find_similar(person.name, employer, but=person.id)}
    which = Person.id != person.id
    if own is not None:
        which &= works_for([own], clock.today())
    return find_boxes.find_people(
        which,
        lambda one: one.id in alike,
        lambda: find_boxes.find_people(which & Person.id.in_(alike)).every(),
    )


def may_edit(person: int) -> bool:
    """Whether the current user may change the person with this id."""
    user = current_user_or_none()
    return user is not None and find_editable(user.account, person) is not None


def is_editor() -> bool:
    """Whether the current user looks after one organisation."""
    user = current_user_or_none()
    return user is not None and user.role == AccountRole.EDITOR


def summarise() -> Summary:
    """The people whom nobody can call."""
    lacking = count_people(find_people(None, lack=Lack.NUMBER))
    if not lacking:
        return Summary("Wie er werkt, en wat er van hen ontbreekt.")
    return Summary(f"{count(lacking, 'persoon heeft', 'mensen hebben')} geen nummer.", lacking)


def find_people(organisation: int | None, words: str = "", lack: str = "") -> Any:
    """The condition on the people of an organisation (id), or all, who have all these words in
    their name or organisation, and who lack that (a `Lack`, or "") today."""
    today = clock.today()
    found = Person.id.is_null(False) if organisation is None else works_for([organisation], today)
    moved = list_moved(today)
    for word in fold(words).split():
        named = fn.LOWER(Organisation.name).contains(word) | Organisation.sort_key.contains(word)
        employed = Person.organisation.in_(Organisation.select(Organisation.id).where(named))
        joined = [person for person, employer in moved.items() if word in fold(employer.name)]
        found &= (
            Person.sort_key.contains(word) | fn.LOWER(Person.infix).contains(word)
            | (employed & Person.id.not_in(list(moved))) | Person.id.in_(joined)
        )  # fmt: skip
    return found & _list_lacks(today)[Lack(lack)] if lack else found


def count_people(found: Any) -> int:
    """The number of people of a condition."""
    return int(Person.select().where(found).count())


def list_schools_of(found: Any) -> list[tuple[str, str, int]]:
    """The schools where the people of a condition work today or later, by name: slug, name, and how
    many."""
    query = (
        with_workplace(
            Assignment.select(
                fn.COALESCE(School.slug, Kern.code),
                fn.COALESCE(School.name, Kern.name),
                fn.COUNT(Assignment.person.distinct()),
            )
        )
        .where(Assignment.person.in_(Person.select(Person.id).where(found)))
        .where(_is_ahead(clock.today()))
        .group_by(School.code, Kern.code)
        .order_by(WORKPLACE_KEY, School.code)
    )
    return list(fetch_tuples(query))


def _is_ahead(on: date) -> object:
    return current_or_future(Assignment, on) & is_open(on)


def list_people(found: Any, skipped: int = 0, most: int | None = None) -> list[PersonState]:
    """The people of a condition by name, `most` of them after the first `skipped`, as they are
    today. Runs a fixed number of statements."""
    today = clock.today()
    shown = choices.list_people(today, found, most, skipped)
    ids = [one.id for one in shown]
    held = dict(fetch_tuples(_posts_ahead(today, ids, fn.COUNT(Assignment.code().distinct()))))
    lacking: defaultdict[int, list[Lack]] = defaultdict(list)
    for lack, condition in _list_lacks(today, ids).items():
        among = Person.select(Person.id).where(Person.id.in_(ids) & condition)
        for (person,) in fetch_tuples(among):
            lacking[person].append(lack)
    return [PersonState(*one, held.get(one.id, 0), tuple(lacking[one.id])) for one in shown]


def _posts_ahead(on: date, people: list[int] | None, *columns: Any) -> Any:
    """The people with a post on the day `on` or later, all or some (ids), one row each."""
    posts = Assignment.select(Assignment.person, *columns).left_outer_join(School)
    posts = posts.switch(Assignment).join(Role).where(_is_ahead(on)).group_by(Assignment.person)
    return posts if people is None else posts.where(Assignment.person.in_(people))


def _list_lacks(on: date, people: list[int] | None = None) -> dict[Lack, Any]:
    """The condition on a person for each lack, on the day `on`; quicker for some `people` (ids)."""
    details = ContactDetail.select(ContactDetail.person)
    details = details.where(ContactDetail.person.is_null(False) & valid_on(ContactDetail, on))
    if people is not None:
        details = details.where(ContactDetail.person.in_(people))
    phones = details.where(ContactDetail.kind == DetailKind.PHONE)
    posts = _posts_ahead(on, people)
    accounts = Account.select(Account.person).where(Account.person.is_null(False))
    visited = accounts.where(Account.visited_on.is_null(False))
    # The shortest interval of the roles of a person counts.
    intervals = {months for (months,) in fetch_tuples(Role.select(Role.check_months).distinct())}
    is_old = Person.id.not_in(posts) & _is_checked_before(details, first_fresh_day(on, USUAL))
    for months in intervals:
        usual = Person.id.in_(posts.having(fn.MIN(Role.check_months) == months))
        is_old |= usual & _is_checked_before(details, first_fresh_day(on, months))
    return {
        Lack.NUMBER: Person.id.not_in(phones), Lack.DAYS: Person.working_days == "",
        Lack.POST: Person.id.not_in(posts),
        Lack.CHECK: Person.id.in_(details.where(ContactDetail.checked_on.is_null())),
        Lack.FRESH: is_old, Lack.ACCOUNT: Person.id.not_in(accounts),
        Lack.SIGN_IN: Person.id.in_(accounts) & Person.id.not_in(visited),
    }  # fmt: skip


def _is_checked_before(details: Any, on: date) -> Any:
    return Person.id.in_(details.where(ContactDetail.checked_on < on))
