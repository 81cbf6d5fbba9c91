"""Puts a backup in the place of the database. What was there stays beside it."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from portal.backups.create import copy, replace_atomically
from portal.backups.verify import prove

_LOGS = ("-wal", "-shm", "-journal")


class DatabaseInUse(Exception):
    """Somebody has the database open."""


def restore(backup: Path, database: Path, moment: datetime) -> Path | None:
    """Put what `backup` holds in the place of `database`; gives where the old one is kept, or
    None where there was none. `moment` (aware) goes into its name.

    Raises InvalidBackup where `backup` is not good and DatabaseInUse where the portal runs; then
    nothing has changed. Raises OSError or sqlite3.Error where the disk does not let it. Whenever
    it is stopped, there is a whole database or the old one.
    """
    prove(backup)
    database.parent.mkdir(parents=True, exist_ok=True)
    new = database.with_name(f"{database.name}.new")
    kept = None
    try:
        copy(backup, new)
        prove(new)
        if database.exists():
            _close(database)
            kept = _keep(database, moment)
            _hand_over(database, new)
        # The log of the old database would be read into the new one.
        for end in _LOGS:
            _beside(database, end).unlink(missing_ok=True)
        replace_atomically(new, database)
    finally:
        for left in database.parent.glob(f"{new.name}*"):
            left.unlink()
    return kept


def _close(database: Path) -> None:
    """Bring the log of a database into its file. Raises DatabaseInUse where anybody has it open:
    only who is alone may do this."""
    try:
        with closing(sqlite3.connect(database, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise DatabaseInUse from None
    except sqlite3.DatabaseError:
        pass  # it is broken: that is why somebody restores


def _keep(database: Path, moment: datetime) -> Path:
    """Copy a database with its logs, which one that is broken could not take in."""
    kept = database.with_name(
        f"{database.stem}-replaced-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite"
    )
    try:
        for end in ("", *_LOGS):
            if (part := _beside(database, end)).exists():
                shutil.copy2(part, _beside(kept, end))
    except OSError:
        for end in ("", *_LOGS):
            _beside(kept, end).unlink(missing_ok=True)
        raise
    return kept


def _hand_over(old: Path, new: Path) -> None:
    """Let `new` be of whom `old` was: who restores may be somebody else than who serves."""
    shutil.copymode(old, new)
    if os.name == "posix":
        os.chown(new, old.stat().st_uid, old.stat().st_gid)


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)
