"""A portal moves from SQLite to PostgreSQL and back with all of its rows."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal import clock, moving_database
from portal.config import Config
from portal.database import connection, db, make_engine, migrate, open_database
from portal.database.copying import copy_rows, list_models, read_tables
from portal.database.engine import Engine
from portal.directory.models import Organisation
from portal.directory.who_works_or_is_absent import list_absent
from portal.finder.result_lines import search
from tests.clock import TODAY
from tests.conftest import CheckedClient, make_app
from tests.moving import move
from tests.postgres import Server
from tests.search.test_search import GOLD

pytestmark = pytest.mark.sqlite("moves between both engines, whichever the others use")

NOT_COPIED = {
    "schema_migration", "directory_version", "table_version", "search_document", "sqlite_sequence",
}  # fmt: skip


@pytest.fixture
def empty(server: Server) -> str:
    """The address of an empty database of PostgreSQL."""
    return server.create()


@pytest.fixture(scope="module")
def _tables(server: Server) -> str:
    """The address of a database of PostgreSQL that was migrated once."""
    address = server.create()
    open_database(address)
    migrate()
    db.close()
    return address


@pytest.fixture
def without_rows(server: Server, _tables: str) -> str:
    """The address of a database of PostgreSQL with tables and nothing in them."""
    return server.create(like=_tables)


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows by table, as SQLite keeps them."""
    with closing(sqlite3.connect(path)) as file:
        return {
            model._meta.table_name: sorted(
                file.execute(f'SELECT * FROM "{model._meta.table_name}"').fetchall(), key=repr
            )
            for model in list_models()
        }


def list_tables(url: str) -> set[str]:
    database = make_engine(url).db
    with database.connection_context():
        return set(database.get_tables())


def test_there_and_back_gives_equal_rows(filled: Path, moved: str, tmp_path: Path) -> None:
    back = tmp_path / "back" / "again.sqlite"
    result = move(moved, f"sqlite:///{back}")
    assert result.exit_code == 0, result.output
    assert rows(back) == rows(filled)
    assert rows(back)["sign_in_session"]
    with closing(sqlite3.connect(back)) as copied, closing(sqlite3.connect(filled)) as original:
        documents = "SELECT * FROM search_document ORDER BY rank"
        assert copied.execute(documents).fetchall() == original.execute(documents).fetchall()


def first_three(portal: Flask) -> dict[str, list[tuple[str, str, str]]]:
    """For each question of the gold list the first three results, with whom to call."""
    with connection(), portal.test_request_context():
        return {
            row["zoekvraag"]: [
                (found.title, found.about, found.caller) for found in search(row["zoekvraag"], TODAY).results[:3]
            ]
            for row in GOLD
        }


def test_the_gold_list_gives_the_same_results_on_both_engines(filled: Path, moved: str) -> None:
    usual = replace(Config.from_environment({}), keys_file=filled.with_name("keys.json"))
    found = []
    for address in (f"sqlite:///{filled}", moved):
        found.append(first_three(make_app(replace(usual, database_url=address))))
        db.close()
    assert found[0] == found[1]


def test_what_is_kept_of_one_engine_is_not_read_again_from_the_other(filled: Path, moved: str) -> None:
    found = []
    for address in (f"sqlite:///{filled}", moved, f"sqlite:///{filled}"):
        open_database(address)
        with connection():
            found.append(list_absent(clock.today()))
    assert found[0] == found[1] == found[2]


def test_what_every_request_reads_is_small_after_a_move(moved: str) -> None:
    """Each copied row replaces the version of the directory."""
    database = make_engine(moved).db
    with database.connection_context():
        (size,) = database.execute_sql("SELECT pg_relation_size('directory_version') / 8192").fetchone()
    assert size == 1  # page


def test_the_portal_goes_on_where_it_was(filled: Path, moved: str, tmp_path: Path) -> None:
    portal = make_app(
        replace(
            Config.from_environment({}),
            database_url=moved, keys_file=filled.with_name("keys.json"), backup_dir=tmp_path,
        )
    )  # fmt: skip
    assert "Camelot" in CheckedClient(portal, portal.response_class).get("/?q=camelot").text
    with connection(), db.atomic() as transaction:
        highest = Organisation.select().order_by(Organisation.id.desc()).get().id
        new = Organisation.create(key="nieuw", name="Nieuw", kind=Organisation.SCHOOL)
        transaction.rollback()
    db.close()
    assert new.id == highest + 1


