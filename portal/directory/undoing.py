"""Undoing of change sets: until when, what builds on them, and undoing from a later day on.

Everything is written in the caller's transaction, which locks the directory first.
"""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from peewee import fn

from portal import audit, clock
from portal.database import fetch_tuples
from portal.database.directory_version import lock_directory
from portal.database.validity import current_or_future
from portal.directory.change_sets import (
    MODELS,
    OF_CHECKS,
    PERSONAL,
    BuiltUpon,
    Change,
    ChangeSet,
    ChangeSetKind,
    ChangeSetState,
    RuleViolation,
    Values,
    has_period,
    is_needed,
    read_key,
    read_values,
    write_columns,
)
from portal.directory.models import Absence, Assignment, Substitute
from portal.retention_periods import OLD_VALUES

UNDO_FOR = OLD_VALUES.period
UNASKED = 10  # changes; undoing more is asked first
_NOT_COPIED = {"id", "row_version", *OF_CHECKS}


def is_large(number: int) -> bool:
    """Whether undoing this change set (id) is asked first."""
    changes = Change.select().where((Change.change_set == number) & ~Change.undone)
    return bool(changes.count() > UNASKED)


def undo(change_set: ChangeSet) -> None:
    """Restore every row to its state before this change set. Raises BuiltUpon."""
    start_over(change_set)
    _finish(change_set, ChangeSetState.UNDONE)


def start_over(change_set: ChangeSet, *, keep: Collection[Any] = ()) -> None:
    """Restore every row to its state before this change set, except the rows of the models
    `keep`, so that it can be applied anew. Raises BuiltUpon."""
    refuse_dependents(change_set)
    for change in reversed(change_set.changes()):
        model = MODELS[change.table]
        if model in keep:
            continue
        key = read_key(model, change.row)
        before = read_values(model, change.before)
        if before is None:
            if has_period(model) or not is_needed(model, key):
                model.delete().where(model._meta.primary_key == key).execute()
        elif _is_erased(model, before) or _is_orphan(model, before):
            pass  # a person who was forgotten does not return
        elif change.after is None:
            model.insert(before).execute()
        elif row := model.get_or_none(model._meta.primary_key == key):
            # It may be gone where this only confirmed it: then nothing had to wait for this.
            write_columns(row, before)
        Change.update(undone=True).where(Change.id == change.id).execute()


def undo_from(change_set: ChangeSet, on: date) -> None:
    """Undo the effects of this change set from the day `on`; earlier days keep their answers. Raises BuiltUpon."""
    refuse_dependents(change_set)
    for (table, key), before in _originals(change_set).items():
        model = MODELS[table]
        if not has_period(model) or _is_erased(model, before or {}):
            continue
        row = model.get_or_none(model._meta.primary_key == read_key(model, key))
        is_whole = before is not None and model._meta.primary_key.name in before
        if _is_orphan(model, before or {}) or (row is None and not is_whole):
            continue  # about somebody who was forgotten
        if before is not None and (row is None or "valid_until" in before):
            _restore_from(change_set, model, row, before, on)
        elif before is None and row is not None:
            change_set.end(row, on)
    _finish(change_set, ChangeSetState.ENDED)


def take_back_from(change_set: ChangeSet, today: date) -> None:
    """Undo this change set, wholly before its first day and otherwise from today on. Raises BuiltUpon."""
    if change_set.effective_on and change_set.effective_on <= today:
        undo_from(change_set, today)
    else:
        undo(change_set)


def list_dependents(change_set: ChangeSet) -> list[int]:
    """The later change sets (ids) that touched a row of this one, refer to a row that it
    created, or removed a row that it would need again."""
    own = change_set.changes()
    if not own:
        return []
    first, rows = min(change.id for change in own), {(c.table, c.row) for c in own}
    created = {(c.table, c.row) for c in own if c.before is None}
    needed = {row for c in own for row in _references(c.table, c.before)}
    later = Change.select().where((Change.id > first) & (Change.change_set != change_set.id) & ~Change.undone)
    # A check builds nothing on the row.
    confirming = ChangeSet.select(ChangeSet.id).where(ChangeSet.kind == ChangeSetKind.CONFIRMATION)
    later = later.where(Change.change_set.not_in(confirming))
    building = {
        c.change_set_id
        for c in later
        if (c.table, c.row) in rows
        or _references(c.table, c.after) & created
        or (c.after is None and (c.table, c.row) in needed)
    }
    # A change set that was applied earlier cannot depend on this one, whatever it did since.
    applied = (
        Change.select(Change.change_set)
        .where(Change.change_set.in_(building) & ~Change.undone)
        .group_by(Change.change_set)
        .having(fn.MIN(Change.id) > first)
    )
    return sorted(number for (number,) in fetch_tuples(applied))


