"""Synchronises a table with a list of rows and counts the differences."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from peewee import IntegrityError

from portal.database import BaseModel, fetch_tuples
from portal.seeding.files_against_typed_rows import FileUpdate
from portal.seeding.seed_files import SeedError, SeedRow


class Difference(NamedTuple):
    """The numbers of rows that a table gained, changed and lost."""

    table: str
    added: int
    changed: int
    removed: int

    def __str__(self) -> str:
        parts = ((self.added, "nieuw"), (self.changed, "gewijzigd"), (self.removed, "weg"))
        return f"{self.table}: " + ", ".join(f"{n} {word}" for n, word in parts if n)


def ids(model: type[BaseModel], label: str, field: str = "key") -> dict[str, int]:
    """The id of each row of `model`, by its natural key `field`. A missing key raises SeedError,
    with `label` for the table."""
    query = model.select(model._meta.fields[field], model.id)
    return SeedRow(dict(fetch_tuples(query)), label)


def sync(
    model: type[BaseModel],
    label: str,
    key: tuple[str, ...],
    rows: Iterable[dict[str, Any]],
    keep_missing: bool = False,
    only: Any = None,
    update: FileUpdate | None = None,
    present: Iterable[Any] | None = None,
) -> Difference:
    """Make the table of `model` hold exactly `rows`, matched on the fields `key`.

    An equal row is not written: its id, and every reference to it, stays. With `keep_missing`, rows that are absent
    from `rows` stay. `only` is a condition that limits the synchronisation to a part of the table; `present` are its
    rows, where they were read. `update` writes them; by default directly. Raises SeedError for a duplicate key in
    `rows`, and for a row that refers to a missing row or would be deleted while another row refers to it.
    """
    update = update or FileUpdate()
    if present is None:
        present = model.select() if only is None else model.select().where(only)
    old = {tuple(row.__data__[name] for name in key): row for row in present}
    added = changed = removed = 0
    seen = set()
    for row in rows:
        named = tuple(row[name] for name in key)
        if named in seen:
            raise SeedError(f"{label}: {' '.join(map(str, named))} staat er twee keer.")
        seen.add(named)
        current = old.pop(named, None)
        try:
            if current is None:
                added += update.add(model, row, key)
            else:
                changed += update.change(current, row)
        except IntegrityError:
            raise SeedError(f"{label}: {' '.join(map(str, named))} verwijst naar iets dat ontbreekt.") from None
    for name, missing in ({} if keep_missing else old).items():
        try:
            removed += update.remove(missing)
        except IntegrityError:
            raise SeedError(f"{label}: {' '.join(map(str, name))} verdwijnt, maar is nog in gebruik.") from None
    update.write()
    return Difference(label, added, changed, removed)
