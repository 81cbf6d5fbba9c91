"""Backups of a database of SQLite: each a database file of its own."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from portal.backups.make_and_restore import refuse_unknown
from portal.backups.store import BackupError, DatabaseInUse, InvalidBackup, Store, replace_atomically

_SIDE_FILES = ("-wal", "-shm", "-journal")


class SqliteStore(Store):
    """A database file, which need not exist."""

    suffix = ".sqlite"

    def __init__(self, database: Path) -> None:
        self.database = database
        self.name = database.stem

    def copy(self, target: Path) -> None:
        """See Store.copy. A copy of the file alone would lack the WAL."""
        _copy(self.database, target)

    def verify(self, backup: Path) -> None:
        """See Store.verify: the integrity of the file, its foreign keys and its migrations."""
        try:
            with closing(_open(backup)) as connection:
                broken = connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",)
                loose = connection.execute("PRAGMA foreign_key_check").fetchone()
                names = [row[0] for row in connection.execute("SELECT name FROM schema_migration")]
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                raise InvalidBackup(f"{backup.name}: dit is geen database van Kernwijzer.") from None
            raise InvalidBackup(f"{backup.name}: dit bestand is niet te lezen ({error}).") from None
        except sqlite3.DatabaseError as error:
            raise InvalidBackup(f"{backup.name}: dit bestand is niet heel ({error}).") from None
        if broken or loose:
            raise InvalidBackup(f"{backup.name}: dit bestand is niet heel.")
        refuse_unknown(names, backup)

    def refuse_in_use(self) -> None:
        """See Store.refuse_in_use. Checkpoints the WAL into the file: leaving WAL mode needs an exclusive lock."""
        if not self.database.is_file():
            raise BackupError(f"De database {self.database} is er niet.")
        try:
            with closing(sqlite3.connect(self.database, timeout=1)) as connection:
                connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise DatabaseInUse from None
        except sqlite3.DatabaseError:
            pass  # a damaged database may be the reason to restore

    def restore(self, backup: Path, moment: datetime) -> str:
        """See Store.restore. The old database stays beside the new one."""
        database = self.database
        database.parent.mkdir(parents=True, exist_ok=True)
        new = database.with_name(f"{database.name}.new")
        kept = ""
        try:
            _copy(backup, new)
            self.verify(new)
            if database.exists():
                self.refuse_in_use()
                kept = str(_keep(database, moment))
                _copy_owner(database, new)
            # SQLite would apply the WAL of the old database to the new one.
            for suffix in _SIDE_FILES:
                _beside(database, suffix).unlink(missing_ok=True)
            replace_atomically(new, database)
        finally:
            for left in database.parent.glob(f"{new.name}*"):
                left.unlink()
        return kept

    @contextmanager
    def trial(self, backup: Path) -> Iterator[str]:
        """See Store.trial: a file beside the database, where there is room for another."""
        prefix, suffix = f"{self.name}-drill-", ".new"  # by which a killed one is found
        with tempfile.TemporaryDirectory(suffix, prefix, self.database.parent) as folder:
            database = Path(folder) / self.database.name
            SqliteStore(database).restore(backup, datetime.now(UTC))
            yield f"sqlite:///{database}"


def _copy(source: Path, target: Path) -> None:
    """Copy a database with its WAL to a new file of mode 0600. Raises BackupError.

    By the backup API of SQLite. In one step: in WAL mode it blocks no writer, and in several steps
    each write would start the copy again.
    """
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _telling(), closing(_open(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        # Without a WAL beside it the file can be read on a medium that takes no writes.
        new.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _telling() -> Iterator[None]:
    """Raise BackupError for an error of SQLite."""
    try:
        yield
    except sqlite3.Error as error:
        raise BackupError(str(error)) from error


def _open(path: Path) -> sqlite3.Connection:
    """A read-only connection, which does not create a missing file."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)


def _keep(database: Path, moment: datetime) -> Path:
    """Copy a database with its side files: a damaged one cannot checkpoint its WAL."""
    kept = database.with_name(f"{database.stem}-replaced-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite")
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
