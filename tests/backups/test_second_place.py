"""Copies of the backups in a second place are encrypted, open with a key that is elsewhere, and are
never in the way of the backup itself."""

import contextlib
import http.server
import os
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import audit, backups, clock
from portal.accounts import forgetting
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES
from portal.backups import forgotten_people, second_place
from portal.backups.clearing import clear_old
from portal.backups.encryption import ENDING, KeyPair, make_keys
from portal.backups.make_and_restore import list_backups, make_backup
from portal.backups.ping import ping
from portal.backups.second_place import copy_newest, read_state
from portal.backups.store import BackupError, get_store
from portal.config import Config
from portal.database import connection, db
from portal.directory.models import Assignment, Person
from portal.jobs.worker import JobRun, tick
from portal.mail.models import OutgoingMail
from tests.backups.test_backups import MORNING, newest, read
from tests.clock import stopped_at
from tests.conftest import make_app
from tests.factories import make_person

pytestmark = pytest.mark.sqlite("about files; test_postgres.py has its drill")

SCHOOL = "/scholen/16lf00-basisschool-camelot"


@pytest.fixture(scope="module")
def keys() -> KeyPair:
    return make_keys()


@pytest.fixture
def settings(portal_copy: Flask, tmp_path: Path, keys: KeyPair) -> Iterator[Config]:
    """The settings of the portal, with a folder elsewhere, which is there."""
    (tmp_path / "elsewhere").mkdir()
    usual: Config = portal_copy.config["KERNWIJZER"]
    settings = replace(usual, backup_copy=str(tmp_path / "elsewhere"), backup_key=keys.public)
    portal_copy.config["KERNWIJZER"] = settings
    yield settings
    db.close()


@pytest.fixture
def portal(portal_copy: Flask, settings: Config) -> Flask:
    return portal_copy


@pytest.fixture
def flask(portal: Flask) -> Callable[..., tuple[int, str]]:
    """Run a command, with an answer to what it asks; returns its exit status and output."""

    def run(*command: str, answer: str = "") -> tuple[int, str]:
        db.close()
        result = portal.test_cli_runner().invoke(args=list(command), input=answer)
        db.close()
        return result.exit_code, result.output

    return run


def newest_copy(settings: Config) -> Path:
    return list_backups(settings, settings.copy_folder, ENDING)[0][1]


def tick_copies(portal: Flask) -> None:
    """Let the worker copy what is due."""
    with connection():
        JobRun.update(last_run_at=None).execute()
        tick([job for job in portal.extensions["jobs"] if job.name == backups.COPY])


def list_mails() -> list[OutgoingMail]:
    with connection():
        return list(OutgoingMail.select().where(OutgoingMail.key.startswith("backup copy:")))


def test_each_backup_is_copied_once_and_nobody_can_read_it_without_the_key(
    settings: Config, flask: Callable[..., tuple[int, str]], keys: KeyPair
) -> None:
    status, said = flask("backup")
    assert (status, "De kopie op de tweede plek is ook gemaakt." in said) == (0, True), said
    copy = newest_copy(settings)
    assert copy.name == f"{newest(settings).name}.age"
    assert copy.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"SQLite format" not in copy.read_bytes()
    assert not list(settings.backups.glob("*.new*"))
    assert not copy_newest(settings, clock.now())
    assert keys.secret not in "".join(
        path.read_text(errors="replace") for path in settings.database.parent.rglob("*.json")
    )


def test_copies_in_a_folder_are_kept_as_long_as_backups(settings: Config) -> None:
    old = Path(settings.backup_copy) / "copy-20260101T000000Z.sqlite.age"
    foreign = Path(settings.backup_copy) / "mine.age"
    for path in (old, foreign):
        path.touch()
    make_backup(settings, MORNING)
    copy_newest(settings, MORNING)
    assert {path.name for path in Path(settings.backup_copy).iterdir()} == {
        "mine.age", "copy-20261123T080000Z.sqlite.age",
    }  # fmt: skip


def test_a_command_gets_the_copy_with_its_name(settings: Config, tmp_path: Path) -> None:
    there = replace(settings, backup_copy=f'| cat >"{tmp_path}/got-$BACKUP_NAME"')
    make_backup(there, MORNING)
    assert copy_newest(there, MORNING)
    copy = tmp_path / "got-copy-20261123T080000Z.sqlite.age"
    assert copy.read_bytes().startswith(b"age-encryption.org/v1\n")


