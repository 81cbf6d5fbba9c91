"""Forgetting a person: the directory, the account, and every text of the database lose the name,
numbers and addresses. No change of a row is recorded, so that nothing brings the person back.

The register of data says which columns are about people; features register what they do besides.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from flask import Flask, Response, after_this_request, current_app, has_request_context
from peewee import SQL, CharField, DatabaseError, TextField, fn

from portal import clock
from portal.accounts.models import ACCOUNTS_LOCK, Account
from portal.accounts.names_and_numbers_of_one_person import find_traces, list_accounts
from portal.accounts.permissions import may_move_accounts
from portal.audit import AuditEntry
from portal.backups import forgotten_people
from portal.config import current_config
from portal.data_register import Mark, list_columns
from portal.database import BaseModel, current_engine, db, fetch_lines, fetch_tuples, lock
from portal.database.directory_version import lock_directory
from portal.database.fields import EnumField
from portal.directory.change_sets import OF_NOTICES, Change, ChangeSet, ChangeSetKind, RuleViolation
from portal.directory.clearing import clear_values_of
from portal.directory.merged_people import list_merged
from portal.directory.models import CHILDREN_FIRST, Person
from portal.mail import outbox
from portal.privacy.traces_in_texts import Traces
from portal.search.index import update_documents

# Tables with the names of other people, each in cells of its own.
_OF_PEOPLE = ("person", "account", "search_document", "change", "merged_row")


class Rewritten(NamedTuple):
    """A row in which texts were cleared, or that holds a family name which may be the person's."""

    model: Any
    key: Any
    is_cleared: bool
    doubt: str  # the text around that family name, or ""


def rewrite_texts(traces: Traces, notices: Collection[int]) -> Iterator[Rewritten]:
    """Clear the traces from all texts. A row with one trace, or of these notices (ids), is about the person."""
    names = defaultdict(list)
    for column in list_columns():
        if column.mark is Mark.PERSON:
            names[column.table].append(column.name)
    queries: list[Any] = []
    model: Any
    for model in BaseModel.__subclasses__():
        key, fields = model._meta.primary_key, model._meta.fields
        texts = [
            field
            for field in map(fields.get, names[model._meta.table_name])
            if isinstance(field, CharField | TextField) and not isinstance(field, EnumField)
        ]
        if texts:
            notice = key if model._meta.table_name == "notice" else fields.get("notice", SQL("NULL"))
            queries.append(model.select(key, notice, *texts))
    for query, lines in zip(queries, fetch_lines(queries), strict=True):
        has_notice = notices and not isinstance(query._returning[1], SQL)
        suspects = lines if has_notice else traces.list_suspects(lines)
        yield from _rewrite(query.model, query._returning[2:], map(json.loads, suspects), traces, notices)


def _rewrite(
    model: Any, columns: list[Any], found: Iterator[list[Any]], traces: Traces, notices: Collection[int]
) -> Iterator[Rewritten]:
    key, fields = model._meta.primary_key, model._meta.fields
    for number, of, *texts in found:
        there = [text or "" for text in texts]
        cleared = [traces.clear(text) for text in there]
        if of in notices or cleared != there:
            cleared = [traces.clear(text, is_about=True) for text in there]
        is_cleared = cleared != there
        if is_cleared:
            # All of them, as a sort key needs the whole name that it is made of.
            values: dict[Any, Any] = {
                column: f"gewist-{number}" if column.unique and old != new else new
                for column, old, new in zip(columns, texts, cleared, strict=True)
                if old is not None
            }
            if "row_version" in fields:
                values[model.row_version] = model.row_version + 1
            model.update(values).where(key == number).execute()
        looked_at = [] if model._meta.table_name in _OF_PEOPLE else cleared
        doubt = next(filter(None, map(traces.find_family_name, looked_at)), "")
        if is_cleared or doubt:
            yield Rewritten(model, number, is_cleared, doubt)


class Forgotten(NamedTuple):
    """A person who is being forgotten, and their traces."""

    person: int  # id
    traces: Traces


class Effects(NamedTuple):
    """The effects of forgetting a person, by their kind of data, in Dutch."""

    counts: Mapping[str, int]  # of rows that are cleared
    doubts: Mapping[str, list[str]]  # texts with a family name that may be of this person


def register_forgetting(app: Flask, forget: Callable[[Forgotten], None]) -> None:
    """Call `forget` in the transaction that forgets a person, before texts are rewritten. It raises
    RuleViolation where something has to be done first."""
    app.extensions.setdefault("forgetting", []).append(forget)


