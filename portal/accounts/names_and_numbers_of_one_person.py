"""The traces of a person: the names, numbers and mail addresses that somebody has and had, without
those that are of somebody else too."""

import re
from functools import reduce
from operator import or_

from peewee import SQL

from portal import phones
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES
from portal.database import fetch_tuples
from portal.directory.change_sets import Change, read_values
from portal.directory.merged_people import list_merged
from portal.directory.models import ContactDetail, DetailKind, Person, School
from portal.privacy.traces_in_texts import Name, Traces
from portal.text import fold


def list_accounts(person: int) -> list[Account]:
    """The accounts of the person, and those without a person whose address is this person's alone;
    not those of coordinators, or one coordinator could remove another."""
    emails = ContactDetail.select(ContactDetail.value).where(
        (ContactDetail.person == person) & (ContactDetail.kind == DetailKind.EMAIL)
    )
    others = ContactDetail.select(ContactDetail.value).where(
        ContactDetail.person.is_null() | (ContactDetail.person != person)
    )
    is_own = Account.email.in_(emails) & Account.email.not_in(others)
    unlinked = Account.person.is_null() & is_own & Account.role.not_in(COORDINATOR_ROLES)
    return list(Account.select().where((Account.person == person) | unlinked))


def find_traces(person: int) -> Traces:
    row, accounts = Person.get_by_id(person), list_accounts(person)
    names = {_name(row.given_name, row.infix, row.family_name)}
    names |= {_name_of_account(account) for account in accounts}
    details = {email for account in accounts for email in (account.email, account.moved_to)}
    held = ContactDetail.select(ContactDetail.value)
    details |= {value for (value,) in fetch_tuples(held.where(ContactDetail.person == person))}
    was = Change.person.in_([person, *list_merged(person)])
    for change in Change.select().where(was & Change.table.in_(["person", "contact_detail"])):
        model = Person if change.table == "person" else ContactDetail
        for values in (read_values(model, change.before), read_values(model, change.after)):
            then = row.__data__ | {column: value or "" for column, value in (values or {}).items()}
            names.add(_name(then["given_name"], then["infix"], then["family_name"]))
            details.add(then.get("value", ""))
    others = [account for account in Account.select() if account not in accounts]
    schools = fetch_tuples(School.select(School.name, School.duo_name, School.phone))
    details = set(filter(_unify, details))
    alike = reduce(or_, [ContactDetail.value ** _like(value) for value in details], SQL("0 = 1"))
    of_others = ContactDetail.person.is_null() | (ContactDetail.person != person)
    shared = {value for (value,) in fetch_tuples(held.where(alike & of_others))}
    shared |= {one.address for one in others} | {phone for *_, phone in schools}
    shared = {_unify(value) for value in shared}
    own = {value for value in details if _unify(value) not in shared}
    words = {fold(word) for name in names for word in re.findall(r"[^\W_]+", " ".join(name))}
    known = Person.select(Person.given_name, Person.infix, Person.family_name).where(Person.id != person)
    theirs = Person.sort_key.concat(Person.infix)
    namesakes = reduce(or_, [theirs.contains(word) for word in words], SQL("0 = 1"))
    people = {_name(*parts) for parts in fetch_tuples(known.where(namesakes))}
    return Traces(
        names,
        {value for value in own if "@" not in value},
        {value.lower() for value in own if "@" in value},
        people | ({_name_of_account(account) for account in others} - names),
        [title for *titles, _ in schools for title in titles],
    )


def _like(detail: str) -> str:
    """A pattern of SQL for what `_unify` makes the same, and more."""
    unified = _unify(detail)
    return re.sub(r"[^!-~]|\\", "%", unified) if "@" in detail else f"%{'%'.join(unified)}%"


def _unify(detail: str) -> str:
    """A number or mail address for comparison."""
    return detail.lower() if "@" in detail else phones.significant_digits(detail)


def _name(given: str, infix: str, family: str) -> Name:
    return Name(given, f"{infix} {family}".strip())


def _name_of_account(account: Account) -> Name:
    given, _, family = account.name.partition(" ")
    return Name(given, family)