def test_an_id_never_comes_back_after_a_move(without_rows: str, server: Server) -> None:
    """Also that of a row that was removed before."""
    source, target = make_engine(without_rows), make_engine(server.create(like=without_rows))
    with source.db.connection_context(), target.db.connection_context():
        for key in ("a", "b"):
            made = Organisation.insert(key=key, name=key, kind=Organisation.SCHOOL)
            assert made.execute(source.db)
        Organisation.delete().where(Organisation.key == "b").execute(source.db)
        copy_rows(source, target)
        new = Organisation.insert(key="c", name="c", kind=Organisation.SCHOOL).execute(target.db)
        assert read_tables(source) != read_tables(target)
    assert new == 3


def test_every_table_is_copied(filled: Path) -> None:
    copied = {model._meta.table_name for model in list_models()}
    left = list_tables(f"sqlite:///{filled}") - copied
    assert {name for name in left if not name.startswith("search_word")} == NOT_COPIED


@pytest.mark.parametrize("held", ["our rows", "the tables of another program"])
def test_a_filled_database_is_left_alone(filled: Path, tmp_path: Path, held: str) -> None:
    target = tmp_path / "target.sqlite"
    if held == "our rows":
        shutil.copy(filled, target)
    else:
        with closing(sqlite3.connect(target)) as foreign:
            foreign.execute("CREATE TABLE recipe (name)")
    result = move(f"sqlite:///{filled}", f"sqlite:///{target}")
    assert (result.exit_code, "TO is niet leeg." in result.output) == (1, True), result.output
    if held == "our rows":
        assert rows(target) == rows(filled)
    else:
        assert list_tables(f"sqlite:///{target}") == {"recipe"}


@pytest.mark.parametrize(
    "spoil",
    [
        "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030')",
        "DELETE FROM schema_migration WHERE name = (SELECT max(name) FROM schema_migration)",
    ],
    ids=["newer", "older"],
)
def test_another_version_is_refused(filled: Path, empty: str, spoil: str, tmp_path: Path) -> None:
    source = shutil.copy(filled, tmp_path / "source.sqlite")
    with closing(sqlite3.connect(source)) as file:
        file.execute(spoil)
        file.commit()
    result = move(f"sqlite:///{source}", empty)
    assert (result.exit_code, "geen database van deze versie" in result.output) == (1, True)
    assert list_tables(empty) == set()


def test_a_database_in_use_is_refused(filled: Path, moved: str, empty: str) -> None:
    with closing(sqlite3.connect(filled)) as serving:
        serving.execute("PRAGMA journal_mode = wal")
        serving.execute("SELECT count(*) FROM school").fetchone()
        result = move(f"sqlite:///{filled}", empty)
    assert (result.exit_code, "De portal draait nog." in result.output) == (1, True), result.output
    with make_engine(moved).db.connection_context():
        result = move(moved, f"sqlite:///{filled.with_name('back.sqlite')}")
    assert (result.exit_code, "De portal draait nog." in result.output) == (1, True), result.output


def test_a_missing_database_is_told(empty: str, tmp_path: Path) -> None:
    missing = tmp_path / "missing.sqlite"
    result = move(f"sqlite:///{missing}", empty)
    assert (result.exit_code, "is er niet" in result.output) == (1, True), result.output
    assert not missing.exists()


def test_a_difference_is_told(filled: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving_database, "copy_rows", lambda source, target: None)
    result = move(f"sqlite:///{filled}", f"sqlite:///{database}")
    assert (result.exit_code, "is in TO anders dan in FROM." in result.output) == (1, True)


def test_no_time_limit_ends_a_copy(moved: str, without_rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The source waits in its transaction while the target is written."""
    limits = []

    def look(*engines: Engine) -> None:
        for engine in engines:
            for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
                limits.append(engine.db.execute_sql(f"SHOW {name}").fetchone())

    monkeypatch.setattr(moving_database, "copy_rows", look)
    move(moved, without_rows)
    assert limits == [("0",)] * 4


def test_a_lost_connection_is_told(filled: Path, without_rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(source: Engine, target: Engine) -> None:
        with target.db.atomic():
            target.db.execute_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(moving_database, "copy_rows", lose)
    result = move(f"sqlite:///{filled}", without_rows)
    assert (result.exit_code, "Kopiëren is niet gelukt." in result.output) == (1, True), result
