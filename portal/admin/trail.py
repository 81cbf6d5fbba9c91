"""The trail: change sets and the events that changed no directory, the newest first."""

import operator
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import reduce
from typing import Any, NamedTuple

from peewee import JOIN, SQL, Value, fn

from portal import clock
from portal.accounts.models import Account
from portal.accounts.sign_in_addresses import give_back
from portal.audit import AuditEntry
from portal.audit.event_texts import describe_event
from portal.database import db, fetch_tuples
from portal.database.compiled import read_models
from portal.database.validity import day_after
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind, ChangeSetState
from portal.directory.change_texts import ChangeText, describe
from portal.directory.models import Assignment, Employment, Kern, Organisation, Person, School
from portal.directory.undoing import may_take_back, take_back
from portal.search.index import update_documents
from portal.text import fold

EVENT, DOWNLOAD = "gebeurtenis", "download"
_SET, _EVENT = "change set", "event"
MOST_EXPORTED = 10_000  # entries
_SHOWN = 50  # changes of an entry on a page
_AT_ONCE = 200  # entries; a statement takes 65,535 values on PostgreSQL, 32,766 on SQLite
KINDS = [*ChangeSetKind.choices(), (DOWNLOAD, "download"), (EVENT, "andere gebeurtenis")]


class Filters(NamedTuple):
    """The filter of the trail; what is empty shows everything."""

    kind: str = ""
    account: int | None = None
    since: date | None = None  # Amsterdam
    until: date | None = None  # the last day
    person: int | None = None
    school: str = ""
    organisation: int | None = None

    @property
    def is_about(self) -> bool:
        """Whether it asks for one person, school or organisation."""
        return bool(self.person or self.school or self.organisation)


class TrailEntry(NamedTuple):
    """A change set or an event."""

    id: int
    at: datetime
    kind: str
    title: str
    who: str
    notice: int | None
    reason: str = ""
    changes: Sequence[ChangeText] = ()
    more: int = 0  # changes besides
    state: str = ""  # "": it holds, or it is an event
    may_undo: bool = False
    dependents: Sequence[str] = ()  # the titles of later change sets that touched the same rows


class Undoing(NamedTuple):
    """The numbers of what undoing a change set does."""

    entry: TrailEntry
    changes: int
    people: int  # who disappear
    posts: int  # that disappear
    restored: int  # posts that become what they were
    accounts: int  # that belong to nobody afterwards


def list_trail(filters: Filters, most: int, skipped: int = 0, *, is_short: bool = True) -> list[TrailEntry]:
    """At most `most` entries after the first `skipped`, with all their changes or, `is_short`, the
    first ones. Runs a fixed number of statements per batch of entries."""
    page = _list_newest(filters, skipped + most)[skipped:]
    entries = []
    for first in range(0, len(page), _AT_ONCE):
        batch = page[first : first + _AT_ONCE]
        ids: defaultdict[str, list[int]] = defaultdict(list)
        for _, table, number in batch:
            ids[table].append(number)
        loaded = {
            _SET: _load_change_sets(ids[_SET], is_short=is_short) if ids[_SET] else {},
            _EVENT: _load_events(ids[_EVENT]) if ids[_EVENT] else {},
        }
        entries += [loaded[table][number] for _, table, number in batch]
    return entries


def list_change_sets(ids: list[int]) -> list[TrailEntry]:
    """These change sets, the newest first."""
    return sorted(_load_change_sets(ids, is_short=True).values(), reverse=True)


def foresee_undo(number: int) -> Undoing | None:
    """The numbers of what undoing a change set (id) does, where that is still possible."""
    entry = next(iter(list_change_sets([number])), None)
    if entry is None or not entry.may_undo:
        return None
    changes = list(Change.select().where((Change.change_set == number) & ~Change.undone))
    made = [change for change in changes if change.before is None]
    posts = {c.row for c in changes if c.table == Assignment._meta.table_name}
    new_posts = {c.row for c in made if c.table == Assignment._meta.table_name}
    people = {int(c.row) for c in made if c.table == Person._meta.table_name}
    accounts = Account.select().where(Account.person.is_null(False))
    lost = sum(account.person_id in people for account in accounts)
    return Undoing(entry, len(changes), len(people), len(new_posts), len(posts - new_posts), lost)


