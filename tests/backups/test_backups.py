"""Backups are whole or absent, a restore gives the same pages, and the old database is kept."""

import os
import resource
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import clock
from portal.accounts.models import SignInSession
from portal.audit import AuditEntry
from portal.backups import BACKUP
from portal.backups.clearing import clear_old
from portal.backups.make_and_restore import list_backups, make_backup
from portal.backups.store import InvalidBackup, get_store
from portal.config import Config
from portal.database import connection, db, open_database
from portal.database.sqlite import PRAGMAS
from portal.jobs.worker import tick
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient, make_app

pytestmark = pytest.mark.sqlite("about the file; test_postgres.py is about PostgreSQL")

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)
PAGES = ("/", "/?q=camelot", "/scholen", "/scholen/16lf00-basisschool-camelot",
         "/gemeenten/haarlem", "/wijzigingen", "/routeboek", "/aanvragen")  # fmt: skip


@pytest.fixture
def settings(portal_copy: Flask) -> Iterator[Config]:
    yield portal_copy.config["KERNWIJZER"]
    db.close()


@pytest.fixture
def flask(portal_copy: Flask) -> Callable[..., tuple[int, str]]:
    """Run a command; returns its exit status and output."""

    def run(*command: str) -> tuple[int, str]:
        db.close()
        result = portal_copy.test_cli_runner().invoke(args=list(command))
        return result.exit_code, result.output

    return run


def read(portal: Flask, *paths: str) -> dict[str, str]:
    """The texts of these pages, or of some, for a new visitor."""
    client = CheckedClient(portal, portal.response_class, checks=False)
    pages = {path: client.get(path).text for path in paths or PAGES}
    db.close()
    return pages


def newest(settings: Config) -> Path:
    return list_backups(settings)[0][1]


# Backup


def test_a_backup_during_writes_is_consistent(settings: Config) -> None:
    """Another process always writes two rows in one transaction: no copy holds one of them."""
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(settings.database, timeout=30)) as other:
            number = 0
            while not stop.is_set():
                number += 1
                for half in ("left", "right"):
                    other.execute(
                        "INSERT INTO audit_entry (at, action, subject, subject_id)"
                        " VALUES (?, ?, hex(randomblob(2000)), '')", (number, half),
                    )  # fmt: skip
                other.commit()

    writer = threading.Thread(target=write)
    writer.start()
    counts = []
    try:
        for hour in range(5):
            path = make_backup(settings, MORNING + timedelta(hours=hour))
            with closing(sqlite3.connect(path)) as copy:
                left, right = (
                    copy.execute("SELECT count(*) FROM audit_entry WHERE action = ?", (half,)).fetchone()[0]
                    for half in ("left", "right")
                )
            assert left == right
            counts.append(left)
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(set(counts))
    assert counts[-1] > 0


def test_a_backup_holds_the_wal(settings: Config) -> None:
    """A copy of the file alone would lack the WAL."""
    with closing(sqlite3.connect(settings.database)) as other:
        other.execute("PRAGMA journal_mode = wal")
        other.execute("CREATE TABLE fresh AS SELECT 7 AS number")
        other.commit()
        path = make_backup(settings, MORNING)
        shutil.copy(settings.database, settings.backups / "plain")
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("SELECT number FROM fresh").fetchone() == (7,)
    with closing(sqlite3.connect(settings.backups / "plain")) as copy:
        assert not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'fresh'").fetchone()