def test_after_a_total_loss_a_copy_and_the_secret_key_give_the_same_pages(
    portal: Flask, settings: Config, flask: Callable[..., tuple[int, str]], keys: KeyPair
) -> None:
    """Also of whom was forgotten after that copy: the list came along with a later one."""
    with connection():
        person = Assignment.select().get().person
    flask("backup")
    first = newest_copy(settings)
    with stopped_at(MORNING.replace(hour=9, minute=30)), portal.app_context(), connection():
        forgetting.forget(person.id, None, "Wens.")
    before = read(portal, SCHOOL)
    with stopped_at(MORNING.replace(hour=10)):
        flask("backup")
    shutil.rmtree(settings.backups)
    settings.database.unlink()
    typed = keys.secret.lower().replace("y-1", "y-1 ")  # as somebody types it from paper
    status, said = flask("restore", str(first), answer=f"{typed}\n")
    assert status == 0, said
    assert list(forgotten_people.read(settings).people) == [person.id]
    with connection():
        assert Person.get_or_none(Person.id == person.id) is None
    assert read(portal, SCHOOL) == before
    assert not list(settings.database.parent.glob("copy-*/"))


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("AGE-SECRET-KEY-1QQ", "Dit is geen geheime sleutel."),
        ("xyzzy", "Dit is geen geheime sleutel."),
        (make_keys().secret, "deze sleutel past er niet op"),
    ],
    ids=["cut off", "a word", "another"],
)
def test_a_wrong_key_restores_nothing(
    settings: Config, flask: Callable[..., tuple[int, str]], key: str, says: str
) -> None:
    flask("backup")
    held = settings.database.read_bytes()
    status, said = flask("restore", str(newest_copy(settings)), answer=f"{key}\n")
    assert (status, says in said, "Er is niets veranderd." in said) == (1, True, True), said
    assert key not in said
    assert settings.database.read_bytes() == held


