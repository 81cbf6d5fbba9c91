"""Change sets: who changed which rows of the directory, when and why, and what they were before.

A change set is previewed by rolling it back; undoing.py undoes it. Everything is written in the
caller's transaction, which locks the directory first.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField, chunked, fn

from portal import clock
from portal.database import BaseModel, current_engine, db, fetch_tuples
from portal.database.directory_version import lock_directory
from portal.database.fields import EnumField, TimestampField
from portal.database.many_rows import insert_each, write_each
from portal.directory.models import CHILDREN_FIRST, CheckedBy, ContactDetail, Organisation, Person, School
from portal.labelled_enum import LabelledEnum

MODELS: dict[str, Any] = {model._meta.table_name: model for model in CHILDREN_FIRST}
# The columns that hold a person's own data; cleared by portal.directory.clearing.
PERSONAL: dict[Any, tuple[str, ...]] = {
    Person: ("given_name", "infix", "family_name", "sort_key"),
    ContactDetail: ("value", "label"),
}
_ROW_VERSION = re.compile(r"([a-z_]+):([\w-]{1,60}):(\d{1,15})", re.ASCII)
_encode = json.JSONEncoder(default=date.isoformat).encode  # json.dumps makes one for each call
_AT_ONCE = 100  # rows of a statement
OF_CHECKS = {"source", "checked_on", "checked_by"}

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
            kind=kind, ref=ref, author=author, at=clock.now(), reason=reason, effective_on=effective_on
        )
        return change_set

    @property
    def source(self) -> str:
        """The source of the rows that it writes, which everybody reads: "Melding 12". Never its
        reason, which is for the trail."""
        number = self.id if self.kind is ChangeSetKind.EDIT else self.ref
        return f"{self.kind.label.capitalize()} {number or ''}".strip()

    def add(self, model: Any, **values: Any) -> Any:
        """Create a row; gives it. Its source is this change set, unless `values` name another."""
        row = self.insert_row(model, values)
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
        write_columns(row, values)
        self._record(row, before, {name: row.__data__[name] for name in values})

    def change_many(self, model: Any, changes: Iterable[tuple[Any, Values]]) -> None:
        """Write these rows of a model and record their changes, with a statement for each set of columns. Each item is
        a row as it becomes, and its changed fields with their values before."""
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
                changes = [self._describe(row, {name: row.__data__[name] for name in values}, values) for row in batch]
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
        """End the validity of a row on the day `on` (exclusive); a row that begins on that day or later is removed."""
        if row.valid_from and row.valid_from >= on:
            self.remove(row)
        elif row.valid_until is None or row.valid_until > on:
            self.change(row, valid_until=on)

    def end_many(self, model: Any, rows: Iterable[Any], on: date) -> None:
        """End rows of a model, all valid on the day `on` or later, as `end` does, with few statements."""
        ended = []
        for row in rows:
            if row.valid_from and row.valid_from >= on:
                self.remove(row)
            else:
                ended.append((row, {"valid_until": row.valid_until}))
                row.valid_until = on
        self.change_many(model, ended)

    def row_versions(self) -> str:
        """The rows that existed before this change set, with their versions then. Stored in a
        preview, so that `is_outdated` can tell whether they changed since."""
        versions: dict[str, int] = {}
        for change in self.changes():
            # A removed row keeps its version; a changed row has one more.
            version = change.row_version - (change.after is not None)
            versions.setdefault(f"{change.table}:{change.row}", version if change.before else 0)
        return " ".join(f"{row}:{version}" for row, version in versions.items() if version)

    def list_rows(self, *, otherwise: bool = False) -> set[tuple[Any, Any]]:
        """The rows that it wrote, also where it was undone: each a model and a primary key. With
        `otherwise` only the rows that say something else since."""
        columns = Change.table, Change.row, Change.before, Change.after
        changes = Change.select(*columns).where(Change.change_set == self.id)
        return {
            (MODELS[table], read_key(MODELS[table], row))
            for table, row, before, after in fetch_tuples(changes)
            if not otherwise or _says_otherwise(before, after)
        }

    def says_otherwise(self) -> bool:
        """Whether it changed what a row says; a check does not."""
        return any(change.says_otherwise for change in self.changes())

    def created(self, model: Any) -> list[Any]:
        """The ids of the rows of a model that this change set created."""
        return list_created([self], model)

    def changes(self) -> list["Change"]:
        """Its changes that were not undone, in their order."""
        return list(Change.select().where((Change.change_set == self.id) & ~Change.undone).order_by(Change.id))

    def insert_row(self, model: Any, values: Values) -> Any:
        """Insert a row. Where its key is no id and an earlier row had that key, the versions count
        on from those of that row."""
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


class Change(BaseModel):
    """The change of one row. `before` and `after` hold the changed fields as JSON; NULL where the row did not exist.
    The last three columns say whom or what it is about, `school` also which kern."""

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

    @property
    def is_check(self) -> bool:
        """Whether it says only that the row was right on a day."""
        return not self.says_otherwise and '"checked_on"' in str(self.after)


@contextmanager
def preview() -> Iterator[None]:
    """A transaction that locks the directory and is rolled back at its end: shows what a change would do."""
    with db.atomic() as transaction:
        lock_directory()
        yield
        transaction.rollback()


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
    """Whether one of these rows was removed or has another version; see `ChangeSet.row_versions`."""
    for text in row_versions.split():
        match = _ROW_VERSION.fullmatch(text)
        model = MODELS.get(match[1]) if match else None
        if match is None or model is None:
            return True
        try:
            key = read_key(model, match[2])
        except ValueError:
            return True
        same = (model._meta.primary_key == key) & (model.row_version == int(match[3]))
        if not model.select().where(same).exists():
            return True
    return False


def write_columns(row: Any, values: Values) -> None:
    """Set these columns of a row, and the next version."""
    for name, value in values.items():
        setattr(row, name, value)
    row.row_version += 1
    row.save(only=[*values, "row_version"])


def has_period(model: Any) -> bool:
    """Whether the rows of a model hold for some days."""
    return {"valid_from", "valid_until"} <= set(model._meta.fields)


def _key_of(row: Any) -> Any:
    return row.__data__[row._meta.primary_key.name]


def read_key(model: Any, text: str) -> Any:
    """The primary key of a row out of its text. Raises ValueError."""
    return int(text) if "id" in model._meta.fields else text


def _says_otherwise(before: str | None, after: str | None) -> bool:
    return before is None or after is None or not json.loads(after).keys() <= OF_CHECKS


def write_values(values: Values | None) -> str | None:
    """The fields of a row as a change stores them."""
    return None if values is None else _encode(values)


def read_values(model: Any, text: str | None) -> Values | None:
    """The `before` or `after` of a change as Python knows it; a column that is gone is left out."""
    if text is None:
        return None
    fields = model._meta.fields
    return {name: fields[name].python_value(value) for name, value in json.loads(text).items() if name in fields}


def is_needed(model: Any, key: Any) -> bool:
    """Whether another row of the directory refers to this one and cannot exist without it."""
    return any(
        field.model.select().where(field == key).exists()
        for field in model._meta.backrefs
        if field.model in CHILDREN_FIRST and (field.on_delete == "RESTRICT" or not field.null)
    )
