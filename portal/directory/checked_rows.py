"""Records that somebody looked up rows of the directory and that they are right."""

from collections.abc import Iterable
from typing import Any

from portal import clock
from portal.database.directory_version import lock_directory
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import CheckedBy


def record_check(rows: Iterable[Any], by: CheckedBy, author: int | None, *, ref: int | None = None) -> ChangeSet | None:
    """Record in the caller's transaction that these rows are right today, in one change set of an account (id), about
    something with the id `ref`. None where each of them was checked today already, or is there no more."""
    lock_directory()
    today = clock.today()
    keys: dict[Any, list[Any]] = {}
    for row in rows:
        keys.setdefault(type(row), []).append(row._pk)
    present = (row for model, ids in keys.items() for row in model.select().where(model._meta.primary_key.in_(ids)))
    due = [row for row in present if not is_checked_on(row, today)]
    if not due:
        return None
    change_set = ChangeSet.begin(ChangeSetKind.CONFIRMATION, author, ref=ref)
    change_set.check(due, by)
    return change_set


def is_checked_on(row: Any, on: Any) -> bool:
    """Whether somebody, and not a file, said on the day `on` that a row is right."""
    return bool(row.checked_on == on and row.checked_by is not CheckedBy.SOURCE)
