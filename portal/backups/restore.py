"""Replaces the database by a backup, and keeps the replaced one beside it."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from portal.backups.create import copy, replace_atomically
from portal.backups.verify import verify

_SIDE_FILES = ("-wal", "-shm", "-journal")


class DatabaseInUse(Exception):
    """Another process has the database open."""


def restore(backup: Path, database: Path, moment: datetime) -> Path | None:
    """Replace `database` by `backup`; returns where the old one is kept, or None where there was
    none. The aware `moment` becomes part of its name.

    Raises InvalidBackup where `backup` is damaged and DatabaseInUse where the portal runs; then
    nothing has changed. Raises OSError or sqlite3.Error where the disk fails. A process killed at
    any point leaves the old database or the new one, whole.
    """
    verify(backup)
    database.parent.mkdir(parents=True, exist_ok=True)
    new = database.with_name(f"{database.name}.new")
    kept = None
    try:
        copy(backup, new)
        verify(new)
        if database.exists():
            _close(database)
            kept = _keep(database, moment)
            _copy_owner(database, new)
        # SQLite would apply the WAL of the old database to the new one.
        for suffix in _SIDE_FILES:
            _beside(database, suffix).unlink(missing_ok=True)
        replace_atomically(new, database)
    finally:
        for left in database.parent.glob(f"{new.name}*"):
            left.unlink()
    return kept


def _close(database: Path) -> None:
    """Checkpoint the WAL into the file. Raises DatabaseInUse where another process has the
    database open, because leaving WAL mode needs an exclusive lock."""
    try:
        with closing(sqlite3.connect(database, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise DatabaseInUse from None
    except sqlite3.DatabaseError:
        pass  # a damaged database may be the reason to restore


def _keep(database: Path, moment: datetime) -> Path:
    """Copy a database with its side files: a damaged one cannot checkpoint its WAL."""
    kept = database.with_name(
        f"{database.stem}-replaced-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite"
    )
    try:
        for suffix in ("", *_SIDE_FILES):
            if (part := _beside(database, suffix)).exists():
                shutil.copy2(part, _beside(kept, suffix))
    except OSError:
        for suffix in ("", *_SIDE_FILES):
            _beside(kept, suffix).unlink(missing_ok=True)
        raise
    return kept


def _copy_owner(old: Path, new: Path) -> None:
    """Copy owner and mode: the restoring user may differ from the service user."""
    shutil.copymode(old, new)
    if os.name == "posix":
        os.chown(new, old.stat().st_uid, old.stat().st_gid)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
