"""Backups of PostgreSQL: made while others write, verified, restored, and refused."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from flask import Flask

from portal.backups import BACKUP
from portal.backups.make_and_restore import list_backups, make_backup
from portal.backups.store import get_store
from portal.config import Config
from portal.database import connection, db
from portal.jobs.worker import tick
from portal.region import choose_region
from tests.backups.test_backups import MORNING, cut_off, not_there, read, text
from tests.clock import stopped_at
from tests.conftest import config, make_app
from tests.postgres import Server

pytestmark = pytest.mark.sqlite("starts a server of its own")

PASSWORD = "geheim woord"


@pytest.fixture(scope="module")
def demo(moved: str, seeded: Path) -> str:
    """The address of a database with the demo."""
    choose_region(config(seeded).region)  # another test may have left its own
    return moved


@pytest.fixture
def settings(demo: str, server: Server, seeded: Path, tmp_path: Path) -> Iterator[Config]:
    """Settings with a copy of that database, and a password."""
    address = server.create(like=demo).replace("kernwijzer@", f"kernwijzer:{quote(PASSWORD)}@", 1)
    yield replace(
        Config.from_environment({}), database_url=address,
        keys_file=seeded.with_name("keys.json"), backup_dir=tmp_path / "backups",
    )  # fmt: skip
    db.close()


@pytest.fixture(scope="module")
def backup(demo: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it: to read only."""
    folder = tmp_path_factory.mktemp("backup")
    return make_backup(replace(Config.from_environment({}), database_url=demo, backup_dir=folder), MORNING)


@pytest.fixture
def portal(settings: Config) -> Flask:
    return make_app(settings)


@pytest.fixture
def flask(portal: Flask) -> Callable[..., tuple[int, str]]:
    """Run a command; returns its exit status and output."""

    def run(*command: str) -> tuple[int, str]:
        db.close()
        result = portal.test_cli_runner().invoke(args=list(command))
        db.close()
        return result.exit_code, result.output

    return run


def connect(settings: Config) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(settings.database_url, autocommit=True)


def name_of(settings: Config) -> str:
    return urlsplit(settings.database_url).path.removeprefix("/")


def list_databases(settings: Config) -> set[str]:
    """The database of these settings, and those that a restore made of it."""
    name = name_of(settings)
    with connect(settings) as server:
        found = server.execute(
            "SELECT datname FROM pg_database WHERE datname = %s OR datname LIKE %s", [name, f"{name}-%"]
        ).fetchall()
    return {str(row[0]).removeprefix(name) for row in found}


def test_a_backup_during_writes_is_consistent(settings: Config) -> None:
    """Another connection always writes two rows in one transaction: no copy holds one of them."""
    stop = threading.Event()

    def write() -> None:
        with psycopg.connect(settings.database_url) as other:
            number = 0
            while not stop.is_set():
                number += 1
                for half in ("left", "right"):
                    other.execute(
                        "INSERT INTO audit_entry (at, action, subject, subject_id)"
                        " VALUES (%s, %s, '', '')", (number, half),
                    )  # fmt: skip
                other.commit()
                stop.wait(0.002)  # a copy takes a hundred times as long

    writer = threading.Thread(target=write)
    writer.start()
    counts = []
    try:
        for hour in range(3):
            path = make_backup(settings, MORNING + timedelta(hours=hour))
            held = subprocess.run(
                ["pg_restore", "--data-only", "--table=audit_entry", "--file=-", path],
                check=True, capture_output=True, text=True,
            ).stdout  # fmt: skip
            assert held.count("\tleft\t") == held.count("\tright\t")
            counts.append(held.count("\tleft\t"))
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(set(counts))
    assert counts[-1] > 0


def test_the_worker_makes_one_every_hour_for_its_owner_only(portal: Flask, settings: Config) -> None:
    jobs = [job for job in portal.extensions["jobs"] if job.name == BACKUP]
    with connection():
        for minutes in (0, 30, 60):
            with stopped_at(MORNING + timedelta(minutes=minutes)):
                tick(jobs)
    made = list_backups(settings)
    assert [moment for moment, _ in made] == [MORNING + timedelta(hours=1), MORNING]
    assert {path.stat().st_mode & 0o777 for _, path in made} == {0o600}
    assert {path.suffix for _, path in made} == {".dump"}


def test_a_restore_after_a_total_loss_gives_the_same_pages(
    portal: Flask, settings: Config, server: Server, flask: Callable[..., tuple[int, str]]
) -> None:
    before = read(portal)
    status, said = flask("backup")
    assert (status, "nagekeken" in said) == (0, True), said
    name = name_of(settings)
    server.execute(f"DROP DATABASE {name}")
    status, said = flask("restore", str(list_backups(settings)[0][1]))
    assert (status, f"De database {name} is er niet." in said) == (1, True), said
    server.execute(f"CREATE DATABASE {name}")
    status, said = flask("restore", str(list_backups(settings)[0][1]))
    assert status == 0, said
    assert read(portal) == before