def undo(number: int, actor: int) -> None:
    """Undo a change set (id) for an account (id). Raises RuleViolation, of which BuiltUpon."""
    with db.atomic():
        update_documents(take_back(number, actor).list_rows())
        give_back(number)


def list_accounts(asked: int | None) -> list[tuple[str, str]]:
    """The accounts that did something, and the one (id) that is asked for: id as text, and name."""
    # EXISTS finds each account by an index; IN would read all entries.
    did_change = fn.EXISTS(ChangeSet.select().where(ChangeSet.author == Account.id))
    did_act = fn.EXISTS(AuditEntry.select().where(AuditEntry.actor == Account.id))
    query = Account.select(Account.id, Account.name).where(did_change | did_act | (Account.id == asked))
    rows = sorted(fetch_tuples(query), key=lambda row: fold(row[1]))
    return [(str(number), name) for number, name in rows]


def find_name(filters: Filters) -> str:
    """The name of the person, school or organisation that a filter asks for."""
    for model, key in (
        (Person, filters.person), (School, filters.school), (Organisation, filters.organisation),
        (Kern, filters.school),
    ):  # fmt: skip
        if key and (row := model.get_or_none(model._meta.primary_key == key)):
            return str(row.name)
    return "iets dat er niet meer is" if filters.is_about else ""


def _list_newest(filters: Filters, most: int) -> list[tuple[Any, str, int]]:
    """The moment as it is stored, the table and the id of the newest entries of both tables."""
    # Without a last day until tomorrow: a bound lets SQLite read by the index, from the end.
    end = _start_of(day_after(filters.until or clock.today()))
    change_sets = ChangeSet.select(ChangeSet.at, Value(_SET), ChangeSet.id).where(ChangeSet.at < end)
    # The change set of a notice says that it was published.
    is_change_set = (AuditEntry.subject == "notice") & (AuditEntry.action == "published")
    events = AuditEntry.select(AuditEntry.at, Value(_EVENT), AuditEntry.id).where(
        (AuditEntry.at < end) & ~is_change_set
    )
    if filters.since:
        change_sets = change_sets.where(ChangeSet.at >= _start_of(filters.since))
        events = events.where(AuditEntry.at >= _start_of(filters.since))
    if filters.account:
        change_sets = change_sets.where(ChangeSet.author == filters.account)
        events = events.where(AuditEntry.actor == filters.account)
    if filters.is_about:
        about = Change.select(Change.change_set).where(_is_about(filters))
        change_sets = change_sets.where(ChangeSet.id.in_(about))
    is_event = filters.kind in (EVENT, DOWNLOAD)
    if filters.kind == DOWNLOAD:
        events = events.where(AuditEntry.action == "exported")
    if filters.kind and not is_event:
        change_sets = change_sets.where(ChangeSet.kind == filters.kind)
    queries: list[Any] = []
    if not is_event:
        queries.append(change_sets.order_by(ChangeSet.at.desc(), ChangeSet.id.desc()))
    if (is_event or not filters.kind) and not filters.is_about:
        queries.append(events.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()))
    if not queries:
        return []
    limited = [query.limit(most).select_from(SQL("*")) for query in queries]
    newest: list[tuple[Any, str, int]] = fetch_tuples(reduce(operator.add, limited))
    return sorted(newest, reverse=True)[:most]


def _is_about(filters: Filters) -> Any:
    if filters.person:
        return Change.person == filters.person
    if filters.school:
        return Change.school == filters.school
    moved = Employment.select(Employment.person).where(Employment.organisation == filters.organisation)
    works_there = (Person.organisation == filters.organisation) | Person.id.in_(moved)
    people = Person.select(Person.id).where(works_there)
    return (Change.organisation == filters.organisation) | Change.person.in_(people)


