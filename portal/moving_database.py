"""Moves a portal to another database, such as from SQLite to PostgreSQL, or back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from portal.backups.store import get_store
from portal.config import Config
from portal.database import connection, db, make_engine, migrate, open_database
from portal.database.copying import Table, copy_rows, is_current, is_filled, read_tables
from portal.database.engine import Engine
from portal.search.index import reindex
from portal.startup_checks import refuse_other_region


class MoveError(Exception):
    """A move that was refused or went wrong; the message says why, in Dutch."""


def move(config: Config, source_url: str, target_url: str) -> list[Table]:
    """Copy all rows of one database into another, which is empty, and compare them; returns the
    tables. `config`: the settings, of which only the database is another.

    Changes nothing in the source. Raises MoveError, BackupError (DatabaseInUse where the portal
    runs on the source), SettingError where a database is of another region, and
    peewee.PeeweeException where a database cannot be reached or refuses a row.
    """
    if source_url == target_url:
        raise MoveError("FROM en TO zijn dezelfde database.")
    get_store(replace(config, database_url=source_url)).refuse_in_use()
    source, target = make_engine(source_url), make_engine(target_url)
    with _opened(source), _opened(target):
        if not is_current(source):
            raise MoveError(
                "FROM is geen database van deze versie van Kernwijzer. Start de portal er één keer "
                "mee en stop die weer."
            )
        if target.db.get_tables() and (not is_current(target) or is_filled(target)):
            raise MoveError("TO is niet leeg. Kies een lege database.")
        open_database(source_url)
        refuse_other_region()
        open_database(target_url)
        migrate()
        copy_rows(source, target)
        with connection(), db.atomic():
            reindex()
        target.compact()
        tables = read_tables(source)
        for before, after in zip(tables, read_tables(target), strict=True):
            if before != after:
                raise MoveError(f"De tabel {after.name} is in TO anders dan in FROM.")
    return tables


@contextmanager
def _opened(engine: Engine) -> Iterator[None]:
    """A connection of its own. The server may have closed it by the end."""
    engine.db.connect()
    try:
        engine.lift_time_limits()
        yield
    finally:
        if not engine.db.is_closed():
            engine.db.close()
