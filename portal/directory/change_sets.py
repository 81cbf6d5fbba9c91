"""Change sets: the directory rows that a notice changed, stored with what they were before.

A change set can be undone before its start date, undone from a later day on, and is refused both
where a later notice built on it. Everything is written in the caller's transaction.
"""

import json
import re
from datetime import date
from typing import Any

from peewee import fn

from portal import clock
from portal.database.validity import current_or_future
from portal.directory.models import (
    Absence,
    Assignment,
    ChangeRecord,
    ContactDetail,
    Person,
    Substitute,
    Vacancy,
)

# Child tables before parent tables.
_MODELS: dict[str, Any] = {
    model._meta.table_name: model
    for model in (Substitute, Absence, Assignment, Vacancy, ContactDetail, Person)
}
_WITH_PERIOD = {"assignment", "absence", "vacancy", "contact_detail"}
_CHILDREN: dict[Any, Any] = {
    Assignment: [(Substitute, Substitute.assignment)],
    Absence: [(Substitute, Substitute.absence)],
    Person: [(ContactDetail, ContactDetail.person)],
}
_ROW_VERSION = re.compile(r"([a-z_]+):(\d{1,15}):(\d{1,15})")
_NOT_COPIED = {"id", "row_version", "source", "checked_on"}


class RuleViolation(ValueError):
    """A change that contradicts the directory. The message is Dutch: the fault and the remedy."""


