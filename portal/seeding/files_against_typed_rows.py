"""Writes the rows of a file to the directory, and leaves alone what a person changed.

A row or field of which the last change came from a person, and that the file has otherwise, is a
conflict: it stays as it is, until a coordinator chooses the file.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from peewee import ForeignKeyField

from portal.database import Outdated, db, fetch_tuples
from portal.database.compiled import read_models
from portal.database.directory_version import lock_directory
from portal.directory.assignments import end_posts
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind, preview, read_values, write_values
from portal.directory.change_texts import CHECKED, ChangeText, describe
from portal.directory.models import CheckedBy
from portal.search.index import update_documents
from portal.web.formatting import count

_OF_FILES = (ChangeSetKind.REGION_UPDATE, ChangeSetKind.DUO_UPDATE)
Load = Callable[["FileUpdate"], Any]
_SHOWN = 200  # lines of a group on a page, and words of posts that end
_PROVENANCE = {"source", "checked_on", "checked_by"}


class FileUpdate:
    """The writer of the rows that a file adds, changes and removes: in a change set, or directly
    into an empty directory. `accepted` are the keys of conflicts in which the file is chosen."""

    def __init__(self, change_set: ChangeSet | None = None, accepted: Collection[str] = ()) -> None:
        self.change_set = change_set
        self.accepted = accepted
        self.conflicts: dict[str, Change] = {}  # by their key; what the file would change
        self.many_closing = 0  # schools, where they are more than is likely
        self.ending = 0  # posts
        self._typed: dict[Any, _Typed] = {}
        self._postponed: dict[Any, list[tuple[Any, dict[str, Any]]]] = defaultdict(list)

    def was_typed(self, row: Any) -> bool:
        """Whether the last change of some field of a row, besides a check, came from a person."""
        return bool(self._find_typed(type(row)).fields.get(str(row._pk), set()) - _PROVENANCE)

    def add(self, model: Any, values: dict[str, Any], key: tuple[str, ...]) -> bool:
        """Add a row, unless a person removed one with these fields `key`; tells whether."""
        if self.change_set is None:
            model.create(**values)
            return True
        named = [values[name] for name in key]
        for row, removed in self._find_typed(model).removed.items():
            is_same = [removed.get(name) for name in key] == named
            if is_same and self._is_refused(model, row, None, values):
                return False
        self.change_set.add(model, **values)
        return True

    def change(self, row: Any, values: dict[str, Any]) -> bool:
        """Change those of these fields that differ and no person changed; tells whether any."""
        if "source" in values:
            values = {**values, "checked_by": CheckedBy.SOURCE}
        differing = {name: v for name, v in values.items() if row.__data__[name] != v}
        typed = self._find_typed(type(row)).fields.get(str(row._pk), set())
        if stays := {name: differing[name] for name in differing if name in typed - _PROVENANCE}:
            before = {name: row.__data__[name] for name in stays}
            if self._is_refused(type(row), str(row._pk), before, stays):
                # Its source is that person.
                left_alone = _PROVENANCE | set(stays)
                differing = {n: v for n, v in differing.items() if n not in left_alone}
        elif typed and set(differing) <= _PROVENANCE:
            return False
        return self.follow(row, differing)

    def follow(self, row: Any, values: dict[str, Any]) -> bool:
        """Change these fields, which follow from another row; tells whether any differs."""
        differing = {name: v for name, v in values.items() if row.__data__[name] != v}
        if differing and self.change_set:
            if _is_constrained(type(row), differing):
                self.change_set.change(row, **differing)
            else:
                before = {name: row.__data__[name] for name in differing}
                row.__data__.update(differing)
                self._postponed[type(row)].append((row, before))
        elif differing:
            for name, value in differing.items():
                setattr(row, name, value)
            row.save(only=differing)
        return bool(differing)

    def write(self) -> None:
        """Write the changes that were postponed, to write them at once; after the rows of a table."""
        for model, changes in self._postponed.items():
            if self.change_set:
                self.change_set.change_many(model, changes)
        self._postponed.clear()

    def remove(self, row: Any) -> bool:
        """Remove a row that no person made or changed; tells whether. Raises IntegrityError where
        another row needs it."""
        if self.change_set is None:
            row.delete_instance()
            return True
        if self.was_typed(row) and self._is_refused(type(row), str(row._pk), row.__data__, None):
            return False
        self.change_set.remove(row)
        return True

    def end_posts(self, schools: Sequence[str], on: date) -> None:
        """End the posts of these schools (codes) on the day `on`."""
        if self.change_set:
            self.ending += end_posts(self.change_set, schools, on)

    def _find_typed(self, model: Any) -> "_Typed":
        if model not in self._typed:
            self._typed[model] = _find_typed(model) if self.change_set else _Typed({}, {})
        return self._typed[model]

    def _is_refused(self, model: Any, row: str, before: Any, after: Any) -> bool:
        """Record a conflict; tell whether the directory keeps what it has."""
        table = model._meta.table_name
        self.conflicts[f"{table}:{row}"] = Change(
            id=-len(self.conflicts) - 1, table=table, row=row, before=write_values(before),
            after=write_values(after), row_version=0,
        )  # fmt: skip
        return f"{table}:{row}" not in self.accepted


def _is_constrained(model: Any, names: Collection[str]) -> bool:
    """Whether the database may refuse another value of one of these fields, or a sort key follows
    from it: then the row is written on its own."""
    fields = [model._meta.fields[name] for name in names]
    sorted_by = getattr(model, "sorted_by", ())
    return any(f.unique or isinstance(f, ForeignKeyField) or f.name in sorted_by for f in fields)


class _Typed(NamedTuple):
    """The fields of each row (key) of which the last change came from a person, and what the rows
    held that a person removed."""

    fields: dict[str, set[str]]
    removed: dict[str, dict[str, Any]]


def _find_typed(model: Any) -> _Typed:
    changes = (
        Change.select(Change, ChangeSet.kind)
        .join(ChangeSet)
        .where((Change.table == model._meta.table_name) & ~Change.undone)
        .order_by(Change.id)
    )
    fields: dict[str, set[str]] = {}
    removed: dict[str, dict[str, Any]] = {}
    for change in changes:
        by_person = change.change_set.kind not in _OF_FILES
        if change.after is None:
            fields.pop(change.row, None)
            if by_person:
                removed[change.row] = read_values(model, change.before) or {}
            continue
        removed.pop(change.row, None)
        written = set(read_values(model, change.after) or ())
        typed = fields.setdefault(change.row, set())
        typed -= written
        typed |= written if by_person else set()
    return _Typed(fields, removed)


class Group(NamedTuple):
    """The lines of a proposal under one heading in Dutch, and their number also where a page shows
    the first ones only."""

    heading: str
    number: int
    lines: list[ChangeText]


class Proposal(NamedTuple):
    """The effect of a file on the directory, in words."""

    groups: list[Group]
    conflicts: list[tuple[str, ChangeText]]  # each with its key
    checked: int  # rows that are equal, and were looked up on a later day
    many_closing: int  # schools, where they are more than is likely
    ending: int  # posts at schools that close
    found: Any  # the result of reading the file
    version: str  # a hash of what the file changes, without the ids of new rows

    def shorten(self) -> "Proposal":
        """The same with the first lines of each group, for a page."""
        return self._replace(groups=[g._replace(lines=g.lines[:_SHOWN]) for g in self.groups])

    @property
    def refusal(self) -> str:
        """A Dutch sentence for a command that would end posts without having been told to."""
        ending = count(self.ending, "plek stopt", "plekken stoppen")
        return (
            f"Er sluiten scholen waar nog mensen werken: {ending}. Klopt dat? Gebruik dan "
            "--close-schools. Er is niets veranderd."
        )


def propose(kind: ChangeSetKind, load: Load) -> Proposal:
    """The effect of a file, which `load` writes by a FileUpdate; nothing is kept."""
    with preview():
        return _run(ChangeSet.begin(kind, None), load, ())


def apply(
    kind: ChangeSetKind, author: int | None, load: Load, *, reason: str,
    accepted: Collection[str] = (), version: str = "",
) -> Proposal:  # fmt: skip
    """Write a file in one change set of this account (id). `accepted` are the keys of conflicts in which the file is
    chosen. Raises Outdated where the preview had another `version`, unless that is empty."""
    with db.atomic():
        lock_directory()
        # Without answers it is the effect itself that is compared.
        if version and accepted and propose(kind, load).version != version:
            raise Outdated
        change_set = ChangeSet.begin(kind, author, reason=reason)
        proposal = _run(change_set, load, accepted)
        if version and not accepted and proposal.version != version:
            raise Outdated
        if Change.select().where(Change.change_set == change_set.id).exists():
            update_documents(change_set.list_rows(otherwise=True))
        else:
            change_set.delete_instance()
    return proposal


def _run(change_set: ChangeSet, load: Load, accepted: Collection[str]) -> Proposal:
    update = FileUpdate(change_set, accepted)
    found = load(update)
    update.write()
    query = Change.select().where(Change.change_set == change_set.id).order_by(Change.id)
    # Of very many posts that end, the words of the first ones tell enough.
    ends = Change.table.in_(["assignment", "vacancy"]) & ~Change.before.is_null()
    ends &= ~Change.after.is_null()
    changes = read_models(query.where(~ends)) + read_models(query.where(ends).limit(_SHOWN))
    untold = fetch_tuples(query.select(Change.row, Change.after).where(ends).offset(_SHOWN))
    shown_ones = [change for change in changes if not change.is_check]
    texts = describe([*shown_ones, *update.conflicts.values()])
    conflicts = [(key, texts[change.id]) for key, change in update.conflicts.items()]
    shown = [texts[change.id] for change in shown_ones if change.id in texts]
    schools = {text.name for text in shown if text.noun == "school"}
    lines = [
        text
        for text in shown
        if text.difference not in ("", CHECKED)
        # The organisation of a school has its name.
        and not (text.noun == "organisatie" and text.name in schools)
    ]
    checked = len(changes) - len(shown_ones) + sum(text.difference == CHECKED for text in shown)
    counts = (checked, update.many_closing, update.ending)
    # Without the ids: those of new rows differ each time.
    told = [text[:3] for text in lines], [(key, text[:3]) for key, text in conflicts]
    version = hashlib.sha256(repr((*told, untold, *counts[:2], found)).encode()).hexdigest()
    return Proposal(_group(lines, len(untold)), conflicts, *counts, found, version)


def _group(lines: Iterable[ChangeText], untold: int) -> list[Group]:
    """The lines under what is new, what ends, what is otherwise; of the last `untold` more."""
    groups: dict[str, list[ChangeText]] = {"Nieuw": [], "Weg of gesloten": [], "Anders": []}
    for line in lines:
        first = line.difference.partition(",")[0]
        ends = first == "weg" or first.startswith("gesloten vanaf: eerst geen")
        groups["Nieuw" if first == "nieuw" else "Weg of gesloten" if ends else "Anders"].append(line)
    return [
        Group(heading, len(found) + untold * (heading == "Anders"), found) for heading, found in groups.items() if found
    ]
