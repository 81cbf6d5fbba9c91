"""Writes the SQL dump of a release: `python -m tests.databases.dump`, once, when it is tagged.

The dump is `<version>.sql`: the tables of that version with the invented region of the tests and
the invented people of its demo. tests/database/test_upgrade.py upgrades every dump.
"""

import sqlite3
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from portal.app import create_app
from portal.config import ROOT, Config
from portal.database import connection, db
from portal.directory.models import Assignment
from portal.jobs.worker import tick
from portal.notices.kinds import NoticeKind
from portal.region import read_region
from tests.clock import stopped_at
from tests.conftest import CheckedClient
from tests.notices.conftest import Visitor

FOLDER = Path(__file__).parent
SEARCH_INDEX = "search_word"  # the beginning of its names


def main() -> None:
    """Seed a database and write its dump."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kernwijzer.sqlite"
        _seed(path)
        with closing(sqlite3.connect(path)) as connection:
            text = "\n".join(statements(connection)) + "\n"
    (FOLDER / f"{version}.sql").write_text(text, "utf-8")


def _seed(path: Path) -> None:
    """The region and its demo, and a notice that somebody posted, with its mails."""
    region = read_region(ROOT / "tests" / "regions" / "merenland")
    config = replace(Config.from_environment({}), database_url=f"sqlite:///{path}", region=region)
    with stopped_at("2026-11-23 09:00:00"):
        result = create_app(config).test_cli_runner().invoke(args=["seed", "--demo"])
        assert result.exit_code == 0, result.output
        # The region switches notices off, so that its demo has none.
        region = replace(region, modules=region.modules | {"notices"})
        app = create_app(replace(config, region=region))
        app.testing = True
        app.test_client_class = CheckedClient
        with connection():
            person = Assignment.select().first().person_id
        days = {"dag": "2026-12-01", "laatste_dag": "2026-12-11"}
        Visitor(app, "coordinator").post(NoticeKind.ABSENCE, {**days, "opvolger": "", "tekst": "Kort afwezig."}, person)
        with app.app_context(), connection():
            tick(app.extensions["jobs"])
    db.close()


def statements(connection: sqlite3.Connection) -> Iterator[str]:
    """The SQL that makes the database again: tables, rows, and then indexes and triggers."""
    master = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL "
        "AND name NOT LIKE 'sqlite_%' AND name NOT IN "
        "(SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY rowid"
    ).fetchall()
    tables = [(name, sql) for kind, name, sql in master if kind == "table"]
    for name, sql in tables:
        yield f"{sql};"
        yield from _rows(connection, name)
    yield from (f"{sql};" for kind, _, sql in master if kind != "table")


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    if table.startswith(SEARCH_INDEX):
        yield f"INSERT INTO {table} ({table}) VALUES ('rebuild');"
        return
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    names = ", ".join(f'"{column}"' for column in columns)
    values = " || ', ' || ".join(f'quote("{column}")' for column in columns)
    for (row,) in connection.execute(f'SELECT {values} FROM "{table}"'):
        yield f'INSERT INTO "{table}" ({names}) VALUES ({row});'


if __name__ == "__main__":
    main()