def test_a_copy_that_is_cut_off_restores_nothing(
    settings: Config, flask: Callable[..., tuple[int, str]], keys: KeyPair
) -> None:
    flask("backup")
    held, copy = settings.database.read_bytes(), newest_copy(settings)
    half(copy)
    status, said = flask("restore", str(copy), answer=f"{keys.secret}\n")
    assert (status, "dit bestand is niet heel" in said) == (1, True), said
    assert "Er is niets veranderd." in said
    assert settings.database.read_bytes() == held


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of its own at this folder, of 64 kB."""
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False).returncode
    ):
        pytest.skip("only root mounts a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_second_disk_leaves_the_backup_good_and_is_told_once(
    settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    portal = make_app(settings)  # its jobs know these settings
    with connection():
        keepers = Account.select().where(Account.role.in_(COORDINATOR_ROLES)).count()
    with small_disk(Path(settings.backup_copy)):
        status, said = flask("backup")
        assert (status, "De back-up is goed." in said) == (1, True), said
        for _ in range(3):
            tick_copies(portal)
        assert not list(Path(settings.backup_copy).iterdir())
    assert len(list_backups(settings)) == 1
    assert "No space left" in read_state(settings).reason
    mails = list_mails()
    assert len(mails) == keepers > 1
    assert "No space left" in mails[0].body
    tick_copies(portal)  # there is room again
    assert read_state(settings).failing_since == ""
    shutil.rmtree(settings.backup_copy)  # the next time is told again
    with stopped_at(MORNING.replace(hour=12)):
        make_backup(settings, clock.now())
        tick_copies(portal)
    assert len(list_mails()) == 2 * keepers


def test_a_command_learns_no_password_of_the_portal(settings: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "geheimpje")
    monkeypatch.setenv("RCLONE_CONFIG", "/etc/rclone.conf")
    there = replace(settings, backup_copy='| echo "$SMTP_PASSWORD/$RCLONE_CONFIG" >&2; exit 1')
    make_backup(there, MORNING)
    with pytest.raises(BackupError, match=r"^//etc/rclone\.conf$"):
        copy_newest(there, MORNING)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("| cat >/dev/full", "No space left on device"),
        ("| echo geen verbinding >&2; exit 4", "geen verbinding"),
        ("| exit 4", "De opdracht eindigde met 4."),
        ("| sleep 60 & sleep 60", "Het duurde te lang"),
    ],
)
def test_a_command_that_fails_or_hangs_is_ended_and_says_why(
    settings: Config, monkeypatch: pytest.MonkeyPatch, command: str, says: str
) -> None:
    monkeypatch.setattr(second_place, "TIME_LIMIT", 0.3)
    there = replace(settings, backup_copy=command)
    make_backup(there, MORNING)
    begun = time.monotonic()
    with pytest.raises(BackupError, match=says):
        copy_newest(there, MORNING)
    assert time.monotonic() - begun < 50  # the command would take 60
    assert read_state(there).failing_since == MORNING.isoformat()


def test_killed_copies_do_not_fill_the_second_place(
    settings: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hanging = tmp_path / "sync"
    hanging.write_text("#!/bin/sh\nsleep 9\n")
    hanging.chmod(0o700)
    monkeypatch.setattr(second_place, "TIME_LIMIT", 0.5)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for hour in range(2):
        make_backup(settings, MORNING + timedelta(hours=hour))
        with pytest.raises(BackupError, match="te lang"):
            copy_newest(settings, MORNING)
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1


# The drill


def test_a_killed_drill_leaves_what_the_next_backup_clears(
    settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    backup = make_backup(settings, MORNING)
    with get_store(settings).trial(backup) as address:
        folder = Path(address.removeprefix("sqlite:///")).parent
        assert folder.stat().st_mode & 0o777 == 0o700
        os.utime(folder, (0, 0))
        clear_old(settings, MORNING)
        assert not folder.exists()


def test_a_drill_restores_the_backup_and_the_copy_and_changes_nothing(
    settings: Config, flask: Callable[..., tuple[int, str]], keys: KeyPair, tmp_path: Path
) -> None:
    flask("backup")
    with closing(sqlite3.connect(settings.database)) as later:
        later.execute("DELETE FROM attempt")
        later.execute("INSERT INTO attempt (key, at) VALUES ('later', 1)")
        later.commit()
    key = tmp_path / "key.txt"
    key.write_text(f"# made by age-keygen\n{keys.secret}\n")
    files = sorted(settings.database.parent.rglob("*"))
    status, said = flask("restore", "--drill", "--key", str(key))
    assert status == 0, said
    assert said.count("rijen teruggezet en vergeleken met nu.") == 2
    assert newest_copy(settings).name in said
    assert said.count("  attempt: 0 in de back-up, nu 1") == 2
    assert sorted(settings.database.parent.rglob("*")) == files


def other_trail(path: Path) -> None:
    with closing(sqlite3.connect(path)) as forged:
        forged.execute("DROP TRIGGER audit_entry_no_update")
        forged.execute("UPDATE audit_entry SET action = 'undone'")
        forged.commit()


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20_000])


@pytest.mark.parametrize(
    ("spoil", "says"), [(other_trail, "het spoor is anders dan dat van de portal"), (half, "dit bestand is niet heel")]
)
def test_a_drill_finds_a_backup_that_would_not_do(
    settings: Config, flask: Callable[..., tuple[int, str]], spoil: Callable[[Path], None], says: str
) -> None:
    with connection():
        audit.record(None, "done", "request", 1)
    flask("backup")
    spoil(newest(settings))
    status, said = flask("restore", "--drill")
    assert (status, "De oefening is mislukt." in said, says in said) == (1, True, True), said


def test_a_drill_finds_a_backup_without_schools(database: Path, flask: Callable[..., tuple[int, str]]) -> None:
    status, said = flask("restore", "--drill", str(database))
    assert (status, "er staan geen scholen in" in said) == (1, True), said


def test_a_drill_makes_no_database(settings: Config, flask: Callable[..., tuple[int, str]]) -> None:
    flask("backup")
    settings.database.unlink()
    status, said = flask("restore", "--drill")
    assert (status, settings.database.exists()) == (1, False), said


def test_a_drill_without_a_backup_and_a_restore_without_a_file_say_what_to_do(
    flask: Callable[..., tuple[int, str]],
) -> None:
    assert flask("restore", "--drill")[0] == 1
    assert "Maak er een met `flask backup`." in flask("restore", "--drill")[1]
    status, said = flask("restore")
    assert (status, "Welke back-up?" in said) == (2, True)


def test_ids_that_were_given_after_the_backup_are_not_given_again(
    portal: Flask, settings: Config, flask: Callable[..., tuple[int, str]]
) -> None:
    flask("backup")
    with connection():
        added = make_person("Lia", "Later")
        added.delete_instance()
    status, said = flask("restore", str(newest(settings)))
    assert status == 0, said
    with connection():
        again = make_person("Lia", "Later")
    assert again.id > added.id


# The ping


def test_a_ping_tells_of_each_good_backup(portal_copy: Flask, tmp_path: Path) -> None:
    asked = threading.Event()

    class Watcher(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.set()
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Watcher) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = replace(portal_copy.config["KERNWIJZER"], ping_url=f"http://127.0.0.1:{server.server_port}/x")
        backups.back_up(settings, lambda: None)
        assert asked.wait(60)
        asked.clear()
        with pytest.raises(BackupError):
            backups.back_up(replace(settings, database_url=f"sqlite:///{tmp_path}/none"), lambda: None)
        assert not asked.wait(0.2)
        server.shutdown()


def test_nothing_waits_for_a_ping_that_is_never_answered(portal_copy: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x"
        begun = time.monotonic()
        assert ping(url).daemon
        settings = replace(portal_copy.config["KERNWIJZER"], ping_url=url)
        assert backups.back_up(settings, lambda: None).exists()
        assert time.monotonic() - begun < 5
