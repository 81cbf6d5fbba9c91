"""The logs hold events and account ids; no names, addresses, search texts or secrets."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.audit import AuditEntry
from portal.database import connection, db, migrate
from portal.mail.models import OutgoingMail
from tests.checks import extract
from tests.clock import stopped_at
from tests.conftest import CheckedClient, make_app
from tests.postgres import find_server


def lines(app: Flask) -> list[str]:
    path: Path = app.config["KERNWIJZER"].logs / "kernwijzer-2026-11-23.log"
    return path.read_text("utf-8").splitlines()


def test_no_canary_is_in_any_log(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    client.sign_in_by_form("administrator")
    # First check that each canary was processed.
    form = {"naam": "Kanarie Zanger", "email": "kanarie@vogel.example", "rol": "reader"}
    assert client.submit("/beheer/accounts/nieuw", form).status_code == 302
    with connection():
        assert Account.get(Account.email == "kanarie@vogel.example").name == "Kanarie Zanger"
    assert "kanariepiet" in client.get("/?q=kanariepiet").text
    assert client.get("/scholen/16lf00-basisschool-camelot?plaats=Kanariestad").status_code == 200
    other = CheckedClient(portal_copy, portal_copy.response_class)
    other.submit("/inloggen", {"email": "kanarie@vogel.example"})
    with connection():
        mail = OutgoingMail.select().order_by(OutgoingMail.id.desc()).get().body
    token = extract(r"/inloggen/link/(\S+)", mail)
    assert other.submit(f"/inloggen/link/{token}").status_code == 302
    code = extract(r"^(\d{3} \d{3})$", mail).replace(" ", "")
    logged = "\n".join(lines(portal_copy)).lower()
    assert "/inloggen/link/<secret:token>" in logged
    for canary in ("kanarie", "vogel.example", token.lower(), code):
        assert canary not in logged


def test_a_request_is_one_line_of_json(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in_by_form("reader")
    client.get("/scholen")
    *_, last = lines(portal_copy)
    line = json.loads(last)
    assert line["at"].endswith("+00:00")
    assert (line["route"], line["method"], line["status"]) == ("/scholen", "GET", 200)
    assert isinstance(line["account"], int)
    assert {"request", "ms", "level"} <= set(line)


def test_security_events_are_logged(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    client.submit("/inloggen/code", {"code": "123456"})
    client.sign_in_by_form("reader")
    client.get("/beheer")
    client.post("/uitloggen")
    client.submit("/uitloggen")
    events = [json.loads(line)["event"] for line in lines(portal_copy)]
    assert [e for e in events if e != "request"] == [
        "code refused", "signed in", "denied", "token refused", "signed out",
    ]  # fmt: skip


def test_the_audit_trail_cannot_be_changed(portal_copy: Flask) -> None:
    form = {"naam": "Tim", "email": "tim@cjg.example", "rol": "reader"}
    with stopped_at(datetime.now(UTC)):  # the database looks at a clock of its own
        client = CheckedClient(portal_copy, portal_copy.response_class).sign_in_by_form("administrator")
        client.submit("/beheer/accounts/nieuw", form)
    with connection():
        entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
        assert (entry.action, entry.subject) == ("invited", "account")
        for statement in ("UPDATE audit_entry SET actor = 1", "DELETE FROM audit_entry"):
            with pytest.raises(Exception, match="append-only"):
                db.execute_sql(statement)


def test_files_of_the_portal_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    usual = os.umask(0o022)
    try:
        app = make_app(tmp_path / "state" / "kernwijzer.sqlite")
        migrate()
        with connection():
            assert app.test_client().get("/healthz").status_code == 200
            made = {tmp_path / "state", *(tmp_path / "state").rglob("*")}
            names = {path.name for path in made}
            assert {"keys.json", "log"} <= names
            assert find_server() or {"kernwijzer.sqlite", "kernwijzer.sqlite-wal"} <= names
            assert any(name.endswith(".log") for name in names)
            assert [path for path in made if path.stat().st_mode & 0o077] == []
    finally:
        os.umask(usual)


def test_a_readable_or_broken_key_file_stops_the_start(portal_copy: Flask) -> None:
    from portal.config import SettingError
    from portal.keys import load_keys

    path = portal_copy.config["KERNWIJZER"].keys
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(SettingError, match="Zet de rechten op 600"):
        load_keys(path)
    path.chmod(0o600)
    path.write_text('{"secret": "kort", "fallbacks": [], "csrf": "kort"}')
    with pytest.raises(SettingError, match="is stuk"):
        load_keys(path)
