"""Change sets: who changed which rows of the directory, when and why, and what they were before.

A change set is previewed by rolling it back, undone, undone from a later day on, or corrected
(undone and applied anew). It is refused where a later change set built on it. Everything is
written in the caller's transaction, which locks the directory first.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from peewee import (
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
    chunked,
    fn,
)

from portal import audit, clock
from portal.data_register import OLD_VALUES
from portal.database import BaseModel, current_engine, db, fetch_tuples
from portal.database.directory_version import lock_directory
from portal.database.fields import EnumField, TimestampField
from portal.database.many_rows import insert_each, write_each
from portal.database.validity import current_or_future
from portal.directory.models import (
    CHILDREN_FIRST,
    Absence,
    Assignment,
    CheckedBy,
    ContactDetail,
    Organisation,
    Person,
    School,
    Substitute,
)
from portal.labelled_enum import LabelledEnum

UNDO_FOR = OLD_VALUES.period

MODELS: dict[str, Any] = {model._meta.table_name: model for model in CHILDREN_FIRST}
# The columns that hold a person's own data; cleared by portal.directory.retention.
PERSONAL: dict[Any, tuple[str, ...]] = {
    Person: ("given_name", "infix", "family_name", "sort_key"),
    ContactDetail: ("value", "label"),
}
_ROW_VERSION = re.compile(r"([a-z_]+):([\w-]{1,60}):(\d{1,15})", re.ASCII)
_AT_ONCE = 100  # rows of a statement
_OF_CHECKS = {"source", "checked_on", "checked_by"}
_NOT_COPIED = {"id", "row_version", *_OF_CHECKS}

Values = dict[str, Any]


class RuleViolation(ValueError):
    """A change that contradicts the directory. The message is Dutch: the fault and the remedy."""


class BuiltUpon(RuleViolation):
    """Later change sets, of which `dependents` are the ids, built on this one."""

    def __init__(self, dependents: list[int]) -> None:
        super().__init__("Latere wijzigingen bouwen hierop voort. Draai die eerst terug.")
        self.dependents = dependents


class ChangeSetKind(LabelledEnum):
    """The way in which a change came about."""

    NOTICE = "notice", "melding"
    COMPLETION = "completion", "aanvulling"  # of a notice, of which `ref` is the id
    LAST_DAY = "last day", "andere laatste dag"  # the same
    EDIT = "edit", "bewerking"
    IMPORT = "import", "import"
    DUO_UPDATE = "duo update", "nieuw DUO-bestand"
    REGION_UPDATE = "region update", "regio-gegevens"
    DIVISION = "division", "verdeling"  # that nobody was mailed about
    CONFIRMATION = "confirmation", "bevestiging"  # rows were right; changes nothing else
    ERASURE = "erasure", "vergeten persoon"  # of which `ref` is the id; holds no rows
    REPORT = "report", "gemelde fout"  # a correction after the report of which `ref` is the id

    @property
    def is_of_notice(self) -> bool:
        """Whether `ref` is the id of a notice."""
        return self in OF_NOTICES


COMPLETING = (ChangeSetKind.COMPLETION, ChangeSetKind.LAST_DAY)
OF_NOTICES = (ChangeSetKind.NOTICE, *COMPLETING)
OF_FILES = (ChangeSetKind.IMPORT, ChangeSetKind.DUO_UPDATE, ChangeSetKind.REGION_UPDATE)


class ChangeSetState(LabelledEnum):
    """The state of a change set; an ended one was undone from a day on."""

    APPLIED = "applied", "geldt"
    ENDED = "ended", "beëindigd"
    UNDONE = "undone", "teruggedraaid"


class ChangeSet(BaseModel):
    """A change of the directory: one author, one moment, one reason."""

    kind = EnumField(ChangeSetKind)
    ref = IntegerField(null=True)  # the id of its notice; no foreign key: a layer above
    author = IntegerField(null=True, index=True)  # the id of an account, which the history outlives
    at = TimestampField(index=True)
    reason = TextField(default="")
    effective_on = DateField(null=True)
    state = EnumField(ChangeSetState, default=ChangeSetState.APPLIED)

    class Meta:
        indexes = ((("kind", "ref"), False),)

    @classmethod
    def begin(
        cls,
        kind: ChangeSetKind,
        author: int | None,
        *,
        ref: int | None = None,
        reason: str = "",
        effective_on: date | None = None,
    ) -> "ChangeSet":
        """Lock the directory and begin a change set of this author (the id of an account)."""
        lock_directory()
        change_set: ChangeSet = cls.create(
            kind=kind, ref=ref, author=author, at=clock.now(), reason=reason,
            effective_on=effective_on,
        )  # fmt: skip
        return change_set

    @property
    def source(self) -> str:
        """The source of the rows that it writes, which everybody reads: "Melding 12". Never its
        reason, which is for the trail."""
        number = self.id if self.kind is ChangeSetKind.EDIT else self.ref
        return f"{self.kind.label.capitalize()} {number or ''}".strip()

    def add(self, model: Any, **values: Any) -> Any:
        """Create a row; gives it. Its source is this change set, unless `values` name another."""
        row = self._insert(model, values)
        self._record(row, None, row.__data__)
        return row

    def add_many(self, model: Any, rows: Iterable[Values]) -> None:
        """Create rows of a model with ids, as `add` does, with few statements."""
        complete = [self._with_source(model, values) for values in rows]
        ids = current_engine().new_ids(model._meta.table_name, len(complete))
        made = [model(**values, id=new) for values, new in zip(complete, ids, strict=True)]
        for batch in chunked(made, _AT_ONCE):
            model.insert_many([row.__data__ for row in batch]).execute()
            changes = [self._describe(row, None, row.__data__) for row in batch]
            Change.insert_many(changes).execute()

    def change(self, row: Any, **values: Any) -> None:
        """Update a row. Without values, record only that this change set depends on it."""
        before = {name: row.__data__[name] for name in values}
        _write(row, values)
        self._record(row, before, {name: row.__data__[name] for name in values})

    def change_many(self, model: Any, changes: Iterable[tuple[Any, Values]]) -> None:
        """Record that these rows of a model were changed, and write them, with a statement for each
        set of columns: each a row as it has to be, and its changed fields as they were."""
        by_columns: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        described = []
        for row, before in changes:
            row.row_version += 1
            by_columns[(*before, "row_version")].append(row.__data__)
            described.append(self._describe(row, before, {n: row.__data__[n] for n in before}))
        for names, rows in by_columns.items():
            write_each(model, names, rows)
        insert_each(Change, described)

    def check(self, rows: Sequence[Any], by: CheckedBy) -> None:
        """Record that these rows are right today, with few statements. Their versions stay, because
        they say the same: an open form about them can still be sent."""
        values = {"checked_on": clock.today(), "checked_by": by}
        models: dict[Any, None] = dict.fromkeys(map(type, rows))
        for model in models:
            same: list[Any] = [row for row in rows if type(row) is model]
            for batch in chunked(same, _AT_ONCE):
                keys = model._meta.primary_key.in_([_key_of(row) for row in batch])
                model.update(values).where(keys).execute()
                changes = [
                    self._describe(row, {name: row.__data__[name] for name in values}, values)
                    for row in batch
                ]
                Change.insert_many(changes).execute()

    def remove(self, row: Any) -> None:
        """Delete a row and the rows that hang on it."""
        for child in row._meta.backrefs:
            if child.on_delete == "CASCADE" and child.model in CHILDREN_FIRST:
                for hanging in child.model.select().where(child == row):
                    self.remove(hanging)
        type(row).delete().where(type(row)._meta.primary_key == _key_of(row)).execute()
        self._record(row, row.__data__, None)

    def end(self, row: Any, on: date) -> None:
        """End the validity of a row on the day `on` (exclusive); a row that begins on that day or
        later is removed."""
        if row.valid_from and row.valid_from >= on:
            self.remove(row)
        elif row.valid_until is None or row.valid_until > on:
            self.change(row, valid_until=on)

    def undo(self) -> None:
        """Restore every row to its state before this change set. Raises BuiltUpon."""
        self.start_over()
        self._finish(ChangeSetState.UNDONE)

    def start_over(self, *, keep: Collection[Any] = ()) -> None:
        """Restore every row to its state before this change set, except the rows of the models
        `keep`, so that it can be applied anew. Raises BuiltUpon."""
        self.refuse_dependents()
        for change in reversed(self._changes()):
            model = MODELS[change.table]
            if model in keep:
                continue
            key = _key(model, change.row)
            before = read_values(model, change.before)
            if before is None:
                if _has_period(model) or not is_needed(model, key):
                    model.delete().where(model._meta.primary_key == key).execute()
            elif _is_erased(model, before) or _is_orphan(model, before):
                pass  # a person who was forgotten does not return
            elif change.after is None:
                model.insert(before).execute()
            elif row := model.get_or_none(model._meta.primary_key == key):
                # It may be gone where this only confirmed it: then nothing had to wait for this.
                _write(row, before)
            Change.update(undone=True).where(Change.id == change.id).execute()

    def undo_from(self, on: date) -> None:
        """Undo the effects of this change set from the day `on`; earlier days keep their answers.
        Raises BuiltUpon."""
        self.refuse_dependents()
        for (table, key), before in self._originals().items():
            model = MODELS[table]
            if not _has_period(model) or _is_erased(model, before or {}):
                continue
            row = model.get_or_none(model._meta.primary_key == _key(model, key))
            is_whole = before is not None and model._meta.primary_key.name in before
            if _is_orphan(model, before or {}) or (row is None and not is_whole):
                continue  # about somebody who was forgotten
            if before is not None and (row is None or "valid_until" in before):
                self._restore_from(model, row, before, on)
            elif before is None and row is not None:
                self.end(row, on)
        self._finish(ChangeSetState.ENDED)

    def take_back_from(self, today: date) -> None:
        """Undo this change set, wholly before its first day and otherwise from today on. Raises
        BuiltUpon."""
        if self.effective_on and self.effective_on <= today:
            self.undo_from(today)
        else:
            self.undo()

    def row_versions(self) -> str:
        """The rows that existed before this change set, with their versions then. Stored in a
        preview, so that `is_outdated` can tell whether they changed since."""
        versions: dict[str, int] = {}
        for change in self._changes():
            # A removed row keeps its version; a changed row has one more.
            version = change.row_version - (change.after is not None)
            versions.setdefault(f"{change.table}:{change.row}", version if change.before else 0)
        return " ".join(f"{row}:{version}" for row, version in versions.items() if version)

    def list_rows(self, *, otherwise: bool = False) -> set[tuple[Any, Any]]:
        """The rows that it wrote, also where that was undone: each a model and a primary key. With
        `otherwise` only those of which it changed what they say."""
        columns = Change.table, Change.row, Change.before, Change.after
        changes = Change.select(*columns).where(Change.change_set == self.id)
        return {
            (MODELS[table], _key(MODELS[table], row))
            for table, row, before, after in fetch_tuples(changes)
            if not otherwise or _says_otherwise(before, after)
        }

    def says_otherwise(self) -> bool:
        """Whether it changed what a row says; a check does not."""
        return any(change.says_otherwise for change in self._changes())

    def created(self, model: Any) -> list[Any]:
        """The ids of the rows of a model that this change set created."""
        return list_created([self], model)

    def dependents(self) -> list[int]:
        """The later change sets (ids) that touched a row of this one, refer to a row that it
        created, or removed a row that it would need again."""
        own = self._changes()
        if not own:
            return []
        first, rows = min(change.id for change in own), {(c.table, c.row) for c in own}
        created = {(c.table, c.row) for c in own if c.before is None}
        needed = {row for c in own for row in _references(c.table, c.before)}
        later = Change.select().where(
            (Change.id > first) & (Change.change_set != self.id) & ~Change.undone
        )
        # A check builds nothing on the row.
        confirming = ChangeSet.select(ChangeSet.id).where(
            ChangeSet.kind == ChangeSetKind.CONFIRMATION
        )
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

    def refuse_dependents(self) -> None:
        """Raise BuiltUpon where a later change set built on this one."""
        if dependents := self.dependents():
            raise BuiltUpon(dependents)

    def _changes(self) -> list["Change"]:
        return list(
            Change.select()
            .where((Change.change_set == self.id) & ~Change.undone)
            .order_by(Change.id)
        )

    def _originals(self) -> dict[tuple[str, str], Values | None]:
        """The changed fields of each row as they were before; None for a created row."""
        originals: dict[tuple[str, str], Values | None] = {}
        for change in self._changes():
            before = read_values(MODELS[change.table], change.before)
            first = originals.setdefault((change.table, change.row), before)
            if first is not None:
                originals[change.table, change.row] = {**(before or {}), **first}
        return originals

    def _finish(self, state: ChangeSetState) -> None:
        Change.update(undone=True).where(Change.change_set == self.id).execute()
        self.state = state
        self.save(only=["state"])

    def _insert(self, model: Any, values: Values) -> Any:
        """Insert a row. The versions of one with a key of its own go on where an earlier one
        ended."""
        values = self._with_source(model, values)
        if "id" in model._meta.fields:
            return model.create(**values)
        key = values[model._meta.primary_key.name]
        version = Change.select(fn.MAX(Change.row_version)).where(
            (Change.table == model._meta.table_name) & (Change.row == key)
        )
        return model.create(**values, row_version=(version.scalar() or 0) + 1)

    def _with_source(self, model: Any, values: Values) -> Values:
        if "source" not in model._meta.fields:
            return values
        return {"source": self.source, **self.checked(), **values}

    def checked(self) -> Values:
        """The columns of the check of a row that this change set writes. A file is a source, and no
        check: a person confirms it later."""
        if self.kind in OF_FILES:
            return {"checked_on": None, "checked_by": CheckedBy.SOURCE}
        is_report = self.kind is ChangeSetKind.REPORT
        by = CheckedBy.REPORT if is_report else CheckedBy.ORGANISATION
        return {"checked_on": clock.today(), "checked_by": by}

    def _record(self, row: Any, before: Values | None, after: Values | None) -> None:
        Change.create(**self._describe(row, before, after))

    def _describe(self, row: Any, before: Values | None, after: Values | None) -> Values:
        """The columns of a change of a row."""
        return {
            "change_set": self.id,
            "table": row._meta.table_name,
            "row": str(_key_of(row)),
            "before": write_values(before),
            "after": write_values(after),
            "row_version": row.row_version,
            **{
                name: _key_of(row) if isinstance(row, model) else row.__data__.get(name)
                for name, model in Change.ABOUT.items()
            },
            **({"school": kern} if (kern := row.__data__.get("kern")) else {}),
        }

    def _restore_from(self, model: Any, row: Any, before: Values, on: date) -> None:
        """Restore a row (None: removed) to its state before this change set, from the day `on`."""
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
        Change.update(row=str(copy.id)).where(
            (Change.table == model._meta.table_name)
            & (Change.row == str(row.id))
            & (Change.change_set != self.id)
            & ~Change.undone
        ).execute()
        if model is Absence:
            for substitute in Substitute.select().where(Substitute.absence == row):
                copied = {"assignment": substitute.assignment_id, "person": substitute.person_id}
                self._insert(Substitute, {**copied, "absence": copy})
        if model is Assignment:
            absences = Absence.select(Absence.id).where(current_or_future(Absence, on))
            for substitute in Substitute.select().where(
                (Substitute.assignment == row) & Substitute.absence.in_(absences)
            ):
                copied = {"absence": substitute.absence_id, "person": substitute.person_id}
                self._insert(Substitute, {**copied, "assignment": copy})


class Change(BaseModel):
    """The change of one row. `before` and `after` hold the changed fields as JSON; NULL where the
    row did not exist. The last three columns say whom or what it is about, `school` also which
    kern."""

    change_set = ForeignKeyField(ChangeSet)
    change_set_id: Any
    table = CharField()
    row = CharField()
    before = TextField(null=True)
    after = TextField(null=True)
    row_version = IntegerField()  # of the row after the change
    undone = BooleanField(default=False)
    erased = BooleanField(default=False)  # whether the personal values were cleared
    person = IntegerField(null=True, index=True)
    school = CharField(null=True, index=True)
    organisation = IntegerField(null=True, index=True)

    ABOUT = {"person": Person, "school": School, "organisation": Organisation}  # noqa: RUF012 - never changed

    class Meta:
        indexes = ((("table", "row"), False),)

    @property
    def says_otherwise(self) -> bool:
        """Whether the row says something else since; a check or a dependency changes nothing."""
        return _says_otherwise(self.before, self.after)


@contextmanager
def preview() -> Iterator[None]:
    """A transaction that locks the directory and is rolled back at its end: shows what a change
    would do."""
    with db.atomic() as transaction:
        lock_directory()
        yield
        transaction.rollback()


def may_take_back(kind: ChangeSetKind, state: ChangeSetState, at: datetime) -> bool:
    """Whether a coordinator may undo a change set of this moment; a notice is withdrawn instead,
    because its recipients are told."""
    is_recent = clock.now() - at <= UNDO_FOR
    return (
        not kind.is_of_notice
        and kind is not ChangeSetKind.ERASURE
        and state is ChangeSetState.APPLIED
        and is_recent
    )


def take_back(number: int, actor: int) -> ChangeSet:
    """Undo a change set (id) for an account (id), in the caller's transaction; gives it. Raises
    RuleViolation, of which BuiltUpon."""
    lock_directory()
    change_set: ChangeSet | None = ChangeSet.get_or_none(ChangeSet.id == number)
    if change_set is None or not may_take_back(change_set.kind, change_set.state, change_set.at):
        raise RuleViolation("Deze wijziging is niet meer terug te draaien.")
    change_set.undo()
    audit.record(actor, "undone", "change set", number)
    return change_set


def find_of_notice(notice: int) -> ChangeSet:
    """The change set of a notice (id)."""
    change_set: ChangeSet = ChangeSet.get(
        (ChangeSet.kind == ChangeSetKind.NOTICE) & (ChangeSet.ref == notice)
    )
    return change_set


def list_of_notice(notice: int) -> list[ChangeSet]:
    """The change sets of a notice (id) that hold: its own, and its completions in their order."""
    return list(ChangeSet.select().where(of_notice(notice)).order_by(ChangeSet.id))


def of_notice(notice: int) -> Any:
    """The condition that a change set is of a notice (id), and holds."""
    is_of_notice = ChangeSet.kind.in_(OF_NOTICES) & (ChangeSet.ref == notice)
    return is_of_notice & (ChangeSet.state == ChangeSetState.APPLIED)


def list_created(change_sets: Iterable[ChangeSet], model: Any) -> list[Any]:
    """The ids of the rows of a model that these change sets created."""
    rows = select_created([one.id for one in change_sets], model).order_by(Change.id)
    return [key for (key,) in fetch_tuples(rows)]


def select_created(change_sets: Any, model: Any) -> Any:
    """The query for the ids that `list_created` gives; `change_sets` are ids, or a select."""
    new = (Change.table == model._meta.table_name) & Change.before.is_null()
    query = Change.select(Change.row.cast("integer"))
    return query.where(Change.change_set.in_(change_sets) & ~Change.undone & new)


def was_completed(notice: int) -> bool:
    """Whether a completion of a notice (id) holds, or did for some days."""
    completions = (ChangeSet.ref == notice) & ChangeSet.kind.in_(COMPLETING)
    held = ChangeSet.state != ChangeSetState.UNDONE
    return bool(ChangeSet.select().where(completions & held).exists())


def is_outdated(row_versions: str) -> bool:
    """Whether one of these rows was removed or has another version; see
    `ChangeSet.row_versions`."""
    for text in row_versions.split():
        match = _ROW_VERSION.fullmatch(text)
        model = MODELS.get(match[1]) if match else None
        if match is None or model is None:
            return True
        try:
            key = _key(model, match[2])
        except ValueError:
            return True
        same = (model._meta.primary_key == key) & (model.row_version == int(match[3]))
        if not model.select().where(same).exists():
            return True
    return False


def is_needed(model: Any, key: Any) -> bool:
    """Whether another row of the directory cannot do without this one."""
    return any(
        field.model.select().where(field == key).exists()
        for field in model._meta.backrefs
        if field.model in CHILDREN_FIRST and (field.on_delete == "RESTRICT" or not field.null)
    )


def _write(row: Any, values: Values) -> None:
    """Set these columns of a row, and the next version."""
    for name, value in values.items():
        setattr(row, name, value)
    row.row_version += 1
    row.save(only=[*values, "row_version"])


def _has_period(model: Any) -> bool:
    return {"valid_from", "valid_until"} <= set(model._meta.fields)


def _key_of(row: Any) -> Any:
    return row.__data__[row._meta.primary_key.name]


def _key(model: Any, text: str) -> Any:
    """The primary key of a row out of its text. Raises ValueError."""
    return int(text) if "id" in model._meta.fields else text


def _references(table: str, text: str | None) -> set[tuple[str, str]]:
    """The rows, by table and key, to which the fields of a change refer."""
    values = json.loads(text) if text else {}
    return {
        (model._meta.table_name, str(values[field.name]))
        for field, model in MODELS[table]._meta.refs.items()
        if values.get(field.name) is not None
    }


def _says_otherwise(before: str | None, after: str | None) -> bool:
    return before is None or after is None or not json.loads(after).keys() <= _OF_CHECKS


def write_values(values: Values | None) -> str | None:
    """The fields of a row as a change stores them."""
    return None if values is None else json.dumps(values, default=date.isoformat)


def read_values(model: Any, text: str | None) -> Values | None:
    """The `before` or `after` of a change as Python knows it; a column that is gone is left out."""
    if text is None:
        return None
    fields = model._meta.fields
    return {
        name: fields[name].python_value(value)
        for name, value in json.loads(text).items()
        if name in fields
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
