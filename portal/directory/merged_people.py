"""Two people who are the same become one: everything about the second goes to the first."""

from typing import Any

from portal.database import fetch_tuples
from portal.directory.change_sets import Change, ChangeSet
from portal.directory.models import Absence, Assignment, ContactDetail, Employment, Person, Substitute, Visibility

# The columns that say what a row is about, beside its person.
_SAME: dict[Any, tuple[str, ...]] = {
    Assignment: ("role", "school", "kern"), Absence: (), ContactDetail: ("kind", "value", "label"),
    Employment: (),
}  # fmt: skip
_WORKING_TIME = ("working_days", "hours", "reached_by")


def merge(change_set: ChangeSet, kept: Person, removed: Person) -> None:
    """Give all rows about `removed` to `kept`, and remove that person. Rows about the same that
    overlap become one; where `kept` knows a working day or hour, that counts."""
    missing = {n: removed.__data__[n] for n in _WORKING_TIME if not kept.__data__[n]}
    change_set.change(kept, **{name: value for name, value in missing.items() if value})
    last = max((row.position for row in _rows_of(ContactDetail, kept)), default=-1)
    for row in _rows_of(Substitute, removed):
        if row.assignment.person_id == kept.id:
            change_set.remove(row)  # nobody stands in for themselves
        else:
            change_set.change(row, person=kept)
    if _rows_of(Employment, kept):  # what is known of the one who stays counts
        for row in _rows_of(Employment, removed):
            change_set.remove(row)
    for model in (Assignment, Absence, ContactDetail, Employment):
        for row in _rows_of(model, removed):
            # The numbers of the one who stays come first.
            more = {"position": row.position + last + 1} if model is ContactDetail else {}
            change_set.change(row, person=kept, **more)
        _unite(change_set, model, kept)
    for row in Substitute.select().join(Assignment).where(Substitute.person == kept):
        if row.assignment.person_id == kept.id:
            change_set.remove(row)
    change_set.remove(removed)


def find_kept(person: int) -> int | None:
    """The person (id) into whom the removed person with this id was merged."""
    about = (Change.table == "person") & ~Change.undone
    gone = about & (Change.row == str(person)) & Change.after.is_null()
    sets = Change.select(Change.change_set).where(gone)
    others = about & Change.change_set.in_(sets) & Change.after.is_null(False)
    found = Change.select(Change.row).where(others).order_by(Change.id.desc()).limit(1)
    kept = next((int(row) for (row,) in fetch_tuples(found)), None)
    if kept is None or Person.get_or_none(Person.id == kept):
        return kept
    return find_kept(kept)


def list_merged(person: int) -> list[int]:
    """The people (ids) who were merged into this one."""
    about = (Change.table == "person") & ~Change.undone
    sets = Change.select(Change.change_set).where(about & (Change.row == str(person)))
    gone = about & Change.after.is_null() & (Change.row != str(person))
    removed = fetch_tuples(Change.select(Change.row).where(gone & Change.change_set.in_(sets)))
    return [number for (row,) in removed for number in (int(row), *list_merged(int(row)))]


def _rows_of(model: Any, person: Person) -> list[Any]:
    return list(model.select().where(model.person == person).order_by(model.id))


def _unite(change_set: ChangeSet, model: Any, kept: Person) -> None:
    """Make one row of rows about the same that overlap in time."""
    united: dict[tuple[Any, ...], Any] = {}
    rows = _rows_of(model, kept)
    for row in sorted(rows, key=lambda row: (str(row.valid_from or ""), row.id)):
        about = tuple(row.__data__[name] for name in _SAME[model])
        first = united.setdefault(about, row)
        if first.valid_until and row.valid_from and first.valid_until <= row.valid_from:
            united[about] = row
        elif first is not row:
            _absorb(change_set, model, first, row)


def _absorb(change_set: ChangeSet, model: Any, first: Any, row: Any) -> None:
    """Let the earlier row hold for the time of a later one too, which is removed."""
    values: dict[str, Any] = {}
    if first.valid_until and (row.valid_until is None or row.valid_until > first.valid_until):
        values["valid_until"] = row.valid_until
    if model is ContactDetail and row.visibility == Visibility.MEMBERS:
        values["visibility"] = Visibility.MEMBERS
    if model in (Assignment, Employment) and not row.is_pending:
        values["is_pending"] = False
    change_set.change(first, **values)
    if model in (Assignment, Absence):
        name = model._meta.table_name
        for substitute in Substitute.select().where(getattr(Substitute, name) == row):
            _move_substitute(change_set, substitute, name, first)
    change_set.remove(row)


def _move_substitute(change_set: ChangeSet, substitute: Any, name: str, first: Any) -> None:
    post = {"absence": substitute.absence_id, "assignment": substitute.assignment_id}
    post[name] = first.id
    there = (Substitute.absence == post["absence"]) & (Substitute.assignment == post["assignment"])
    if Substitute.select().where(there).exists():
        change_set.remove(substitute)
    else:
        change_set.change(substitute, **{name: first})