def test_a_backup_is_one_file_for_its_owner_only(settings: Config) -> None:
    path = make_backup(settings, MORNING)
    assert path.name == "copy-20261123T080000Z.sqlite"
    assert [each.name for each in settings.backups.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o600
    assert settings.backups.stat().st_mode & 0o777 == 0o700


def test_a_damaged_database_gives_no_backup(settings: Config) -> None:
    with closing(sqlite3.connect(settings.database)) as other:
        other.execute("PRAGMA foreign_keys = 0")
        other.execute("UPDATE assignment SET person_id = 999999 WHERE id = 1")
        other.commit()
    with pytest.raises(InvalidBackup):
        make_backup(settings, MORNING)
    assert list(settings.backups.iterdir()) == []


def test_all_backups_are_kept_for_two_days_and_one_per_day_for_35(settings: Config) -> None:
    settings.backups.mkdir()
    (settings.backups / "mine.txt").write_text("not ours")
    (settings.backups / "demo-20200101T000000Z.sqlite").write_text("of another database")
    hours = [MORNING - timedelta(hours=hour) for hour in range(24 * 38)]
    for moment in hours:
        (settings.backups / f"copy-{moment:%Y%m%dT%H%M%SZ}.sqlite").touch()
    half = settings.backups / "copy-20261101T000000Z.new"
    half.touch()
    os.utime(half, (0, 0))
    clear_old(settings, MORNING)
    kept = [moment for moment, _ in list_backups(settings)]
    assert kept[:49] == hours[:49]
    days = [clock.day_of(moment) for moment in kept[49:]]
    assert days == [TODAY - timedelta(days=day) for day in range(3, 36)]
    assert all(clock.day_of(moment + timedelta(hours=1)) > clock.day_of(moment)
               for moment in kept[49:])  # fmt: skip
    assert not half.exists()
    assert {path.name for path in settings.backups.iterdir()} >= {
        "mine.txt", "demo-20200101T000000Z.sqlite",
    }  # fmt: skip


def test_the_worker_makes_one_every_hour(settings: Config) -> None:
    portal = make_app(settings)  # its jobs know these settings
    jobs = [job for job in portal.extensions["jobs"] if job.name == BACKUP]
    with connection():
        for minutes in (0, 30, 60, 90):
            with stopped_at(MORNING + timedelta(minutes=minutes)):
                tick(jobs)
    made = [moment for moment, _ in list_backups(settings)]
    assert made == [MORNING + timedelta(hours=1), MORNING]


# Restore


def test_a_restore_after_a_total_loss_gives_the_same_pages(
    portal_copy: Flask, settings: Config, flask: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Backup during writes; loss of everything, also the keys; restore; the same pages."""
    before = read(portal_copy)
    monkeypatch.setitem(PRAGMAS, "busy_timeout", 50)  # ms; the writer goes on for as long as the command waits
    open_database(settings.database_url)
    with closing(sqlite3.connect(settings.database, timeout=30)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        busy.execute("DELETE FROM responsibility")
        status, said = flask("backup")
        assert (status, "nagekeken" in said) == (0, True), said
        busy.rollback()
    backup = shutil.copy(newest(settings), settings.database.parent.parent / "elsewhere.sqlite")
    db.close()
    shutil.rmtree(settings.database.parent)
    again = make_app(settings.database)
    result = again.test_cli_runner().invoke(args=["restore", str(backup)])
    assert result.exit_code == 0, result.output
    assert read(again) == before


def test_the_old_database_is_kept_beside_the_new_one(
    portal_copy: Flask, settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    flask("backup")
    with closing(sqlite3.connect(settings.database)) as other:
        other.execute("PRAGMA journal_mode = wal")
        other.execute("CREATE TABLE later AS SELECT 7 AS number")
        other.commit()
    status, said = flask("restore", str(newest(settings)))
    assert status == 0, said
    assert "Iedereen logt opnieuw in." in said
    assert "kijk bij Beheer, Accounts." in said
    (kept,) = settings.database.parent.glob("copy-replaced-*.sqlite")
    assert str(kept) in said
    with closing(sqlite3.connect(kept)) as old, closing(sqlite3.connect(settings.database)) as new:
        assert old.execute("SELECT number FROM later").fetchone() == (7,)
        assert not new.execute("SELECT 1 FROM sqlite_master WHERE name = 'later'").fetchone()
    get_store(settings).verify(kept)  # it can be restored in its turn


def test_a_damaged_database_is_replaced_and_kept(
    portal_copy: Flask, settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    before = read(portal_copy, "/scholen")
    flask("backup")
    settings.database.write_bytes(b"broken" * 5000)
    status, said = flask("restore", str(newest(settings)))
    assert status == 0, said
    assert read(portal_copy, "/scholen") == before
    (kept,) = settings.database.parent.glob("copy-replaced-*.sqlite")
    assert kept.read_bytes() == b"broken" * 5000


def test_the_wal_of_a_lost_database_is_not_applied_to_the_new_one(
    portal_copy: Flask, settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    before = read(portal_copy, "/scholen")
    flask("backup")
    log = settings.database.with_name(f"{settings.database.name}-wal")
    with closing(sqlite3.connect(settings.database)) as other:
        other.execute("PRAGMA journal_mode = wal")
        other.execute("UPDATE school SET name = 'van daarna'")
        other.commit()
        left = log.read_bytes()
    settings.database.unlink()
    log.write_bytes(left)
    status, said = flask("restore", str(newest(settings)))
    assert status == 0, said
    assert read(portal_copy, "/scholen") == before


def test_a_restore_ends_all_sessions_and_is_audited(
    portal_copy: Flask, settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    flask("backup")
    flask("restore", str(newest(settings)))
    assert client.get("/account").status_code == 302
    with connection():
        assert SignInSession.select().count() == 0
        last = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (last.action, last.subject) == ("restored", "database")


def test_a_restore_is_refused_while_the_portal_serves(settings: Config, flask: Callable[..., tuple[int, str]]) -> None:
    flask("backup")
    with closing(sqlite3.connect(settings.database)) as serving:
        serving.execute("PRAGMA journal_mode = wal")
        serving.execute("SELECT count(*) FROM school").fetchone()
        held = settings.database.read_bytes()
        status, said = flask("restore", str(newest(settings)))
        assert status == 1
        assert "De portal draait nog. Stop die eerst." in said
        assert settings.database.read_bytes() == held


def not_there(path: Path) -> None:
    path.unlink()


def text(path: Path) -> None:
    path.write_text("Beste collega, hierbij de back-up.")


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20_000])


def other_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipe (name)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030')")
        other.commit()


def turned_byte(path: Path) -> None:
    """Damage a page of an index, so that the tables stay readable."""
    with closing(sqlite3.connect(path)) as other:
        (root,) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'school_slug'").fetchone()
        (size,) = other.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    data[root * size - 40 : root * size - 30] = b"xxxxxxxxxx"
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (not_there, "dit bestand is er niet"),
        (text, "dit bestand is niet heel"),
        (cut_off, "dit bestand is niet heel"),
        (turned_byte, "dit bestand is niet heel"),
        (other_program, "dit is geen database van Kernwijzer"),
        (newer, "een nieuwere versie van Kernwijzer heeft dit gemaakt"),
    ],
)
def test_an_invalid_backup_is_refused_and_nothing_changes(
    settings: Config, flask: Callable[..., tuple[int, str]], spoil: Callable[[Path], None], says: str
) -> None:
    flask("backup")
    path = newest(settings)
    spoil(path)
    held = settings.database.read_bytes()
    status, said = flask("restore", str(path))
    assert status == 1
    assert says in said
    assert "Er is niets veranderd." in said
    assert settings.database.read_bytes() == held
    assert not list(settings.database.parent.glob("*replaced*"))


@contextmanager
def no_room(size: int) -> Iterator[None]:
    """Limit the size of every file, as a disk does that is almost full."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_a_full_disk_gives_no_backup_and_keeps_the_old_ones(
    settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    settings.backups.mkdir()
    (settings.backups / "copy-20261123T060000Z.sqlite").touch()
    with no_room(500_000):
        status, said = flask("backup")
    assert (status, "De back-up is niet gelukt." in said) == (1, True), said
    assert [path.name for path in settings.backups.iterdir()] == ["copy-20261123T060000Z.sqlite"]


@pytest.mark.parametrize("share", [0.5, 1.1], ids=["for the new", "to keep the old"])
def test_a_full_disk_refuses_a_restore_and_keeps_the_old_database(
    settings: Config, flask: Callable[..., tuple[int, str]], share: float
) -> None:
    flask("backup")
    backup = newest(settings)
    with closing(sqlite3.connect(settings.database)) as other:
        other.execute("CREATE TABLE later AS SELECT zeroblob(3000000) AS much")
        other.commit()
    with no_room(int(backup.stat().st_size * share)):
        status, said = flask("restore", str(backup))
    assert (status, "De oude database staat er nog." in said) == (1, True), said
    left = {path.name for path in settings.database.parent.glob("*.sqlite*")}
    assert left == {"copy.sqlite"}
    with closing(sqlite3.connect(settings.database)) as old:
        assert old.execute("SELECT length(much) FROM later").fetchone() == (3_000_000,)
    get_store(settings).verify(settings.database)


def test_a_read_only_database_stops_the_start_with_a_message(
    settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    settings.database.unlink()
    settings.database.mkdir()
    status, said = flask("serve")
    assert (status, "Kijk of de schijf vol is" in said) == (1, True), said


# Monitoring


def test_the_coordinator_sees_how_old_the_last_backup_is(portal_copy: Flask, settings: Config) -> None:
    coordinator = CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")
    assert "Er is nog geen back-up." in coordinator.get("/beheer").text
    make_backup(settings, clock.now() - timedelta(hours=3))
    page = coordinator.get("/beheer/techniek").text
    assert "De laatste back-up is van 23 november 2026 om 07:00 uur, en nagekeken." in page
    assert "Meld dit aan" not in coordinator.get("/beheer").text
    with stopped_at(clock.now() + timedelta(seconds=1)):
        page = coordinator.get("/beheer").text
    assert "De laatste goede back-up is van 23 november 2026 om 07:00 uur." in page
