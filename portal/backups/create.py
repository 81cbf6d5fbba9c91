"""Makes and lists backups, each one file that appears whole or not at all."""

import os
import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.backups.verify import verify

EVERY = timedelta(hours=1)
_TIMESTAMP = "%Y%m%dT%H%M%SZ"


def make_backup(database: Path, folder: Path, moment: datetime) -> Path:
    """Copy `database` to a file in `folder` that is named after the aware `moment`; returns it.

    Others read and write meanwhile. Raises InvalidBackup where the copy is damaged, OSError or
    sqlite3.Error where it cannot be made; then there is no new file.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{database.stem}-{moment.astimezone(UTC):{_TIMESTAMP}}.sqlite"
    new = path.with_suffix(".new")
    try:
        copy(database, new)
        verify(new)
        replace_atomically(new, path)
    finally:
        for left in folder.glob(f"{new.name}*"):
            left.unlink()
    return path


def copy(source: Path, target: Path) -> None:
    """Copy a database with its WAL to a new file of mode 0600.

    By the backup API of SQLite, because a copy of the file lacks the WAL. In one step: in WAL mode
    it blocks no writer, and in several steps each write would start the copy again.
    """
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(_open(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        # Without a WAL beside it the file can be read on a medium that takes no writes.
        new.execute("PRAGMA journal_mode = DELETE")


def replace_atomically(new: Path, path: Path) -> None:
    """Sync `new` to disk and rename it to `path`, which another process sees whole or not."""
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    new.replace(path)
    if os.name == "posix":
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def list_backups(database: Path, folder: Path) -> list[tuple[datetime, Path]]:
    """The backups of `database` with their aware moments, the newest first."""
    name = re.compile(rf"{re.escape(database.stem)}-(\d{{8}}T\d{{6}}Z)\.sqlite")
    found = []
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if match := name.fullmatch(path.name):
                moment = datetime.strptime(match[1], _TIMESTAMP).replace(tzinfo=UTC)
                found.append((moment, path))
    return sorted(found, reverse=True)


def _open(path: Path) -> sqlite3.Connection:
    """A read-only connection, which does not create a missing file."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
