"""The interface to a database for its backups: what differs between SQLite and PostgreSQL."""

import json
import os
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from portal.config import Config


class BackupError(Exception):
    """A backup or restore that failed; the message says why, in Dutch."""


class InvalidBackup(BackupError):
    """A file that is no undamaged backup of this portal."""


class DatabaseInUse(BackupError):
    """Another process has the database open."""


class Store(ABC):
    """One database: how it is copied to one file, and how that file is verified and put back."""

    name: str  # the names of its backups begin with it
    suffix: str  # the names of its backups end with it
    programs: tuple[str, ...] = ()  # that its backups need on this machine

    @abstractmethod
    def copy(self, target: Path) -> None:
        """Copy what is committed now to a new file of mode 0600, while others read and write.

        Raises BackupError.
        """

    @abstractmethod
    def verify(self, backup: Path) -> None:
        """Read the whole file; changes nothing.

        Raises InvalidBackup where it is damaged, is no database of the portal, or was made by a newer version of it.
        """

    @abstractmethod
    def refuse_in_use(self) -> None:
        """Raise DatabaseInUse where another process has the database open, and BackupError where there is none."""

    @abstractmethod
    def restore(self, backup: Path, moment: datetime) -> str:
        """Replace the database by a backup; returns where the old one is kept, "" where there was none. The aware
        `moment` becomes part of its name.

        Raises InvalidBackup and DatabaseInUse; then nothing has changed. Raises BackupError or OSError where it fails
        otherwise. A process killed at any point leaves the old database or the new one, whole.
        """

    @abstractmethod
    def trial(self, backup: Path) -> AbstractContextManager[str]:
        """Restore a backup into a temporary database; gives its address, as in DATABASE_URL. Raises
        BackupError or OSError."""


def get_store(config: Config) -> Store:
    """The database of these settings."""
    if config.sqlite_file:
        from portal.backups.sqlite import SqliteStore

        return SqliteStore(config.sqlite_file)
    from portal.backups.postgres import PostgresStore  # with its driver, so only here

    return PostgresStore(config.database_url)


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


def write_json(path: Path, value: object) -> None:
    """Write `value` as JSON to a file of mode 0600, whole or not at all. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(value))
    new.chmod(0o600)
    replace_atomically(new, path)
