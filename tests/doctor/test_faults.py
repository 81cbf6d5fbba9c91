"""Each fault of an installation is made, and found by the doctor with what to do about it."""

import contextlib
import ipaddress
import json
import os
import re
import socketserver
import sqlite3
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import clock, keys
from portal.backups.make_and_restore import list_backups, make_backup
from portal.backups.second_place import copy_newest
from portal.config import Config
from portal.database import db
from portal.doctor import (
    backups,
    clocks,
    contradicting_settings,
    damaged_or_slow_database,
    disk,
    file_rights,
    jobs,
    key_file,
    sender_domain,
)
from portal.doctor import mail_server as mail_check
from portal.doctor.certificate import find_faults as find_certificate_faults
from portal.doctor.checks import CHECKS
from portal.doctor.examination import JOB, examine
from portal.doctor.finding import TEXTS, Finding, tell
from portal.jobs.worker import tick
from portal.mail.models import OutgoingMail
from portal.mail.outbox import Mail, enqueue
from tests.backups.test_backups import newer, turned_byte
from tests.backups.test_second_place import small_disk
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.doctor.conftest import Change, Records
from tests.factories import make_job_run
from tests.guide import readability
from tests.mail.postbox import Postbox

pytestmark = pytest.mark.sqlite("about files, and about what is beside any database")


def keys_of(findings: Iterable[Finding]) -> list[str]:
    """The findings by the keys of their texts."""
    patterns = {
        key: re.compile(re.sub(r"\\{\w+\\}", ".*", re.escape(text["wrong"])), re.DOTALL) for key, text in TEXTS.items()
    }
    return [next(key for key, pattern in patterns.items() if pattern.fullmatch(finding.wrong)) for finding in findings]


def test_a_healthy_installation_has_no_findings(portal_copy: Flask, healthy: Config) -> None:
    db.close()
    result = portal_copy.test_cli_runner().invoke(args=["doctor"])
    assert (result.exit_code, result.output.count("\n")) == (0, 1), result.output
    assert all(check.label in result.output for check in CHECKS)


def test_the_command_says_what_is_wrong_what_it_costs_and_what_to_do(
    portal_copy: Flask, healthy: Config, records: Records
) -> None:
    del records["_dmarc.school.example"]
    healthy.keys.unlink()
    result = portal_copy.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    for finding in (
        tell("keys-gone", path=healthy.keys), tell("no-dmarc", domain="school.example"),
    ):  # fmt: skip
        assert all(text in result.output for text in finding)
    assert "In orde: Database, " in result.output
    assert not healthy.keys.exists()


def test_every_text_reads_easily() -> None:
    """No sentence is long, also with the values that are filled in."""
    assert {tuple(text) for text in TEXTS.values()} == {Finding._fields}
    parts = [part.replace("?", ".") for text in TEXTS.values() for part in text.values()]
    sentences = [sentence.split() for part in parts for sentence in part.split(". ")]
    assert max(map(len, sentences)) <= 18
    assert readability.measure_sentences(sentences).mean <= 10


# Files


def test_files_that_others_can_read_are_found(healthy: Config) -> None:
    assert keys_of(file_rights.find_faults(healthy)) == []
    (path,) = (path for _, path in list_backups(healthy))
    path.chmod(0o644)
    (finding,) = file_rights.find_faults(healthy)
    assert keys_of([finding]) == ["readable"]
    assert path.name in finding.wrong
    subprocess.run(finding.mend.removeprefix("Voer uit: ").split(), check=True)
    assert keys_of(file_rights.find_faults(healthy)) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file away")
def test_files_of_another_user_are_found(healthy: Config) -> None:
    """Somebody ran a command as root."""
    os.chown(list_backups(healthy)[0][1], 12345, 12345)
    assert keys_of(file_rights.find_faults(healthy)) == ["other-owner"]


def test_a_folder_that_cannot_be_written_is_found(healthy: Config, tmp_path: Path) -> None:
    (tmp_path / "fixed").mkdir()
    with small_disk(tmp_path / "fixed"):
        (tmp_path / "fixed" / "copy-x.sqlite").touch(0o600)
        subprocess.run(["mount", "-o", "remount,ro", tmp_path / "fixed"], check=True)
        there = replace(healthy, backup_dir=tmp_path / "fixed")
        assert keys_of(file_rights.find_faults(there)) == ["read-only"]


