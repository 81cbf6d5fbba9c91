"""Forgetting a person: the directory, the account, and every text of the database lose the name,
numbers and addresses. No change of a row is recorded, so that nothing brings the person back.

The register of data says which columns are about people; features register what they do besides.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from flask import Flask, Response, after_this_request, current_app, has_request_context
from peewee import CharField, DatabaseError, TextField, Value, fn

from portal import clock, phones
from portal.accounts.models import ACCOUNTS_LOCK, Account
from portal.accounts.roles import COORDINATOR_ROLES
from portal.audit.models import AuditEntry
from portal.backups import forgotten
from portal.config import current_config
from portal.data_register import Mark, list_columns
from portal.database import BaseModel, current_engine, db, fetch_tuples, lock
from portal.database.fields import EnumField
from portal.database.validity import current_or_future
from portal.database.version import lock_directory
from portal.directory.change_sets import (
    OF_NOTICES,
    Change,
    ChangeSet,
    ChangeSetKind,
    RuleViolation,
    read_values,
)
from portal.directory.merging import list_merged
from portal.directory.models import (
    CHILDREN_FIRST,
    Assignment,
    ContactDetail,
    DetailKind,
    Employment,
    Person,
    School,
)
from portal.directory.retention import clear_values_of
from portal.mail import outbox
from portal.privacy.traces import Name, Traces
from portal.search.documents import update_documents
from portal.text import fold


class Forgotten(NamedTuple):
    """A person who is being forgotten, and their traces."""

    person: int  # id
    anywhere: Traces  # without a name that somebody else has too
    about: Traces  # in what is about this person


def register_forgetting(app: Flask, forget: Callable[[Forgotten], None]) -> None:
    """Call `forget` in the transaction that forgets a person, before texts are rewritten. It raises
    RuleViolation where something has to be done first."""
    app.extensions.setdefault("forgetting", []).append(forget)


def forget(person: int, author: int | None, reason: str) -> None:
    """Forget the person (id), for an account (id), also in the list beside the backups. Raises
    RuleViolation where something has to be done first."""
    _forget_for_good(person, author, reason)
    if has_request_context():  # the form that asked for it is one transaction
        after_this_request(_scrub_after)
    else:
        scrub()


def foresee(person: int) -> Mapping[str, int]:
    """The numbers of rows that forgetting this person (id) would clear, by their kind of data, in
    Dutch; rolls back. Raises RuleViolation as `forget` does."""
    with db.atomic() as transaction:
        counts = _forget(person, None, "")
        transaction.rollback()
    return counts


def scrub() -> None:
    """Leave nothing of what was cleared in the files of the database. Where it is in use, the next
    clearing does that."""
    try:
        current_engine().erase()
    except DatabaseError as error:
        if not current_engine().is_unavailable(error):
            raise


def _scrub_after(response: Response) -> Response:
    scrub()
    return response


def keep_list() -> None:
    """Write the list of forgotten people, and of the last ids, beside the backups of this machine:
    another one may have forgotten or added them."""
    with db.atomic():
        lock_directory()
        erasures = ChangeSet.select(ChangeSet.ref, ChangeSet.at).order_by(ChangeSet.at)
        found = fetch_tuples(erasures.where(ChangeSet.kind == ChangeSetKind.ERASURE))
        forgotten.keep(current_config(), dict(found))


def forget_again() -> Iterator[str]:
    """Forget who was forgotten after this database was backed up, by the list beside the backups,
    and give no id of the list again; gives a Dutch sentence for each for whom that fails."""
    forgotten.give_no_id_again(current_config())
    moments = [model.select(fn.MAX(model.at)).scalar() for model in (ChangeSet, AuditEntry)]
    last = max(filter(None, moments), default=None)
    for person, at in forgotten.read(current_config()).people.items():
        if not Person.get_or_none(Person.id == person):
            continue
        if not last or last >= at:  # the list may be of another database, or of an id given again
            yield f"Persoon {person} is blijven staan. Wis die zelf, als het dezelfde is."
            continue
        try:
            with db.atomic():
                _forget(person, None, "Na het terugzetten van een back-up.")
        except RuleViolation as reason:
            yield f"Persoon {person} was vergeten en staat er weer. {reason}"
    scrub()


def forget_departed(before: datetime) -> int:
    """Forget the people who were added, and have had no post since, before an aware moment, and
    have no account and no other work; gives their number."""
    day, today = clock.day_of(before), clock.today()
    later = Assignment.valid_until.is_null() | (Assignment.valid_until > day)
    posted = Assignment.select(Assignment.person).where(later)
    # The trail is kept for longer than that: who is not in it was added before.
    added = Change.select(Change.person).join(ChangeSet)
    added = added.where(
        (Change.table == "person") & Change.before.is_null() & (ChangeSet.at >= before)
    )
    has_access = Account.active_until.is_null() | (Account.active_until > today)
    active = Account.select(Account.person).where(has_access & Account.person.is_null(False))
    employed = Employment.select(Employment.person).where(current_or_future(Employment, today))
    kept = (posted, added, active, employed)
    departed = Person.select(Person.id).where(*(Person.id.not_in(people) for people in kept))
    count = 0
    for (person,) in fetch_tuples(departed):
        with suppress(RuleViolation):  # the next clearing tries it again
            _forget_for_good(person, None, "Werkt hier niet meer.")
            count += 1
    if count:
        scrub()
    return count


def _forget_for_good(person: int, author: int | None, reason: str) -> None:
    with db.atomic():
        _forget(person, author, reason)
        # Before the commit: where that fails, a restore forgets whom somebody wanted to forget.
        forgotten.keep(current_config(), {person: clock.now()})


def _forget(person: int, author: int | None, reason: str) -> Mapping[str, int]:
    """Forget in the caller's transaction; gives the numbers of rows by their kind of data."""
    lock_directory()
    lock(ACCOUNTS_LOCK)
    if not Person.get_or_none(Person.id == person):
        raise RuleViolation("Deze persoon is al vergeten.")
    one = _find_traces(person)
    for step in current_app.extensions.get("forgetting", []):
        step(one)
    columns = [column for column in list_columns() if column.mark is Mark.PERSON]
    kinds = {column.table: column.kept.what for column in reversed(columns)}
    counts: Counter[str] = Counter()
    models: list[Any] = list(BaseModel.__subclasses__())
    for model in models:
        for field, target in model._meta.refs.items():
            if target is Person and field.on_delete == "CASCADE":
                counts[kinds[model._meta.table_name]] += (
                    model.select().where(field == person).count()
                )
    outbox.forget(one.anywhere.addresses)
    accounts = Account.id.in_([account.id for account in _list_accounts(person)])
    counts[kinds["account"]] += Account.delete().where(accounts).execute()
    for number in (person, *list_merged(person)):
        clear_values_of(number)
    notices = ChangeSet.select(ChangeSet.ref).join(Change, on=Change.change_set == ChangeSet.id)
    notices = notices.where((Change.person == person) & ChangeSet.kind.in_(OF_NOTICES))
    about = {number for (number,) in fetch_tuples(notices)}
    counts[kinds["person"]] += Person.delete().where(Person.id == person).execute()
    changed: list[tuple[Any, Any]] = [(Person, person)]
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for column in columns:
        texts[column.table].append(column.name)
    for model in models:
        keys = _rewrite(model, texts[model._meta.table_name], one, about)
        if keys:
            counts[kinds[model._meta.table_name]] += len(keys)
        changed += [(model, key) for key in keys if model in CHILDREN_FIRST]
    update_documents(changed)
    reason = one.about.clear(reason, is_about=True)
    ChangeSet.begin(ChangeSetKind.ERASURE, author, ref=person, reason=reason)
    return counts