def refuse_dependents(change_set: ChangeSet) -> None:
    """Raise BuiltUpon where a later change set built on this one."""
    if dependents := list_dependents(change_set):
        raise BuiltUpon(dependents)


def _originals(change_set: ChangeSet) -> dict[tuple[str, str], Values | None]:
    """The changed fields of each row as they were before; None for a created row."""
    originals: dict[tuple[str, str], Values | None] = {}
    for change in change_set.changes():
        before = read_values(MODELS[change.table], change.before)
        first = originals.setdefault((change.table, change.row), before)
        if first is not None:
            originals[change.table, change.row] = {**(before or {}), **first}
    return originals


def _finish(change_set: ChangeSet, state: ChangeSetState) -> None:
    Change.update(undone=True).where(Change.change_set == change_set.id).execute()
    change_set.state = state
    change_set.save(only=["state"])


def _restore_from(change_set: ChangeSet, model: Any, row: Any, before: Values, on: date) -> None:
    """Restore a row (None: removed) to its state before this change set, from the day `on`."""
    values = {**(row.__data__ if row else {}), **before}
    if values["valid_until"] is not None and values["valid_until"] <= on:
        return
    if row and row.valid_until >= on:
        change_set.change(row, valid_until=values["valid_until"])
        return
    values["valid_from"] = max(filter(None, (values["valid_from"], on)))
    if row is None:
        model.insert(values).execute()
        return
    copy = change_set.insert_row(model, {n: v for n, v in values.items() if n not in _NOT_COPIED})
    # Re-point earlier changes to the re-created row.
    Change.update(row=str(copy.id)).where(
        (Change.table == model._meta.table_name)
        & (Change.row == str(row.id))
        & (Change.change_set != change_set.id)
        & ~Change.undone
    ).execute()
    if model is Absence:
        for substitute in Substitute.select().where(Substitute.absence == row):
            copied = {"assignment": substitute.assignment_id, "person": substitute.person_id}
            change_set.insert_row(Substitute, {**copied, "absence": copy})
    if model is Assignment:
        absences = Absence.select(Absence.id).where(current_or_future(Absence, on))
        for substitute in Substitute.select().where((Substitute.assignment == row) & Substitute.absence.in_(absences)):
            copied = {"absence": substitute.absence_id, "person": substitute.person_id}
            change_set.insert_row(Substitute, {**copied, "assignment": copy})


def may_take_back(kind: ChangeSetKind, state: ChangeSetState, at: datetime) -> bool:
    """Whether a coordinator may undo a change set of this moment; a notice is withdrawn instead,
    because its recipients are told."""
    is_recent = clock.now() - at <= UNDO_FOR
    return not kind.is_of_notice and kind is not ChangeSetKind.ERASURE and state is ChangeSetState.APPLIED and is_recent


def take_back(number: int, actor: int) -> ChangeSet:
    """Undo a change set (id) for an account (id), in the caller's transaction; gives it. Raises
    RuleViolation, of which BuiltUpon."""
    lock_directory()
    change_set: ChangeSet | None = ChangeSet.get_or_none(ChangeSet.id == number)
    if change_set is None or not may_take_back(change_set.kind, change_set.state, change_set.at):
        raise RuleViolation("Deze wijziging is niet meer terug te draaien.")
    undo(change_set)
    audit.record(actor, "undone", "change set", number)
    return change_set


def _references(table: str, text: str | None) -> set[tuple[str, str]]:
    """The rows, by table and key, to which the fields of a change refer."""
    values = json.loads(text) if text else {}
    return {
        (model._meta.table_name, str(values[field.name]))
        for field, model in MODELS[table]._meta.refs.items()
        if values.get(field.name) is not None
    }


def _is_orphan(model: Any, values: Values) -> bool:
    """Whether these values refer to a row that is gone, such as a person who was forgotten."""
    return any(
        values.get(field.name) is not None
        and not target.select().where(target._meta.primary_key == values[field.name]).exists()
        for field, target in model._meta.refs.items()
    )


def _is_erased(model: Any, values: Values) -> bool:
    """Whether a person's own data were cleared from these values."""
    return any(values.get(name, "") is None for name in PERSONAL.get(model, ()))
