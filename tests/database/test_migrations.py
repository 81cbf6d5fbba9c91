"""The migrations: what a start does to the database that it finds."""

import fcntl
import multiprocessing
import os
import runpy
import shutil
import signal
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from flask import Flask
from peewee import AutoField

from portal import audit, database
from portal.accounts.models import Account
from portal.backups.make_and_restore import list_backups
from portal.database import MIGRATIONS, BaseModel, connection, current_engine, db, migrate
from portal.database.database_flags import DatabaseFlag
from portal.directory.change_sets import MODELS, Change, ChangeSet, ChangeSetKind
from portal.directory.models import School
from portal.directory.undoing import undo
from portal.search.index import SearchDocument, fill_index, is_empty


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program with one more migration."""
    folder = Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))
    text = 'def up(migrator, db):\n    db.execute_sql("CREATE TABLE later (id INTEGER)")\n'
    (folder / "9999_later.py").write_text(text)
    monkeypatch.setattr(database, "MIGRATIONS", folder)


@pytest.mark.parametrize("command", ["seed", "serve", "worker"])
def test_a_database_of_another_version_is_left_alone(portal_copy: Flask, command: str) -> None:
    with connection():
        db.execute_sql("UPDATE schema_migration SET name = '9999_later' WHERE id = 1")
        before = db.execute_sql("SELECT name FROM schema_migration").fetchall()
    result = portal_copy.test_cli_runner().invoke(args=[command])
    assert result.exit_code == 1
    assert "hoort bij een andere versie van Kernwijzer (9999_later)" in result.output
    with connection():
        assert db.execute_sql("SELECT name FROM schema_migration").fetchall() == before


def test_a_second_start_changes_nothing_and_copies_nothing(portal_copy: Flask) -> None:
    assert migrate(pytest.fail) == []


@pytest.mark.sqlite("opens the copy")
def test_a_copy_is_made_before_a_migration(portal_copy: Flask, later: None) -> None:
    result = portal_copy.test_cli_runner().invoke(args=["seed"])
    assert "Vooraf is een back-up gemaakt:" in result.output
    settings = portal_copy.config["KERNWIJZER"]
    ((_, copy),) = list_backups(settings)
    with closing(sqlite3.connect(copy)) as old, connection():
        assert ("later",) not in old.execute("SELECT name FROM sqlite_master").fetchall()
        assert "later" in db.get_tables()


def test_the_database_of_another_region_is_not_migrated(portal_copy: Flask, later: None) -> None:
    with connection():
        DatabaseFlag.update(name="region:elders").where(DatabaseFlag.name.startswith("region:")).execute()
    result = portal_copy.test_cli_runner().invoke(args=["seed"])
    assert result.exit_code == 78
    assert "in deze database staat elders" in result.output
    with connection():
        assert "later" not in db.get_tables()
    settings = portal_copy.config["KERNWIJZER"]
    assert not list_backups(settings)


def test_without_a_copy_there_is_no_migration(portal_copy: Flask, later: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*more: object) -> None:
        raise OSError("geen plaats meer")

    monkeypatch.setattr("portal.command_checks.make_backup", fail)
    result = portal_copy.test_cli_runner().invoke(args=["seed"])
    assert result.exit_code == 1
    assert "de back-up vooraf is niet gelukt. geen plaats meer" in result.output
    with connection():
        assert "later" not in db.get_tables()


def test_two_first_migrations_are_one_after_the_other_and_copy_nothing(empty_portal: Flask) -> None:
    with ThreadPoolExecutor(2) as threads:
        first, second = sorted(threads.map(lambda _: migrate(pytest.fail), range(2)))
    assert first == []
    assert "0001_initial" in second


def test_two_first_starts_fill_the_index_once(portal_copy: Flask) -> None:
    """Each looks whether it is empty before it fills it, which may take longer than a lock is
    waited for."""
    SearchDocument.delete().execute()
    db.close()
    both, filled = threading.Barrier(2), []

    def fill() -> None:
        if is_empty():
            filled.append(1)
            with suppress(threading.BrokenBarrierError):
                both.wait(0.3)  # for another that finds it empty as well
            with portal_copy.app_context():
                fill_index()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: migrate(finish=fill), range(2)))
    assert filled == [1]


@pytest.mark.sqlite("the lock is one of the folder")
def test_the_copy_and_the_migration_are_under_one_lock(portal_copy: Flask, later: None) -> None:
    folder = os.open(portal_copy.config["KERNWIJZER"].database.parent, os.O_RDONLY)

    def lock() -> None:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)

    with pytest.raises(BlockingIOError):
        migrate(lock)
    lock()  # after a failure it is free
    os.close(folder)


def test_a_kill_in_a_migration_changes_nothing(portal_copy: Flask, tmp_path: Path) -> None:
    """The next start does the whole migration."""
    folder = Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))
    begun = """import os