def test_the_old_database_is_kept_on_the_server_and_the_password_stands_in_no_argument(
    settings: Config, flask: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every user of a machine can read the arguments of its processes."""
    for name in ("pg_dump", "pg_restore"):
        program(tmp_path, name, f'echo "$@" >>{tmp_path}/arguments; echo "$PGPASSWORD" >>{tmp_path}/passwords')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    status, told = flask("backup")
    assert status == 0, told
    with connect(settings) as other:
        other.execute("CREATE TABLE later (number int)")
    status, said = flask("restore", str(list_backups(settings)[0][1]))
    assert status == 0, said
    assert set((tmp_path / "passwords").read_text().splitlines()) == {PASSWORD}
    assert PASSWORD not in (tmp_path / "arguments").read_text() + told + said
    kept = "-replaced-20261123T090000Z"
    assert list_databases(settings) == {"", kept}
    assert kept in said
    for url, holds in ((settings.database_url, False), (settings.database_url.replace("?", f"{kept}?"), True)):
        with psycopg.connect(url) as database:
            found = database.execute("SELECT to_regclass('later') IS NOT NULL").fetchone()
        assert found == (holds,)


def test_a_restore_is_refused_while_somebody_is_connected(
    settings: Config, backup: Path, flask: Callable[..., tuple[int, str]]
) -> None:
    with connect(settings):
        status, said = flask("restore", str(backup))
        assert (status, "De portal draait nog. Stop die eerst." in said) == (1, True), said
    assert list_databases(settings) == {""}


def turned_byte(path: Path) -> None:
    """Damage the definition of a table, which is not compressed."""
    path.write_bytes(path.read_bytes().replace(b"row_version", b"row_verslon", 1))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (not_there, "dit bestand is er niet"),
        (text, "dit bestand is niet heel"),
        (cut_off, "dit bestand is niet heel"),
        (turned_byte, "dit bestand is niet heel"),
    ],
)
def test_an_invalid_backup_is_refused_and_nothing_changes(
    settings: Config, backup: Path, flask: Callable[..., tuple[int, str]], spoil: Callable[[Path], None], says: str
) -> None:
    path = settings.backups / backup.name
    path.parent.mkdir()
    shutil.copy(backup, path)
    spoil(path)
    status, said = flask("restore", str(path))
    assert (status, says in said, "Er is niets veranderd." in said) == (1, True, True), said
    assert list_databases(settings) == {""}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DROP TABLE schema_migration", "dit is geen database van Kernwijzer"),
        (
            "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')",
            "een nieuwere versie van Kernwijzer heeft dit gemaakt",
        ),
    ],
    ids=["other program", "newer"],
)
def test_a_foreign_backup_is_refused_and_nothing_changes(
    settings: Config, flask: Callable[..., tuple[int, str]], change: str, says: str
) -> None:
    with connect(settings) as other:
        other.execute(change.encode())
    path = settings.backups / "foreign.dump"
    path.parent.mkdir()
    get_store(settings).copy(path)
    status, said = flask("restore", str(path))
    assert (status, says in said, "Er is niets veranderd." in said) == (1, True, True), said
    assert list_databases(settings) == {""}


def test_a_backup_that_cannot_be_loaded_changes_nothing(
    settings: Config,
    backup: Path,
    flask: Callable[..., tuple[int, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program(tmp_path, "pg_restore", 'case "$*" in *--dbname*) echo "no room" >&2; exit 1;; esac')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    status, said = flask("restore", str(backup))
    assert (status, "De oude database staat er nog. no room" in said) == (1, True), said
    assert list_databases(settings) == {""}


def test_a_drill_restores_into_a_database_of_its_own_and_drops_it(
    settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    flask("backup")
    with connect(settings) as later:
        later.execute("INSERT INTO attempt (key, at) VALUES ('later', 1)")
    status, said = flask("restore", "--drill")
    assert (status, "attempt: 0 in de back-up, nu 1" in said) == (0, True), said
    assert list_databases(settings) == {""}


def test_the_doctor_finds_what_the_server_knows_to_be_damaged(
    settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    _, said = flask("doctor")
    assert "In orde: Database, " in said
    with connect(settings) as server:
        server.execute("INSERT INTO attempt (key, at) VALUES ('a', 1), ('b', 1)")
        with pytest.raises(psycopg.errors.UniqueViolation):  # leaves an index that is not valid
            server.execute("CREATE UNIQUE INDEX CONCURRENTLY twice ON attempt (at)")
    status, said = flask("doctor")
    assert (status, "De database is niet heel: index twice." in said) == (1, True), said


def test_a_missing_program_is_named(
    settings: Config, flask: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    status, said = flask("backup")
    assert (status, "pg_dump ontbreekt" in said) == (1, True), said
    assert list(settings.backups.iterdir()) == []


def program(folder: Path, name: str, before: str) -> None:
    """Put a program of this name in `folder`/bin that does something before the real one."""
    (folder / "bin").mkdir(exist_ok=True)
    path = folder / "bin" / name
    path.write_text(f'#!/bin/sh\n{before}\nexec {shutil.which(name)} "$@"\n')
    path.chmod(0o700)
