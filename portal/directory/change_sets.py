"""Writes rows of the directory on account of a notice, and keeps what they were before.

So a notice can be undone before its day, corrected afterwards, and refused where a later one has
built on it.
"""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from peewee import fn

from portal import clock
from portal.database.compiled import prepared
from portal.directory.models import (
    Absence,
    Assignment,
    ChangeRecord,
    ContactDetail,
    Person,
    Substitute,
    Vacancy,
)
from portal.directory.validity import current_or_future

# From what hangs on others to what others hang on.
_MODELS: dict[str, Any] = {
    model._meta.table_name: model
    for model in (Substitute, Absence, Assignment, Vacancy, ContactDetail, Person)
}
_SPANS = {"assignment", "absence", "vacancy", "contact_detail"}
_HANGING: dict[Any, Any] = {
    Assignment: [(Substitute, Substitute.assignment)],
    Absence: [(Substitute, Substitute.absence)],
    Person: [(ContactDetail, ContactDetail.person)],
}
_SEEN = re.compile(r"([a-z_]+):(\d{1,15}):(\d{1,15})")
_OWN = {"id", "row_version", "source", "checked_on"}  # of each row itself


class ChangeSet:
    """The rows of one notice. Everything it writes is written in the caller's transaction."""

    def __init__(self, notice: int) -> None:
        self.notice = notice
        self.source = f"Melding {notice}"

    def create(self, model: Any, **values: Any) -> Any:
        """Make a row, with its source where it has one."""
        row = self._insert(model, values)
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
        for model, hangs_on in _HANGING.get(type(row), ()):
            for other in model.select().where(hangs_on == row):
                self.remove(other)
        type(row).delete().where(type(row).id == row.id).execute()
        self._note(row, row.__data__, None)

    def end(self, row: Any, on: date) -> None:
        """Let a row with a span hold no longer from the day `on`."""
        if row.valid_from and row.valid_from >= on:
            self.remove(row)
        elif row.valid_until is None or row.valid_until > on:
            self.change(row, valid_until=on)

    def undo(self, *, keep: Any = None) -> None:
        """Make every row as it was before this notice, but for those of the model `keep`."""
        for change in reversed(self._changes()):
            model = _MODELS[change.table]
            if model is keep:
                continue
            before, after = _fields(change.before), _fields(change.after)
            if before is None:
                if model is not Person or not is_needed(change.row):
                    model.delete().where(model.id == change.row).execute()
            elif after is None:
                model.insert(before).execute()
            else:
                model.update(**before, row_version=model.row_version + 1).where(
                    model.id == change.row
                ).execute()
            ChangeRecord.update(undone=True).where(ChangeRecord.id == change.id).execute()

    def correct(self, on: date) -> None:
        """Let what this notice did count no longer from the day `on`; earlier days keep it."""
        for (table, number), before in self._originals().items():
            if table not in _SPANS:
                continue
            model = _MODELS[table]
            row = model.get_or_none(model.id == number)
            if before is not None and (row is None or "valid_until" in before):
                self._bring_back(model, row, before, on)
            elif before is None and row is not None:
                self.end(row, on)
        ChangeRecord.update(undone=True).where(ChangeRecord.notice == self.notice).execute()

    def seen(self) -> str:
        """The rows that were there before this notice, and their versions then: what somebody saw
        when they decided. See `is_outdated`."""
        first: dict[str, int] = {}
        for change in self._changes():
            # A row that is taken away keeps its version, one that is changed has one more.
            version = change.row_version - (change.after is not None)
            first.setdefault(f"{change.table}:{change.row}", version)
        return " ".join(f"{row}:{version}" for row, version in first.items() if version)

    def made(self, model: Any) -> list[int]:
        """The ids of the rows of a model that this notice made."""
        return [
            change.row
            for change in self._changes()
            if change.table == model._meta.table_name and change.before is None
        ]

    def dependents(self) -> list[int]:
        """The later notices that changed a row of this one, or what somebody does whom it made."""
        own = {(change.table, change.row) for change in self._changes()}
        people = self.made(Person)
        first = min((change.id for change in self._changes()), default=0)
        # One that began before this one builds on nothing of it, whatever it did since.
        began_later = (
            ChangeRecord.select(ChangeRecord.notice)
            .where((ChangeRecord.notice != self.notice) & ~ChangeRecord.undone)
            .group_by(ChangeRecord.notice)
            .having(fn.MIN(ChangeRecord.id) > first)
        )
        later = ChangeRecord.select().where(
            ChangeRecord.notice.in_(began_later) & ~ChangeRecord.undone
        )
        return sorted(
            {
                change.notice
                for change in later
                if (change.table, change.row) in own
                or (people and (_fields(change.after) or {}).get("person") in people)
            }
        )

    def _changes(self) -> list[ChangeRecord]:
        return list(
            ChangeRecord.select()
            .where((ChangeRecord.notice == self.notice) & ~ChangeRecord.undone)
            .order_by(ChangeRecord.id)
        )

    def _originals(self) -> dict[tuple[str, int], dict[str, Any] | None]:
        """How the rows of this notice were before it, as far as that differs; None for one that it
        made."""
        found: dict[tuple[str, int], dict[str, Any] | None] = {}
        for change in self._changes():
            before = _fields(change.before)
            first = found.setdefault((change.table, change.row), before)
            if first is not None:
                found[change.table, change.row] = {**(before or {}), **first}
        return found

    def _insert(self, model: Any, values: dict[str, Any]) -> Any:
        """Make a row with an id that no row ever had: one that is gone may come back."""
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

    def _note(self, row: Any, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        ChangeRecord.create(
            notice=self.notice,
            table=type(row)._meta.table_name,
            row=row.id,
            before=_write(before),
            after=_write(after),
            row_version=row.row_version,
        )

    def _bring_back(self, model: Any, row: Any, before: dict[str, Any], on: date) -> None:
        """Let a row (None where it was removed) hold again from the day `on`, as it did before."""
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
        again = self._insert(model, {n: v for n, v in values.items() if n not in _OWN})
        # What earlier notices did to it, they did to what it is now.
        ChangeRecord.update(row=again.id).where(
            (ChangeRecord.table == _key(row)[0])
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
                self._insert(Substitute, {**copied, "assignment": again})


def is_outdated(seen: str) -> bool:
    """Whether a row is gone, or in another version, since somebody saw it."""
    for text in seen.split():
        match = _SEEN.fullmatch(text)
        model = _MODELS.get(match[1]) if match else None
        if match is None or model is None:
            return True
        here = (model.id == int(match[2])) & (model.row_version == int(match[3]))
        if not model.select().where(here).exists():
            return True
    return False


def _key(row: Any) -> tuple[str, int]:
    """How a row of the directory is known in the changes."""
    return type(row)._meta.table_name, row.id


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
    query = ChangeRecord.select(
        ChangeRecord.table,
        ChangeRecord.row,
        ChangeRecord.notice,
        ChangeRecord.before,
        ChangeRecord.after,
    )
    return query.where(ChangeRecord.row.in_(rows) & ~ChangeRecord.undone).order_by(ChangeRecord.id)


@prepared
def _beginning(assignments: list[int]) -> Any:
    return (
        ChangeRecord.select(ChangeRecord.row, ChangeRecord.notice)
        .where(
            (ChangeRecord.table == "assignment")
            & ChangeRecord.row.in_(assignments)
            & ChangeRecord.before.is_null()
            & ~ChangeRecord.undone
        )
        .order_by(ChangeRecord.id)
    )


def is_needed(person: int) -> bool:
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
