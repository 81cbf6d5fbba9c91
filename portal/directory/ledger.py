"""Writes rows of the directory on account of a notice, and keeps what they were before.

So a notice can be undone before its day, corrected afterwards, and refused where a later one has
built on it.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from portal import clock
from portal.database import tuples
from portal.directory.models import (
    Absence,
    Assignment,
    Change,
    ContactDetail,
    Person,
    Substitute,
    Vacancy,
)
from portal.prepared import prepared

# From what hangs on others to what others hang on.
_MODELS: dict[str, Any] = {
    model._meta.table_name: model
    for model in (Substitute, Absence, Assignment, Vacancy, ContactDetail, Person)
}
_SPANS = {"assignment", "absence", "vacancy", "contact_detail"}


class Touched(NamedTuple):
    """A row and its version: what somebody saw when they decided."""

    table: str
    row: int
    row_version: int


class Ledger:
    """The rows of one notice. Everything it writes is written in the caller's transaction."""

    def __init__(self, notice: int) -> None:
        self.notice = notice
        self.source = f"Melding {notice}"

    def create(self, model: Any, **values: Any) -> Any:
        """Make a row, with its source where it has one."""
        if "source" in model._meta.fields:
            values |= {"source": self.source, "checked_on": clock.today()}
        row = model.create(**values)
        self._note(row, None, row.__data__)
        return row

    def change(self, row: Any, **values: Any) -> None:
        """Give a row other values; without any, say that this notice builds on it."""
        before = {name: row.__data__[name] for name in values}
        row.row_version += 1
        type(row).update(**values, row_version=row.row_version).where(
            type(row).id == row.id
        ).execute()
        row.__data__.update(values)
        self._note(row, before, values)

    def remove(self, row: Any) -> None:
        """Take a row away, and what hangs on it."""
        if isinstance(row, Assignment):
            for substitute in Substitute.select().where(Substitute.assignment == row):
                self.remove(substitute)
        type(row).delete().where(type(row).id == row.id).execute()
        self._note(row, row.__data__, None)

    def end(self, row: Any, on: date) -> None:
        """Let a row with a span hold no longer from the day `on`."""
        if row.valid_from and row.valid_from >= on:
            self.remove(row)
        elif row.valid_until is None or row.valid_until > on:
            self.change(row, valid_until=on)

    def undo(self) -> None:
        """Make every row as it was before this notice."""
        for change in reversed(self._changes()):
            model = _MODELS[change.table]
            before, after = _fields(change.before), _fields(change.after)
            if before is None:
                if model is not Person or not _is_needed(change.row):
                    model.delete().where(model.id == change.row).execute()
            elif after is None:
                model.insert(before).execute()
            else:
                model.update(**before, row_version=model.row_version + 1).where(
                    model.id == change.row
                ).execute()
            Change.update(undone=True).where(Change.id == change.id).execute()

    def correct(self, on: date) -> None:
        """Let what this notice did count no longer from the day `on`; earlier days keep it."""
        for change in self._changes():
            model = _MODELS[change.table]
            before = _fields(change.before)
            if change.table not in _SPANS:
                continue
            row = model.get_or_none(model.id == change.row)
            if before is None and row:
                self.end(row, on)
            elif before and (row is None or "valid_until" in before):
                self._bring_back({**(row.__data__ if row else {}), **before}, model, on)

    def touched(self) -> list[Touched]:
        """The rows that were there before this notice, as they were when it began."""
        first: dict[tuple[str, int], Touched] = {}
        for change in self._changes():
            row = (change.table, change.row)
            # A row that is taken away keeps its version, one that is changed has one more.
            version = change.row_version - (change.after is not None)
            first.setdefault(row, Touched(*row, version))
        return [touched for touched in first.values() if touched.row_version]

    def made(self, model: Any) -> list[int]:
        """The ids of the rows of a model that this notice made."""
        return [
            change.row
            for change in self._changes()
            if change.table == model._meta.table_name and change.before is None
        ]

    def built_upon_by(self) -> list[int]:
        """The later notices that changed a row of this one."""
        own = {(change.table, change.row) for change in self._changes()}
        first = min((change.id for change in self._changes()), default=0)
        later = Change.select(Change.notice, Change.table, Change.row).where(
            (Change.id > first) & (Change.notice != self.notice) & ~Change.undone
        )
        return sorted({notice for notice, *row in tuples(later) if tuple(row) in own})

    def _changes(self) -> list[Change]:
        return list(
            Change.select()
            .where((Change.notice == self.notice) & ~Change.undone)
            .order_by(Change.id)
        )

    def _note(self, row: Any, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        Change.create(
            notice=self.notice,
            table=type(row)._meta.table_name,
            row=row.id,
            before=_write(before),
            after=_write(after),
            row_version=row.row_version,
        )

    def _bring_back(self, values: dict[str, Any], model: Any, on: date) -> None:
        """What held before, again from the day `on`."""
        if values["valid_until"] is None or values["valid_until"] > on:
            values["valid_from"] = max(filter(None, (values["valid_from"], on)))
            unchanged = {"id", "row_version", "source", "checked_on"}
            self.create(model, **{n: v for n, v in values.items() if n not in unchanged})


def list_notices(
    rows: Iterable[tuple[str, int]],
) -> tuple[dict[tuple[str, int], int], dict[tuple[str, int], int]]:
    """By which notice each of these rows (table and id) began, and by which it got its last
    end."""
    keys = set(rows)
    begun, ended = {}, {}
    for table, row, notice, before, after in _touching(sorted({row for _, row in keys})):
        if (table, row) not in keys:
            continue
        if before is None:
            begun[table, row] = notice
        elif after and "valid_until" in json.loads(after):
            ended[table, row] = notice
    return begun, ended


def since_notice(assignments: Iterable[int]) -> dict[int, int]:
    """By which notice each of these assignments began; those of no notice are left out."""
    return dict(_beginning(list(assignments)))


@prepared
def _touching(rows: list[int]) -> Any:
    query = Change.select(Change.table, Change.row, Change.notice, Change.before, Change.after)
    return query.where(Change.row.in_(rows) & ~Change.undone).order_by(Change.id)


@prepared
def _beginning(assignments: list[int]) -> Any:
    return (
        Change.select(Change.row, Change.notice)
        .where(
            (Change.table == "assignment")
            & Change.row.in_(assignments)
            & Change.before.is_null()
            & ~Change.undone
        )
        .order_by(Change.id)
    )


def _is_needed(person: int) -> bool:
    """Whether something else than their own numbers still hangs on a person."""
    return any(
        model.select().where(model.person == person).exists()
        for model in (Assignment, Absence, Substitute)
    )


def _write(values: dict[str, Any] | None) -> str | None:
    return None if values is None else json.dumps(values, default=date.isoformat)


def _fields(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    values: dict[str, Any] = json.loads(text)
    for name in ("valid_from", "valid_until", "checked_on"):
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    return values
