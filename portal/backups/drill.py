"""The drill of a restore: a backup is put back in a temporary database and compared with the one in
use, which stays as it is."""

from pathlib import Path
from typing import Any, NamedTuple

from peewee import DatabaseError, Table, fn

from portal.backups.store import BackupError, InvalidBackup, get_store
from portal.config import Config
from portal.database import current_engine, make_engine
from portal.database.engine import Engine

_TRAIL = "audit_entry"  # never altered, so what both databases hold is equal


class Counted(NamedTuple):
    """A table, with its rows in the backup and now."""

    table: str
    restored: int
    now: int


def drill(config: Config, backup: Path) -> list[Counted]:
    """Restore a backup into a temporary database and count the rows of both; needs a connection.

    Raises InvalidBackup where the backup is damaged, is empty, or has another trail than the
    database in use, BackupError and OSError where it cannot be put back or compared.
    """
    store = get_store(config)
    store.verify(backup)
    with store.trial(backup) as address:
        restored = make_engine(address)
        restored.db.connect()
        try:
            mine, theirs = _read(current_engine()), _read(restored)
        except DatabaseError as error:
            raise BackupError(f"De database van nu is niet te lezen ({error}).") from None
        finally:
            restored.db.close()
    (counts, trail), (restored_counts, restored_trail) = mine, theirs
    shared = trail.keys() & restored_trail.keys()
    if any(trail[number] != restored_trail[number] for number in shared):
        raise InvalidBackup(f"{backup.name}: het spoor is anders dan dat van de portal.")
    if not restored_counts.get("school"):
        raise InvalidBackup(f"{backup.name}: er staan geen scholen in.")
    tables = sorted(counts.keys() | restored_counts.keys())
    return [Counted(name, restored_counts.get(name, 0), counts.get(name, 0)) for name in tables]


def _read(engine: Engine) -> tuple[dict[str, int], dict[int, tuple[object, ...]]]:
    """The rows of each table, and the last entries of the trail by their id."""
    database = engine.db
    counts = {name: Table(name).select(fn.COUNT(1)).bind(database).scalar() for name in database.get_tables()}
    trail: list[tuple[Any, ...]] = []
    if _TRAIL in counts:
        trail = database.execute_sql(
            "SELECT id, at, actor, action, subject, subject_id FROM audit_entry ORDER BY id DESC LIMIT 5000"
        ).fetchall()
    return counts, {row[0]: row for row in trail}