def _load_change_sets(ids: list[int], *, is_short: bool) -> dict[int, TrailEntry]:
    own = Change.alias()
    of_same = own.change_set == Change.change_set
    number = Change.select(fn.COUNT(Change.id)).where(Change.change_set == ChangeSet.id)
    query: Any = ChangeSet.select(ChangeSet, Account.name, number.alias("number")).join(
        Account, JOIN.LEFT_OUTER, on=ChangeSet.author == Account.id, attr="account"
    )
    wanted = Change.select().where(Change.change_set.in_(ids)).order_by(Change.id)
    if is_short:  # the ids of a change set follow each other: the directory was locked
        wanted = wanted.where(Change.id - own.select(fn.MIN(own.id)).where(of_same) < _SHOWN)
    changes = read_models(wanted)
    read, texts = Counter(change.change_set_id for change in changes), describe(changes)
    dependents = _list_dependents(ids)
    return {
        row.id: TrailEntry(
            id=row.id,
            at=row.at,
            kind=row.kind,
            title=_get_title(row.kind, row.ref, row.id),
            who=_get_name(row),
            reason=row.reason,
            changes=[texts[c.id] for c in changes if c.change_set_id == row.id and c.id in texts],
            more=row.number - read[row.id],
            state="" if row.state is ChangeSetState.APPLIED else row.state.label,
            notice=row.ref if row.kind.is_of_notice else None,
            may_undo=may_take_back(row.kind, row.state, row.at),
            dependents=dependents[row.id],
        )
        for row in query.where(ChangeSet.id.in_(ids))
    }


def _list_dependents(ids: list[int]) -> dict[int, list[str]]:
    """Per change set the titles of the ones that were applied later and touched the same rows.
    Undoing looks further: at what refers to a row."""
    later = Change.alias()
    query = (
        Change.select(Change.change_set, ChangeSet.kind, ChangeSet.ref, ChangeSet.id)
        .distinct()
        .join(later, on=(later.table == Change.table) & (later.row == Change.row))
        .join(ChangeSet, on=later.change_set == ChangeSet.id)
        .where(Change.change_set.in_(ids) & ~Change.undone & ~later.undone)
        # As in list_dependents: what was applied earlier does not depend on what came after.
        .where(_first_change(later.change_set) > _first_change(Change.change_set))
    )
    dependents: dict[int, list[str]] = defaultdict(list)
    for number, kind, ref, dependent in sorted(fetch_tuples(query), key=lambda row: row[-1]):
        dependents[number].append(_get_title(kind, ref, dependent))
    return dependents


def _first_change(change_set: Any) -> Any:
    """The subquery for the id of the first change of a change set that was not undone."""
    own = Change.alias()
    return own.select(fn.MIN(own.id)).where((own.change_set == change_set) & ~own.undone)


def _get_title(kind: ChangeSetKind, ref: int | None, number: int) -> str:
    return f"{kind.label.capitalize()} {ref or number}"


def _load_events(ids: list[int]) -> dict[int, TrailEntry]:
    query = AuditEntry.select(AuditEntry, Account.name).join(
        Account, JOIN.LEFT_OUTER, on=AuditEntry.actor == Account.id, attr="account"
    )
    return {
        row.id: TrailEntry(
            id=row.id,
            at=row.at,
            kind=EVENT,
            title=describe_event(row.action, row.subject, row.subject_id),
            who=_get_name(row),
            notice=int(row.subject_id) if row.subject == "notice" else None,
        )
        for row in query.where(AuditEntry.id.in_(ids))
    }


def _get_name(row: Any) -> str:
    """The name of the account that did something; a number outlives its account."""
    number = row.author if isinstance(row, ChangeSet) else row.actor
    if number is None:
        return "de portal"
    return row.account.name if getattr(row, "account", None) else f"account {number}"


def _start_of(day: date) -> datetime:
    """The first moment of a day in Amsterdam."""
    return datetime.combine(day, time(), clock.AMSTERDAM)