def forget(person: int, author: int | None, reason: str) -> None:
    """Forget the person (id), for an account (id), also in the list beside the backups. Raises
    RuleViolation where something has to be done first."""
    forget_without_scrubbing(person, author, reason)
    if has_request_context():  # the form that asked for it is one transaction
        after_this_request(_scrub_after)
    else:
        scrub()


def refuse_forgetting(account: Account, person: int) -> str:
    """A Dutch sentence where the owner of an account may not have a person (id) forgotten: themselves, or somebody
    whose account they may not administer."""
    if account.person_id == person:
        return "Dit ben je zelf. Vraag een andere coördinator."
    return "" if may_move_accounts(account, person) else "Deze persoon beheert de portal. Vraag een beheerder."


def foresee(person: int) -> Effects:
    """The effects of forgetting this person (id); rolls back. Raises RuleViolation as `forget` does."""
    with db.atomic() as transaction:
        effects = _forget_in_transaction(person, None, "")
        transaction.rollback()
    return effects


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
        forgotten_people.keep(current_config(), dict(found))


def forget_again() -> Iterator[str]:
    """Forget who was forgotten after this database was backed up, by the list beside the backups,
    and give no id of the list again; gives a Dutch sentence for each for whom that fails."""
    forgotten_people.give_no_id_again(current_config())
    moments = [model.select(fn.MAX(model.at)).scalar() for model in (ChangeSet, AuditEntry)]
    last = max(filter(None, moments), default=None)
    for person, at in forgotten_people.read(current_config()).people.items():
        if not Person.get_or_none(Person.id == person):
            continue
        if not forgotten_people.is_put_back(at, last):
            yield f"Persoon {person} is blijven staan. Wis die zelf, als het dezelfde is."
            continue
        try:
            with db.atomic():
                _forget_in_transaction(person, None, "Na het terugzetten van een back-up.")
        except RuleViolation as reason:
            yield f"Persoon {person} was vergeten en staat er weer. {reason}"
    scrub()


def forget_without_scrubbing(person: int, author: int | None, reason: str) -> None:
    """Forget the person (id), for an account (id), also in the list beside the backups; `scrub` is the caller's.
    Raises RuleViolation where something has to be done first."""
    with db.atomic():
        _forget_in_transaction(person, author, reason)
        # Before the commit: where that fails, a restore forgets whom somebody wanted to forget.
        forgotten_people.keep(current_config(), {person: clock.now()})


def _forget_in_transaction(person: int, author: int | None, reason: str) -> Effects:
    """Forget in the caller's transaction."""
    lock_directory()
    lock(ACCOUNTS_LOCK)
    if not Person.get_or_none(Person.id == person):
        raise RuleViolation("Deze persoon is al vergeten.")
    one = Forgotten(person, find_traces(person))
    for step in current_app.extensions.get("forgetting", []):
        step(one)
    columns = [column for column in list_columns() if column.mark is Mark.PERSON]
    kinds = {column.table: column.kept.what for column in reversed(columns)}
    counts: Counter[str] = Counter()
    models: list[Any] = BaseModel.__subclasses__()
    owners = [field for model in models for field, target in model._meta.refs.items() if target is Person]
    owned = [owner.model.select(owner).where(owner == person) for owner in owners if owner.on_delete == "CASCADE"]
    for query, lines in zip(owned, fetch_lines(owned), strict=True):
        counts[kinds[query.model._meta.table_name]] += len(lines)
    outbox.forget(one.traces.addresses)
    accounts = Account.id.in_([account.id for account in list_accounts(person)])
    counts[kinds["account"]] += Account.delete().where(accounts).execute()
    for number in (person, *list_merged(person)):
        clear_values_of(number)
    notices = ChangeSet.select(ChangeSet.ref).join(Change, on=Change.change_set == ChangeSet.id)
    notices = notices.where((Change.person == person) & ChangeSet.kind.in_(OF_NOTICES))
    about = {number for (number,) in fetch_tuples(notices)}
    counts[kinds["person"]] += Person.delete().where(Person.id == person).execute()
    changed: list[tuple[Any, Any]] = [(Person, person)]
    doubts: defaultdict[str, list[str]] = defaultdict(list)
    for row in rewrite_texts(one.traces, about):
        what = kinds[row.model._meta.table_name]
        counts[what] += row.is_cleared
        if row.is_cleared and row.model in CHILDREN_FIRST:
            changed.append((row.model, row.key))
        if row.doubt and row.doubt not in doubts[what]:
            doubts[what].append(row.doubt)
    update_documents(changed)
    reason = one.traces.clear(reason, is_about=True)
    ChangeSet.begin(ChangeSetKind.ERASURE, author, ref=person, reason=reason)
    return Effects(counts, doubts)
