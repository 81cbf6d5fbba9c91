"""Makes a table equal to a list of rows, and counts what that changed."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from peewee import IntegrityError

from portal.database import BaseModel


class SeedError(Exception):
    """Seeds that contradict themselves or the database; one Dutch sentence says where."""


class Difference(NamedTuple):
    """What a table gained and lost."""

    table: str
    added: int
    changed: int
    removed: int

    def __str__(self) -> str:
        parts = ((self.added, "nieuw"), (self.changed, "gewijzigd"), (self.removed, "weg"))
        return f"{self.table}: " + ", ".join(f"{n} {word}" for n, word in parts if n)


def ids(model: type[BaseModel], field: str = "key") -> dict[str, int]:
    """The id of each row of `model`, by its natural key."""
    return {row.__data__[field]: row.id for row in model.select()}


def sync(
    model: type[BaseModel],
    label: str,
    key: tuple[str, ...],
    rows: Iterable[dict[str, Any]],
    keep_missing: bool = False,
    only: Any = None,
) -> Difference:
    """Make the table of `model` hold exactly `rows`, matched on the fields `key`.

    A row that is equal already is not written, so that its id and everything that hangs on it
    stays. `keep_missing` leaves rows alone that are not in `rows`; `only` is a condition: rows
    outside it are none of this call's business. Raises SeedError for a row that would go while
    other rows still need it.
    """
    present = model.select() if only is None else model.select().where(only)
    table: Any = model
    primary_key = table._meta.primary_key
    old = {tuple(row.__data__[name] for name in key): row for row in present}
    added = changed = 0
    seen = set()
    for row in rows:
        named = tuple(row[name] for name in key)
        if named in seen:
            raise SeedError(f"{label}: {' '.join(map(str, named))} staat er twee keer.")
        seen.add(named)
        current = old.pop(named, None)
        if current is None:
            model.create(**row)
            added += 1
        elif differing := {name: v for name, v in row.items() if current.__data__[name] != v}:
            model.update(differing).where(
                primary_key == getattr(current, primary_key.name)
            ).execute()
            changed += 1
    gone = (
        {} if keep_missing else {name: getattr(row, primary_key.name) for name, row in old.items()}
    )
    for name, row_id in gone.items():
        try:
            model.delete().where(primary_key == row_id).execute()
        except IntegrityError:
            raise SeedError(
                f"{label}: {' '.join(map(str, name))} verdwijnt, maar is nog in gebruik."
            ) from None
    return Difference(label, added, changed, len(gone))