def test_a_disk_that_is_almost_full_is_found(healthy: Config, tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    with small_disk(tmp_path / "small"):
        (finding,) = disk.find_faults(replace(healthy, backup_dir=tmp_path / "small"))
    assert "is nog 0 MB vrij." in finding.wrong


def test_a_disk_that_fills_up_is_found(healthy: Config) -> None:
    """By what the worker stored on other days."""
    for free, told in (
        ({0: 900, 10: 300}, ["De schijf is over ongeveer 5 dagen vol."]),  # 60 a day, and 300 left
        ({0: 900, 10: 880}, []),
        ({0: 300, 10: 900}, []),
        ({8: 900, 10: 300}, []),  # two days say nothing
    ):
        days = {str(TODAY - timedelta(days=10 - day)): left for day, left in free.items()}
        (healthy.backups / "copy-disk.json").write_text(json.dumps(days))
        assert [finding.wrong for finding in disk.find_faults(healthy)] == told, free


def test_the_worker_remembers_the_room_of_two_weeks(healthy: Config) -> None:
    for day in range(20):
        disk.remember(healthy, TODAY + timedelta(days=day))
    assert len(json.loads((healthy.backups / "copy-disk.json").read_text())) == 15


# Clock and keys


def test_a_clock_that_went_back_is_found(healthy: Config) -> None:
    assert keys_of(clocks.find_faults(healthy)) == []
    with stopped_at(clock.now() - timedelta(hours=1)):
        assert keys_of(clocks.find_faults(healthy)) == ["clock-back"]


def test_a_clock_that_nothing_keeps_right_is_found(healthy: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert clocks.ask_kernel() in range(6)
    monkeypatch.setattr(clocks, "ask_kernel", lambda: 5)
    assert keys_of(clocks.find_faults(healthy)) == ["clock-loose"]


def test_faults_of_the_keys_are_found(healthy: Config) -> None:
    def look(config: Config = healthy) -> list[str]:
        return keys_of(key_file.find_faults(config))

    assert look(replace(healthy, backup_dir=healthy.keys.parent)) == ["keys-beside-backups"]
    healthy.keys.chmod(0o640)
    assert look() == ["keys-wrong"]
    healthy.keys.chmod(0o600)
    keys.rotate(healthy.keys)
    assert look() == ["keys-replaced"]
    healthy.keys.write_text("{}")
    assert look() == ["keys-wrong"]
    healthy.keys.unlink()
    assert look() == ["keys-gone"]


# The database


@pytest.mark.parametrize(("spoil", "key"), [(turned_byte, "damaged"), (newer, "other-version")], ids=["byte", "newer"])
def test_a_database_that_is_damaged_or_of_another_version_is_found(
    healthy: Config, spoil: Callable[[Path], None], key: str
) -> None:
    db.close()
    with closing(sqlite3.connect(healthy.database)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    spoil(healthy.database)
    assert keys_of(damaged_or_slow_database.find_faults(healthy)) == [key]


def test_a_file_that_is_no_database_stops_no_other_check(healthy: Config) -> None:
    db.close()
    for path in healthy.database.parent.glob("copy.sqlite-*"):
        path.unlink()
    healthy.database.write_bytes(b"broken" * 5000)
    found = {result.label: keys_of(result.findings) for result in examine(healthy)}
    assert found["Database"] == ["damaged"]
    assert found["Werk dat vanzelf gebeurt"] == ["failed"]
    assert found["Schijf"] == []


def test_a_missing_database_is_not_made(portal_copy: Flask, healthy: Config) -> None:
    db.close()
    healthy.database.unlink()
    result = portal_copy.test_cli_runner().invoke(args=["doctor"])
    assert (result.exit_code, healthy.database.exists()) == (1, False)
    assert "Begin met `flask seed`, of zet een back-up terug." in result.output


def test_many_slow_answers_are_found(healthy: Config) -> None:
    assert healthy.logs
    found: list[str]
    for slow, found in ((8, ["slow"]), (2, [])):
        lines = [{"route": "/scholen", "ms": 1500 if at < slow else 20} for at in range(100)]
        text = "\n".join([*map(json.dumps, lines), '{"event": "x"}', "half"])
        (healthy.logs / f"kernwijzer-{clock.today()}.log").write_text(text)
        assert keys_of(damaged_or_slow_database.find_faults(healthy)) == found


# Backups


def test_an_old_backup_is_found(healthy: Config) -> None:
    with stopped_at(clock.now() + timedelta(hours=4)):
        (finding,) = backups.find_faults(healthy)
    assert "De laatste: 23 november 2026 om 10:00 uur." in finding.wrong


def test_a_backup_that_went_bad_is_found(healthy: Config) -> None:
    assert keys_of(backups.find_damage(healthy)) == []
    turned_byte(list_backups(healthy)[0][1])
    assert keys_of(backups.find_damage(healthy)) == ["backup-damaged"]


def test_faults_of_the_second_place_are_found(healthy: Config, tmp_path: Path) -> None:
    def look(config: Config) -> list[str]:
        return keys_of(backups.find_copy_faults(config))

    assert look(replace(healthy, backup_copy="")) == ["one-place"]
    with stopped_at(clock.now() + timedelta(hours=27)):
        assert look(healthy) == ["copy-old"]
    beside = replace(healthy, backup_copy=str(tmp_path / "beside"))
    (tmp_path / "beside").mkdir()
    assert look(beside) == ["copy-old", "same-disk"]  # it went to the command
    make_backup(healthy, clock.now() + timedelta(hours=1))
    full = replace(healthy, backup_copy="| cat >/dev/full")
    with contextlib.suppress(Exception):
        copy_newest(full, clock.now())
    (finding,) = backups.find_copy_faults(full)
    assert "No space left on device" in finding.wrong
    assert keys_of([finding]) == ["copy-failed"]


# Jobs and mail


def test_jobs_that_stand_still_or_do_nothing_are_found(healthy: Config) -> None:
    assert keys_of(jobs.find_faults(healthy)) == []
    now = clock.now()
    make_job_run("backup", last_ok_at=now, last_done_at=now - timedelta(hours=4))
    make_job_run("clear", last_ok_at=now - timedelta(hours=4))
    silent, idle = jobs.find_faults(healthy)
    assert silent.wrong == "Dit gebeurt niet meer: Wissen wat lang genoeg bewaard is."
    assert idle.wrong == "Dit draait wel, maar doet niets: Back-up maken."


def test_mail_that_waits_or_failed_is_found(healthy: Config) -> None:
    with db.atomic():
        for at in ("a", "b"):
            enqueue(Mail(at, f"{at}@school.example", "Onderwerp", "De tekst."), "x.example")
        OutgoingMail.update(state="failed").where(OutgoingMail.key == "a").execute()
    with stopped_at(clock.now() + timedelta(minutes=16)):
        assert keys_of(mail_check.find_waiting(healthy)) == ["mail-waits", "mail-failed"]


def test_a_mail_server_that_is_missing_gone_or_refuses_us_is_found(healthy: Config, mail_server: Postbox) -> None:
    find_faults = mail_check.find_faults
    assert keys_of(find_faults(healthy)) == []
    assert mail_server.letters == []
    (finding,) = find_faults(replace(healthy, smtp_password="verkeerd"))
    assert "Controleer SMTP_USER en SMTP_PASSWORD" in finding.mend
    assert "verkeerd" not in "".join(finding)
    assert keys_of(find_faults(replace(healthy, smtp_security="starttls"))) == ["mail-refused"]
    assert keys_of(find_faults(replace(healthy, smtp_port=1))) == ["mail-refused"]
    assert keys_of(find_faults(replace(healthy, smtp_host=""))) == ["no-mail-server"]


def test_what_the_domain_of_the_sender_lacks_is_found(healthy: Config, records: Records) -> None:
    usual, key = dict(records), "selector1._domainkey.school.example"
    for name, texts, found in (
        ("school.example", ["no policy"], ["no-spf"]),
        ("school.example", ["v=spf1 mx -all", "v=spf1 a -all"], ["two-spf"]),
        ("school.example", ["v=spf1 mx +all"], ["open-spf"]),
        ("school.example", ["v=spf1 redirect=_spf.school.example"], []),
        (key, None, ["no-dkim"]),
        ("_dmarc.school.example", None, ["no-dmarc"]),
        ("_dmarc.school.example", ["v=DMARC1; p=none"], ["weak-dmarc"]),
        ("school.example", [], ["dns-silent"]),
    ):
        records.update(usual)
        del records[name]
        if texts is not None:
            records[name] = texts
        assert keys_of(sender_domain.find_faults(healthy)) == found, (name, texts)


def test_a_policy_above_the_domain_counts(healthy: Config, records: Records) -> None:
    below = replace(healthy, mail_from="post@mail.school.example")
    records["mail.school.example"] = ["v=spf1 -all"]
    records["key._domainkey.mail.school.example"] = ["v=DKIM1"]  # a name that nobody guesses
    found: list[str]
    for policy, found in (("reject", []), ("none", ["weak-dmarc"])):
        records["_dmarc.school.example"] = [f"v=DMARC1; p=reject; sp={policy}"]
        assert keys_of(sender_domain.find_faults(below)) == found


# The certificate


@contextlib.contextmanager
def serving_tls(certificate: Path) -> Iterator[int]:
    """A server with this certificate, the key beside it; gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def test_a_certificate_that_ends_soon_or_is_not_trusted_is_found(
    healthy: Config, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_tls(certificate) as port, stopped_at(datetime.now(UTC)):
        there = replace(healthy, base_url=f"https://localhost:{port}")
        assert keys_of(find_certificate_faults(there)) == ["certificate-refused"]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        (finding,) = find_certificate_faults(there)
        assert finding.wrong == "Het certificaat van localhost geldt nog 1 dag."
        with stopped_at(datetime.now(UTC) - timedelta(days=30)):
            assert keys_of(find_certificate_faults(there)) == []
        other = replace(healthy, base_url=f"https://127.0.0.1:{port}")
        assert keys_of(find_certificate_faults(other)) == ["certificate-refused"]
    assert keys_of(find_certificate_faults(there)) == ["unreachable"]
    assert keys_of(find_certificate_faults(healthy)) == []  # no https, no certificate


# Settings


def test_settings_that_contradict_each_other_are_found(healthy: Config, change: Change) -> None:
    assert keys_of(contradicting_settings.find_faults(healthy)) == []
    nobody = f"hulp@{healthy.region.key}.example"
    changes: Any
    for changes, found in (
        ({"base_url": "http://portal.example"}, "http"),
        ({"proxies": 1}, "no-proxy"),
        ({"mail_allow": ("*@x.example",), "base_url": "https://x.example"}, "trial-mail"),
        ({"mail_bounce": "terug+@school.example"}, "unread-bounces"),
        ({"smtp_password": ""}, "no-password"),
        ({"smtp_oauth_url": "https://login.example"}, "two-secrets"),
        ({"smtp_security": "starttls", "smtp_port": 465}, "other-port"),
        ({"smtp_user": "post@elders.example"}, "other-sender"),
        ({"contact_email": nobody}, "no-start"),
    ):
        assert keys_of(contradicting_settings.find_faults(change(**changes))) == [found]
        change(**{name: getattr(healthy, name) for name in changes})


def test_a_trusted_network_that_the_proxy_does_not_guard_is_found(healthy: Config, change: Change) -> None:
    network = ipaddress.ip_network("192.0.2.0/24")
    there = change(base_url="https://x.example", proxies=1, host="0.0.0.0", trusted_networks=(network,))
    assert "beside-proxy" in keys_of(contradicting_settings.find_faults(there))


# The page


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    """A browser in which the coordinator is signed in; asked for before the demo ends."""
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


def test_the_page_shows_quick_checks_at_once_and_slow_ones_of_the_worker(
    coordinator: CheckedClient, healthy: Config, records: Records, mail_server: Postbox
) -> None:
    healthy.keys.chmod(0o640)
    del records["_dmarc.school.example"]
    page = coordinator.get("/beheer/techniek").text
    assert "De sleutels zijn niet goed." in page
    assert page.count("nog niet nagekeken") == sum(check.is_slow for check in CHECKS) == 6
    assert mail_server.logins == []
    answer = coordinator.submit("/beheer/techniek")
    assert "Het nakijken begint binnen een minuut." in coordinator.get(answer.location).text
    tick([job for job in coordinator.application.extensions["jobs"] if job.name == JOB])
    assert len(mail_server.logins) == 1
    page = coordinator.get("/beheer/techniek").text
    assert "2 dingen zijn niet in orde." in page
    assert "Bij school.example staat geen DMARC." in page
    assert "nog niet nagekeken" not in page
    assert len(mail_server.logins) == 1
    assert "2 dingen zijn niet in orde." in coordinator.get("/beheer").text
