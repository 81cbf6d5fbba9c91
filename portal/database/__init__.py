"""The database: one file, opened once per worker thread, and what every model shares."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from flask import Flask
from peewee import BigIntegerField, CharField, DateField, Model, SqliteDatabase
from playhouse.migrations import Runner

MIGRATIONS = Path(__file__).parent / "migrations"

# IMMEDIATE: a transaction that reads and then writes otherwise fails with "database is
# locked" as soon as two requests meet.
db = SqliteDatabase(
    None,
    lock_type="IMMEDIATE",
    pragmas={
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "synchronous": "full",
        # What is deleted is overwritten, not left in a page that is free.
        "secure_delete": 1,
    },
)


class TimestampField(BigIntegerField):
    """A moment: an aware datetime in UTC, stored as microseconds so that it sorts and compares."""

    def db_value(self, value: datetime | None) -> int | None:
        return None if value is None else round(value.timestamp() * 1_000_000)

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, UTC)


class EnumField(CharField):
    """A member of a string enumeration, stored as its value. Raises ValueError for any other."""

    def __init__(self, enumeration: type[StrEnum], **options: Any) -> None:
        super().__init__(**options)
        self.enumeration = enumeration

    def db_value(self, value: str | None) -> str | None:
        return None if value is None else self.enumeration(value).value

    def python_value(self, value: str | None) -> StrEnum | None:
        return None if value is None else self.enumeration(value)


class BaseModel(Model):
    """A table of the portal. Table names are singular, like the model's."""

    id: Any  # for the type checker: peewee adds it where no field is the primary key

    class Meta:
        database = db
        legacy_table_names = False


class DatabaseFlag(BaseModel):
    """A fact about the whole database that is set once and never taken away."""

    name = CharField(primary_key=True)
    set_on = DateField()

    DEMO = "demo"


def open_database(path: Path) -> None:
    """Point the portal at the file `path`; nothing is read yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not db.is_closed():
        db.close()
    db.init(str(path))


def migrate() -> list[str]:
    """Bring the tables up to date; gives the names of the migrations that were applied.

    Called by one command at a time (`flask serve` before it starts its workers, `flask seed`).
    """
    with connection():
        applied: list[str] = Runner(db, str(MIGRATIONS)).up()
    return applied


@contextmanager
def connection() -> Iterator[None]:
    """A connection outside a request, for commands."""
    opened = db.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            db.close()


def fetch_tuples(query: Any) -> list[tuple[Any, ...]]:
    """The rows of a select as plain tuples; its own type hints promise model instances."""
    return list(query.tuples())


Values = ParamSpec("Values")
Result = TypeVar("Result")


class _Remembered(threading.local):
    """The answers that a thread remembers, and of which state of which connection they are."""

    state: tuple[object, ...] = ()
    answers: dict[object, Any]

    MOST = 64  # different days, mostly

    def __init__(self) -> None:
        self.answers = {}


_remembered = _Remembered()


def cached_until_write(ask: Callable[Values, Result]) -> Callable[Values, Result]:
    """Remember what `ask` answers for as long as nothing changes in the database, whoever changes
    it: SQLite counts what this connection writes, and tells when another one did.

    For what is small, changes seldom and is asked on almost every page. Answers are shared, so
    they are tuples. Within a transaction nothing is remembered: it may be rolled back.
    """

    @wraps(ask)
    def answer(*args: Values.args, **kwargs: Values.kwargs) -> Result:
        connection = db.connection()  # type: ignore[no-untyped-call]
        if connection.in_transaction:
            return ask(*args, **kwargs)
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        state = (connection, version, connection.total_changes)
        if _remembered.state != state or len(_remembered.answers) >= _Remembered.MOST:
            _remembered.state, _remembered.answers = state, {}
        key = (ask, args, *kwargs.items())
        if key not in _remembered.answers:
            _remembered.answers[key] = ask(*args, **kwargs)
        found: Result = _remembered.answers[key]
        return found

    return answer


def can_write() -> bool:
    """Whether the database takes a change now. It says the same as it said, but it is written: one
    that is taken back would never reach the disk."""
    db.execute_sql("PRAGMA user_version = 0")  # type: ignore[no-untyped-call]
    return True


def is_unavailable(error: BaseException) -> bool:
    """Whether the disk, a right, a lock or the file itself stands in the way, now; not where a
    statement is wrong. What was asked can be asked again later."""
    # Not only the last: undoing what SQLite has already undone is an error of its own.
    found: BaseException | None = error
    while found:
        if getattr(found, "sqlite_errorcode", 0) & 0xFF in _OUT_OF_REACH:
            return True
        found = found.__context__
    return False


_OUT_OF_REACH = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB,
}  # fmt: skip


def checkpoint_wal() -> None:
    """Bring the log of the database into its file and empty it, so that no old text stays there
    (`secure_delete` does the rest). While somebody reads it does less; the next time does more."""
    db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[no-untyped-call]


@cached_until_write
def is_demo() -> bool:
    """Whether this database holds the invented people of the demo."""
    return DatabaseFlag.get_or_none(DatabaseFlag.name == DatabaseFlag.DEMO) is not None


def register_hooks(app: Flask) -> None:
    """Leave the connection of a thread clean for its next request.

    It is opened by the first question and stays open: one per request would cost a third of it.
    """

    @app.teardown_request
    def leave_clean(error: BaseException | None) -> None:
        if not db.is_closed() and db.in_transaction():
            db.rollback()