def _rewrite(model: Any, names: Iterable[str], one: Forgotten, notices: set[int]) -> list[Any]:
    """Clear the traces from the texts of a table; gives the keys of the rows that changed. A row
    with one trace, or of these notices (ids), is about the person."""
    columns = [model._meta.fields[name] for name in names]
    columns = [
        column for column in columns
        if isinstance(column, CharField | TextField) and not isinstance(column, EnumField)
    ]  # fmt: skip
    if not columns:
        return []
    key, fields = model._meta.primary_key, model._meta.fields
    notice = key if model._meta.table_name == "notice" else fields.get("notice", Value(None))
    found = []
    for number, of, *texts in fetch_tuples(model.select(key, notice, *columns)):
        there = [text or "" for text in texts]
        if of not in notices and [one.anywhere.clear(text) for text in there] == there:
            continue
        cleared = [one.about.clear(text, is_about=True) for text in there]
        changed = {
            column: new
            for column, old, new in zip(columns, there, cleared, strict=True)
            if old != new
        }
        if changed:
            more = {model.row_version: model.row_version + 1} if "row_version" in fields else {}
            model.update(changed | more).where(key == number).execute()
            found.append(number)
    return found


def _list_accounts(person: int) -> list[Account]:
    """The accounts of the person, also one of nobody with an address of this person alone; not of
    a coordinator, whom another could remove so."""
    emails = ContactDetail.select(ContactDetail.value).where(
        (ContactDetail.person == person) & (ContactDetail.kind == DetailKind.EMAIL)
    )
    others = ContactDetail.select(ContactDetail.value).where(
        ContactDetail.person.is_null() | (ContactDetail.person != person)
    )
    is_own = Account.email.in_(emails) & Account.email.not_in(others)
    unlinked = Account.person.is_null() & is_own & Account.role.not_in(COORDINATOR_ROLES)
    return list(Account.select().where((Account.person == person) | unlinked))


