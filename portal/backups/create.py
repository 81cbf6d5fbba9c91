"""Makes a backup: one file, whole or not there at all. Which ones are kept follows from their
names."""

import os
import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.backups.verify import prove
from portal.clock import day_of

_MOMENT = "%Y%m%dT%H%M%SZ"
_ALL = timedelta(hours=48)
_DAILY = timedelta(days=35)
_UNFINISHED = timedelta(hours=1)


def make_backup(database: Path, folder: Path, moment: datetime) -> Path:
    """Copy `database` as it is at this moment to a file in `folder` that is named after `moment`
    (aware); gives that file.

    Others read and write meanwhile. Raises InvalidBackup where the copy is not good, OSError or
    sqlite3.Error where it cannot be made; then there is no new file.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{database.stem}-{moment.astimezone(UTC):{_MOMENT}}.sqlite"
    new = path.with_suffix(".new")
    try:
        copy(database, new)
        prove(new)
        replace_atomically(new, path)
    finally:
        for left in folder.glob(f"{new.name}*"):
            left.unlink()
    return path


def copy(source: Path, target: Path) -> None:
    """Copy a database to a new file that only its owner can read, with what its log holds.

    Not by copying the file: what stands in the log would be missing. In one step: the log keeps
    others from waiting, and in more steps each write of theirs would begin it anew.
    """
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(_open(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        # One file, without a log beside it, that can also be read where nothing can be written.
        new.execute("PRAGMA journal_mode = DELETE")


def replace_atomically(new: Path, path: Path) -> None:
    """Bring a file to disk and give it its name, which it gets as a whole."""
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
    """The backups of `database` and the moments they were made, the newest first."""
    name = re.compile(rf"{re.escape(database.stem)}-(\d{{8}}T\d{{6}}Z)\.sqlite")
    found = []
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if match := name.fullmatch(path.name):
                moment = datetime.strptime(match[1], _MOMENT).replace(tzinfo=UTC)
                found.append((moment, path))
    return sorted(found, reverse=True)


def clear_old(database: Path, folder: Path, now: datetime) -> None:
    """Keep every backup for 48 hours, and for 35 days the last of each day in Amsterdam. Away with
    what somebody left who was stopped in the middle."""
    days = set()
    for moment, path in list_backups(database, folder):
        day = day_of(moment)
        if now - moment > (_ALL if day in days else _DAILY):
            path.unlink()
        days.add(day)
    for path in folder.glob(f"{database.stem}-*.new*"):
        if now.timestamp() - path.stat().st_mtime > _UNFINISHED.total_seconds():
            path.unlink()


def _open(path: Path) -> sqlite3.Connection:
    """To read only; a file that is not there is not made."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
