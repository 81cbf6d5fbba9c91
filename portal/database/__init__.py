"""The database: its connection, opened once per worker thread, and the base of every model."""

from portal.database import driver  # noqa: F401 - before peewee

# isort: split
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from peewee import SCOPE_VALUES, SQL, DatabaseProxy, Field, Model
from playhouse.migrations import Migration, Runner

from portal.config import SettingError
from portal.database.engine import Engine
from portal.database.fields import Readers, choose_reader, read_rows
from portal.database.sqlite import SqliteEngine

MIGRATIONS = Path(__file__).parent / "migrations"

db = DatabaseProxy()
_engine: Engine
_inserts: dict[tuple[object, ...], tuple[str, list[Field]]] = {}  # of `add_unless_present`


class OtherVersion(Exception):
    """The database belongs to another version of the portal; the message names its migrations."""


class Outdated(Exception):
    """Something is not as it was shown any more; `present` is what there is now, where it says."""

    def __init__(self, present: Any = None) -> None:
        super().__init__()
        self.present = present


class BaseModel(Model):
    """A table of the portal. Table names are singular, like the model's."""

    id: Any  # for the type checker: peewee adds it where no field is the primary key

    class Meta:
        database = db
        legacy_table_names = False


def _write_column(field: Any, context: Any) -> Any:
    """Write a column as `"t1"."name"`, or as `"name"` among the values of a statement. The objects
    that peewee makes for the same text take two thirds of the time of writing a select."""
    if context.scope == SCOPE_VALUES:
        return context.literal(f'"{field.column_name}"')
    table = context.alias_manager[field.model._meta.table]
    return context.literal(f'"{table}"."{field.column_name}"')


Field.__sql__ = _write_column  # type: ignore[method-assign]  # of the fields of all models


def open_database(url: str) -> None:
    """Point the portal at the database of this address, as in DATABASE_URL; nothing is read yet.

    Raises SettingError where the driver of PostgreSQL is not installed.
    """
    global _engine
    if db.obj and not db.is_closed():
        db.close()
    _engine = make_engine(url)
    db.initialize(_engine.db)


def current_engine() -> Engine:
    """The engine of the database that the portal is pointed at."""
    return _engine


def make_engine(url: str) -> Engine:
    """The engine of the database of this address; see `open_database`, which uses it for all."""
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteEngine(path)
    try:
        from portal.database.postgres import PostgresEngine  # with its driver, so only here
    except ModuleNotFoundError:
        raise SettingError(
            "DATABASE_URL: voor PostgreSQL is psycopg nodig. Installeer "
            "requirements-postgres.lock: zie docs/running.md."
        ) from None
    return PostgresEngine(url)


def migrate(copy: Callable[[], object] = lambda: None, finish: Callable[[], object] = lambda: None) -> list[str]:
    """Apply the migrations that are pending; gives their names. `copy` is called before they change
    a database that holds something, `finish` after them, in a transaction.

    One process at a time: another waits and finds nothing pending. Raises OtherVersion where the
    database had a migration that this program does not know.
    """
    with _engine.migration_lock(), connection():
        runner = Runner(db.obj, str(MIGRATIONS))
        states = runner.status()
        _refuse_unknown(states)
        if any(row.applied for row in states) and not all(row.applied for row in states):
            copy()
        applied: list[str] = runner.up()
        _engine.finish_migration()
        with db.atomic():
            finish()
    return applied


def refuse_other_version() -> None:
    """Raise OtherVersion where the database had a migration that this program does not know."""
    with connection():
        _refuse_unknown(Runner(db.obj, str(MIGRATIONS)).status())


def _refuse_unknown(states: list[Migration]) -> None:
    if unknown := [row.name for row in states if row.path is None]:
        raise OtherVersion(", ".join(unknown))


@contextmanager
def connection() -> Iterator[None]:
    """A connection outside a request, for commands."""
    opened = db.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            db.close()


def register_hooks(app: Flask) -> None:
    """Roll back what a request left open, so that the next one of this thread finds nothing of it.

    The connection opens with the first query and stays open: opening one per request would cost
    a third of that request.
    """

    @app.teardown_request
    def roll_back(error: BaseException | None) -> None:
        if not db.is_closed() and db.in_transaction():
            db.rollback()


def fetch_tuples(query: Any) -> list[tuple[Any, ...]]:
    """The rows of a select as plain tuples. peewee would pass each value through Python: for large
    tables that takes four times as long."""
    found = query.tuples().execute()
    found.initialize()  # finds the converters of its columns
    readers: Readers = []
    for number, convert in enumerate(getattr(found, "converters", ())):
        field = getattr(convert, "__self__", None)
        reader = choose_reader(field) if isinstance(field, Field) else convert
        readers += [(number, reader)] if reader else []
    return read_rows(found.cursor.fetchall(), readers)


def fetch_lines(queries: Sequence[Any]) -> Iterator[list[str]]:
    """The rows of selects without an order, read by one statement: for each select its rows as lines of JSON, a list of
    the values as the database writes them. Large tables take two thirds of the time of `fetch_tuples`. All texts are
    read first, and each is freed when the next is asked for. The rows of a select are one text, which both engines
    refuse above 1 GB: the largest measured region has 16 MB in all tables together."""
    parts, values = [], []
    for number, query in enumerate(queries):
        sql, own = query.select(SQL(str(number)), _engine.as_lines(query._returning)).sql()
        parts.append(sql)
        values += own
    found = dict(db.execute_sql(" UNION ALL ".join(parts), values).fetchall() if parts else ())
    for number in range(len(parts)):
        yield text.split("\n") if (text := found.pop(number)) else []


def fetch_each(queries: Sequence[Any]) -> list[list[tuple[Any, ...]]]:
    """`fetch_tuples` for several selects without an order, by one statement."""
    found = []
    for query, lines in zip(queries, fetch_lines(queries), strict=True):
        readers = [(number, read) for number, column in enumerate(query._returning) if (read := choose_reader(column))]
        found.append(read_rows([tuple(json.loads(line)) for line in lines], readers))
    return found


def add_unless_present(model: type[BaseModel], **values: object) -> bool:
    """Insert a row; False where a unique constraint finds it there already. Where another
    transaction is adding the same row, its end is waited for."""
    row = model._meta.get_default_dict() | values
    key = (db.param, model, *row)  # peewee takes longer to write a statement than SQLite to run it
    if key not in _inserts:
        text, _ = model.insert(**row).on_conflict(action="nothing").sql()
        _inserts[key] = text, [field for field in model._meta.sorted_fields if field.name in row]
    text, fields = _inserts[key]
    return bool(db.rows_affected(db.execute_sql(text, [field.db_value(row[field.name]) for field in fields])))


def for_update(query: Any) -> Any:
    """The select `query`, which locks the rows of its model until the end of the transaction."""
    _require_transaction()
    return _engine.for_update(query)


def skip_locked(query: Any) -> Any:
    """`for_update` without the rows that another transaction locked: for taking work from a table."""
    _require_transaction()
    return _engine.skip_locked(query)


def lock(name: str) -> None:
    """Wait for the lock of this name and hold it until the end of the transaction.

    For what no row stands for yet, such as the next number of a list.
    """
    _require_transaction()
    _engine.lock(name)


def _require_transaction() -> None:
    if not db.in_transaction():
        raise RuntimeError("a lock outside a transaction holds nothing")