def up(migrator, db):
    db.execute_sql("CREATE TABLE later (id INTEGER)")
"""
    killed = (
        begun
        + """    db.execute_sql("DELETE FROM account")
    os.kill(os.getpid(), 9)
"""
    )

    def start() -> None:
        database.MIGRATIONS = folder
        database.open_database(portal_copy.config["KERNWIJZER"].database_url)
        migrate()

    def run() -> int | None:
        db.close()  # a fork opens its own
        process = multiprocessing.get_context("fork").Process(target=start, daemon=True)
        process.start()
        process.join(60)
        return process.exitcode

    with connection():
        accounts = Account.select().count()
    (folder / "9999_later.py").write_text(killed)
    assert run() == -signal.SIGKILL
    with connection():
        assert Account.select().count() == accounts
        assert "later" not in db.get_tables()
    (folder / "9999_later.py").write_text(begun)
    assert run() == 0
    with connection():
        assert "later" in db.get_tables()


def test_the_reason_of_an_old_edit_is_no_source_any_more(portal_copy: Flask) -> None:
    """Not after its undoing either, which restores what the trail holds."""
    with connection(), db.atomic():
        for reason in ('wegens "ruzie" \\', "weg"):
            change_set = ChangeSet.begin(ChangeSetKind.EDIT, None, reason=reason)
            change_set.change(School.get_by_id("16LF00"), source=f"Bewerking: {reason}")
        db.execute_sql("DELETE FROM schema_migration WHERE name = '0029_reasons'")
    assert migrate() == ["0029_reasons"]
    with connection(), db.atomic():
        assert School.get_by_id("16LF00").source == "Bewerking"
        undo(change_set)
        assert School.get_by_id("16LF00").source == "Bewerking"
        change = Change.get(Change.change_set == change_set.id)
        assert change.after == '{"source": "Bewerking"}'
        assert ChangeSet.get_by_id(change_set.id).reason == "weg"


def test_no_id_is_given_again_of_a_row_that_was_removed_before(portal_copy: Flask) -> None:
    """As far as the trail knows it."""
    with connection(), db.atomic():
        ChangeSet.begin(ChangeSetKind.ERASURE, 700, ref=800)
        audit.record(750, "exported", "trail")
        db.execute_sql("DELETE FROM schema_migration WHERE name = '0042_ids'")
    assert migrate() == ["0042_ids"]
    with connection(), db.atomic():
        new_ids = current_engine().new_ids
        given = [new_ids(table, 2)[1] for table in ("person", "notice", "account")]
        assert given == [802, 802, 752]


@pytest.mark.sqlite("PostgreSQL has sequences")
def test_every_table_with_an_id_gives_none_again(portal_copy: Flask) -> None:
    with connection():
        statements = dict(db.execute_sql("SELECT name, sql FROM sqlite_schema").fetchall())
        assert db.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
    for model in BaseModel.__subclasses__():
        if isinstance(model._meta.primary_key, AutoField):
            assert "AUTOINCREMENT" in statements[model._meta.table_name]


def test_every_table_with_a_source_loses_the_reasons() -> None:
    """The tables that a change set writes."""
    migration = runpy.run_path(str(MIGRATIONS / "0029_reasons.py"))
    assert set(migration["TABLES"]) == {name for name, model in MODELS.items() if "source" in model._meta.fields} - {
        "responsibility",
        "kern_membership",
    }  # have one since 0034 and 0041
