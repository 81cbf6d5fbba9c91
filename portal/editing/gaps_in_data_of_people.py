"""The people of a list, and the gaps in their data: no number, no post, not checked for long."""

from collections import defaultdict
from datetime import date
from typing import Any

from peewee import Case, fn

from portal import clock
from portal.accounts.models import Account
from portal.database import fetch_tuples
from portal.database.validity import current_or_future, valid_on
from portal.directory.models import (
    Assignment,
    ContactDetail,
    DetailKind,
    Kern,
    Organisation,
    Person,
    Role,
    School,
    is_open,
)
from portal.directory.schools_and_kernen import WORKPLACE_KEY, list_roles, with_workplace
from portal.directory.who_works_or_is_absent import list_moved, works_for
from portal.freshness import USUAL, first_fresh_day
from portal.labelled_enum import LabelledEnum
from portal.search import choices
from portal.search.choices import PersonChoice
from portal.text import fold


class Lack(LabelledEnum):
    """The gaps in the data of a person."""

    NUMBER = "nummer", "geen nummer"
    DAYS = "dagen", "geen werkdagen"
    POST = "plek", "geen plek"
    CHECK = "controle", "nooit gecontroleerd"
    FRESH = "oud", "lang niet gecontroleerd"
    ACCOUNT = "account", "geen account"
    SIGN_IN = "ingelogd", "nooit ingelogd"


def choose_people(organisation: int | None, words: str = "", lack: str = "") -> Any:
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
    """The schools where the people of a condition work today or later, by name: slug, name, and how many."""
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


def list_people(found: Any, skipped: int = 0, most: int | None = None) -> list[tuple[PersonChoice, int, list[Lack]]]:
    """The people of a condition by name, `most` of them after the first `skipped`, as they are today: each with the
    number of their schools, today or later, and what their data lack. Runs a fixed number of statements."""
    today = clock.today()
    shown = choices.list_people(today, found, most, skipped)
    ids = [one.id for one in shown]
    held = dict(fetch_tuples(_posts_ahead(today, ids, fn.COUNT(Assignment.code().distinct()))))
    lacking: defaultdict[int, list[Lack]] = defaultdict(list)
    lacks = _list_lacks(today, ids)
    # All in one statement: a column per lack.
    columns = [Case(None, [(condition, 1)], 0) for condition in lacks.values()]
    for person, *has in fetch_tuples(Person.select(Person.id, *columns).where(Person.id.in_(ids))):
        lacking[person] = [lack for lack, one in zip(lacks, has, strict=True) if one]
    return [(one, held.get(one.id, 0), lacking[one.id]) for one in shown]


def _posts_ahead(on: date, people: list[int] | None, *columns: Any) -> Any:
    """The people with a post on the day `on` or later, all or some (ids), one row each."""
    posts = Assignment.select(Assignment.person, *columns).left_outer_join(School)
    posts = posts.join_from(Assignment, Role).where(_is_ahead(on)).group_by(Assignment.person)
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
    intervals = {role.check_months for role in list_roles()}
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