class ChangeSet:
    """The changes of one notice (id)."""

    def __init__(self, notice: int) -> None:
        self.notice = notice
        self.source = f"Melding {notice}"

    def create(self, model: Any, **values: Any) -> Any:
        """Create a row; gives it. Its source is this notice."""
        row = self._insert(model, values)
        self._record(row, None, row.__data__)
        return row

    def change(self, row: Any, **values: Any) -> None:
        """Update a row. Without values, record only that this notice depends on it."""
        before = {name: row.__data__[name] for name in values}
        row.row_version += 1
        type(row).update(**values, row_version=row.row_version).where(
            type(row).id == row.id
        ).execute()
        row.__data__.update(values)
        self._record(row, before, values)

    def remove(self, row: Any) -> None:
        """Delete a row and its dependents."""
        for model, parent in _CHILDREN.get(type(row), ()):
            for child in model.select().where(parent == row):
                self.remove(child)
        type(row).delete().where(type(row).id == row.id).execute()
        self._record(row, row.__data__, None)

    def end(self, row: Any, on: date) -> None:
        """End the validity of a row on the day `on` (exclusive); a row that begins on that day or
        later is removed."""
        if row.valid_from and row.valid_from >= on:
            self.remove(row)
        elif row.valid_until is None or row.valid_until > on:
            self.change(row, valid_until=on)

    def undo(self, *, keep: Any = None) -> None:
        """Restore every row to its state before this notice, except the rows of the model
        `keep`."""
        for record in reversed(self._records()):
            model = _MODELS[record.table]
            if model is keep:
                continue
            before, after = _fields(record.before), _fields(record.after)
            if before is None:
                if model is not Person or not is_needed(record.row):
                    model.delete().where(model.id == record.row).execute()
            elif after is None:
                model.insert(before).execute()
            else:
                model.update(**before, row_version=model.row_version + 1).where(
                    model.id == record.row
                ).execute()
            ChangeRecord.update(undone=True).where(ChangeRecord.id == record.id).execute()

    def undo_from(self, on: date) -> None:
        """Undo the effects of this notice from the day `on`; earlier days keep their answers."""
        for (table, number), before in self._originals().items():
            if table not in _WITH_PERIOD:
                continue
            model = _MODELS[table]
            row = model.get_or_none(model.id == number)
            if before is not None and (row is None or "valid_until" in before):
                self._restore_from(model, row, before, on)
            elif before is None and row is not None:
                self.end(row, on)
        ChangeRecord.update(undone=True).where(ChangeRecord.notice == self.notice).execute()

    def row_versions(self) -> str:
        """The rows that existed before this notice, with their versions then. Stored in a preview,
        so that `is_outdated` can tell whether they changed since."""
        versions: dict[str, int] = {}
        for record in self._records():
            # A removed row keeps its version; a changed row has one more.
            version = record.row_version - (record.after is not None)
            versions.setdefault(f"{record.table}:{record.row}", version)
        return " ".join(f"{row}:{version}" for row, version in versions.items() if version)

    def created(self, model: Any) -> list[int]:
        """The ids of the rows of a model that this notice created."""
        return [
            record.row
            for record in self._records()
            if record.table == model._meta.table_name and record.before is None
        ]

    def dependents(self) -> list[int]:
        """The later notices (ids) that changed a row of this one, or a row about a person whom
        this one created."""
        records = self._records()
        if not records:
            return []
        own, people = {(record.table, record.row) for record in records}, self.created(Person)
        first = min(record.id for record in records)
        later = ChangeRecord.select().where(
            (ChangeRecord.id > first) & (ChangeRecord.notice != self.notice) & ~ChangeRecord.undone
        )
        building = {
            record.notice
            for record in later
            if (record.table, record.row) in own
            or (people and (_fields(record.after) or {}).get("person") in people)
        }
        # Notices posted earlier cannot depend on this one, whatever they changed since.
        posted = (
            ChangeRecord.select(ChangeRecord.notice)
            .where(ChangeRecord.notice.in_(building) & ~ChangeRecord.undone)
            .group_by(ChangeRecord.notice)
            .having(fn.MIN(ChangeRecord.id) > first)
        )
        return sorted(record.notice for record in posted)

    def _records(self) -> list[ChangeRecord]:
        return list(
            ChangeRecord.select()
            .where((ChangeRecord.notice == self.notice) & ~ChangeRecord.undone)
            .order_by(ChangeRecord.id)
        )

    def _originals(self) -> dict[tuple[str, int], dict[str, Any] | None]:
        """The changed fields of each row as they were before this notice; None for a created
        row."""
        originals: dict[tuple[str, int], dict[str, Any] | None] = {}
        for record in self._records():
            before = _fields(record.before)
            first = originals.setdefault((record.table, record.row), before)
            if first is not None:
                originals[record.table, record.row] = {**(before or {}), **first}
        return originals

    def _insert(self, model: Any, values: dict[str, Any]) -> Any:
        """Insert a row with an id that was never used, because a removed row may be restored."""
        table = model._meta.table_name
        used = (
            model.select(fn.MAX(model.id)).scalar() or 0,
            ChangeRecord.select(fn.MAX(ChangeRecord.row))
            .where(ChangeRecord.table == table)
            .scalar()
            or 0,
        )
        if "source" in model._meta.fields:
            values = {**values, "source": self.source, "checked_on": clock.today()}
        return model.create(**values, id=max(used) + 1)

    def _record(
        self, row: Any, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> None:
        ChangeRecord.create(
            notice=self.notice,
            table=type(row)._meta.table_name,
            row=row.id,
            before=_json(before),
            after=_json(after),
            row_version=row.row_version,
        )

    def _restore_from(self, model: Any, row: Any, before: dict[str, Any], on: date) -> None:
        """Restore a row (None: removed) to its state before this notice, from the day `on`."""
        values = {**(row.__data__ if row else {}), **before}
        if values["valid_until"] is not None and values["valid_until"] <= on:
            return
        if row and row.valid_until >= on:
            self.change(row, valid_until=values["valid_until"])
            return
        values["valid_from"] = max(filter(None, (values["valid_from"], on)))
        if row is None:
            model.insert(values).execute()
            return
        copy = self._insert(model, {n: v for n, v in values.items() if n not in _NOT_COPIED})
        # Re-point earlier changes to the re-created row.
        ChangeRecord.update(row=copy.id).where(
            (ChangeRecord.table == model._meta.table_name)
            & (ChangeRecord.row == row.id)
            & (ChangeRecord.notice != self.notice)
            & ~ChangeRecord.undone
        ).execute()
        if model is Assignment:
            absences = Absence.select(Absence.id).where(current_or_future(Absence, on))
            for substitute in Substitute.select().where(
                (Substitute.assignment == row) & Substitute.absence.in_(absences)
            ):
                copied = {"absence": substitute.absence_id, "person": substitute.person_id}
                self._insert(Substitute, {**copied, "assignment": copy})


def is_outdated(row_versions: str) -> bool:
    """Whether one of these rows was removed or has another version; see
    `ChangeSet.row_versions`."""
    for text in row_versions.split():
        match = _ROW_VERSION.fullmatch(text)
        model = _MODELS.get(match[1]) if match else None
        if match is None or model is None:
            return True
        same = (model.id == int(match[2])) & (model.row_version == int(match[3]))
        if not model.select().where(same).exists():
            return True
    return False


def is_needed(person: int) -> bool:
    """Whether an assignment, absence or substitution refers to a person (id)."""
    return any(
        model.select().where(model.person == person).exists()
        for model in (Assignment, Absence, Substitute)
    )


def _json(values: dict[str, Any] | None) -> str | None:
    return None if values is None else json.dumps(values, default=date.isoformat)


def _fields(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    values: dict[str, Any] = json.loads(text)
    for name in ("valid_from", "valid_until", "checked_on"):
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    return values
