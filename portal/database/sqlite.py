"""Everything that only holds for SQLite: connection options, errors, full text, triggers."""

import fcntl
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import Database, SqliteDatabase, fn

from portal.text import fold

# These codes say that the file, the disk or a lock is the trouble, and not the statement.
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB,
}  # fmt: skip
PRAGMAS: dict[str, int | str] = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "busy_timeout": 5000,  # milliseconds
    "synchronous": "full",
    "secure_delete": 1,  # overwrites deleted rows, which otherwise stay in a free page
}

_PROBE = 64 * 1024  # bytes: the largest form


def make_database() -> SqliteDatabase:
    """A database without a file yet, with the options that the portal relies on."""
    database = SqliteDatabase(
        None,
        # BEGIN IMMEDIATE: a transaction that reads before it writes otherwise fails with
        # "database is locked" as soon as two requests meet.
        lock_type="IMMEDIATE",
        pragmas=PRAGMAS,
    )
    database.register_function(fold, "fold", 1, deterministic=True)
    return database


def in_order(text: Any) -> Any:
    """A text column for ORDER BY, in Dutch order: see `portal.text.fold`."""
    return fn.fold(text)


@contextmanager
def migration_lock(db: SqliteDatabase) -> Iterator[None]:
    """Wait until no other process migrates this database, and keep the others waiting.

    Locks the folder: a migration is several transactions, and opening the file of the database
    outside SQLite would end the locks of SQLite when it is closed.
    """
    folder = os.open(Path(db.database).absolute().parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def read_state(connection: sqlite3.Connection) -> object:
    """A value that changes with every write of any connection; None inside a transaction."""
    if connection.in_transaction:
        return None
    # data_version changes when another connection writes, total_changes when this one does.
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    return connection, version, connection.total_changes


def can_write(db: Database) -> bool:
    """Whether the database takes a change of 64 kB now, and the disk a file of that size. Raises
    peewee.DatabaseError or OSError where it does not.

    Rolls the change back, so that nothing is written and no cache is emptied. It never reaches
    the disk, which is therefore asked by a file without a name.
    """
    with db.atomic() as transaction:
        db.execute_sql(f"CREATE TABLE probe AS SELECT zeroblob({_PROBE})")
        transaction.rollback()
    with tempfile.TemporaryFile(dir=Path(db.database).parent, buffering=0) as file:
        file.write(bytes(_PROBE))
    return True


def scrub(db: Database) -> None:
    """Checkpoint and truncate the WAL, so that deleted text does not survive in it.

    A connection that reads at that moment keeps a part of the WAL; the next call takes it.
    """
    db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def is_unavailable(error: BaseException) -> bool:
    """Whether the disk, a permission, a lock or the file itself caused `error`, so that the same
    request may succeed later; False where the statement is wrong."""
    # Also the errors before it: rolling back what SQLite already rolled back is another error.
    cause: BaseException | None = error
    while cause:
        if getattr(cause, "sqlite_errorcode", 0) & 0xFF in _UNAVAILABLE:
            return True
        cause = cause.__context__
    return False


def create_search_table(
    db: Database, table: str, searched: Sequence[str], kept: Sequence[str]
) -> None:
    """Create a full-text table with the columns `searched`, and `kept` which are only stored."""
    columns = [*searched, *(f"{column} UNINDEXED" for column in kept)]
    db.execute_sql(
        f"CREATE VIRTUAL TABLE {table} USING fts5 ({', '.join(columns)}, "
        "tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5')"
    )


def make_append_only(db: Database, table: str) -> None:
    """Refuse every UPDATE and DELETE on `table`."""
    for change in ("UPDATE", "DELETE"):
        db.execute_sql(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