def _find_traces(person: int) -> Forgotten:
    """The names, numbers and addresses that a person has and had."""
    names, details = set(), set()
    row = Person.get_by_id(person)
    names.add(Name(row.given_name, row.infix, row.family_name))
    own = ContactDetail.select(ContactDetail.kind, ContactDetail.value)
    details |= set(fetch_tuples(own.where(ContactDetail.person == person)))
    accounts = _list_accounts(person)
    for account in accounts:
        given, _, family = account.name.partition(" ")
        names.add(Name(given, "", family))
        details |= {(DetailKind.EMAIL, email) for email in (account.email, account.moved_to)}
    was = Change.person.in_([person, *list_merged(person)])
    for change in Change.select().where(was & Change.table.in_(["person", "contact_detail"])):
        model = Person if change.table == "person" else ContactDetail
        for values in (read_values(model, change.before), read_values(model, change.after)):
            values = {column: value or "" for column, value in (values or {}).items()}
            if model is ContactDetail and "value" in values:
                kind = DetailKind.EMAIL if "@" in values["value"] else DetailKind.PHONE
                details.add((kind, values["value"]))
            elif "family_name" in values or "given_name" in values:
                now = {"given_name": row.given_name, "infix": row.infix,
                       "family_name": row.family_name} | values  # fmt: skip
                names.add(Name(now["given_name"], now["infix"], now["family_name"]))
    others = ContactDetail.person.is_null() | (ContactDetail.person != person)
    shared = {value.lower() for (value,) in fetch_tuples(
        ContactDetail.select(ContactDetail.value).where(others)
    )}  # fmt: skip
    shared |= {phone for (phone,) in fetch_tuples(School.select(School.phone))}
    shared |= {account.address for account in Account.select() if account not in accounts}
    digits = {phones.significant_digits(value) for value in shared}
    namesakes = {fold(other.name) for other in Person.select().where(Person.id != person)}
    numbers = {
        value for kind, value in details
        if kind == DetailKind.PHONE and phones.significant_digits(value) not in digits
    }  # fmt: skip
    addresses = {
        value.lower() for kind, value in details
        if kind == DetailKind.EMAIL and value and value.lower() not in shared
    }  # fmt: skip
    known = {name for name in names if any(name)}
    unique = {name for name in known if fold(" ".join(name)) not in namesakes}
    return Forgotten(person, Traces(unique, numbers, addresses), Traces(known, numbers, addresses))
