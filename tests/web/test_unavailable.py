"""A full disk or a read-only database: typed text stays on the page, and reading goes on."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.database import connection, db, open_database
from portal.requests.models import Request
from tests.checks import parse
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.requests.conftest import ask
from tests.routes import ROUTES

pytestmark = pytest.mark.sqlite("fills and locks the file; tests/database/test_postgres.py stops the server")

# A session that was idle for so long gets its time updated, which is a write.
LATER = f"{TODAY} 09:30:00"

WISH = "We willen weten wat de meldcode van ons vraagt. " * 20 + "Ja."  # needs a page of its own


@pytest.fixture
def client(portal_copy: Flask) -> CheckedClient:
    """The coordinator's browser, in a portal that turns errors into pages as in production."""
    portal_copy.testing = False
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


@pytest.fixture(params=["full", "read-only"])
def stopped(request: pytest.FixtureRequest, client: CheckedClient) -> Iterator[None]:
    """Make the database read-only, half an hour later."""
    with stopped_at(LATER):
        if request.param == "full":
            (pages,) = db.execute_sql("PRAGMA page_count").fetchone()
            db.execute_sql(f"PRAGMA max_page_count = {pages}")
            fill()
        else:
            db.execute_sql("PRAGMA query_only = 1")
        yield
    db.close()


def fill() -> None:
    """Fill the database up to its limit, also the free and half empty pages."""
    with pytest.raises(Exception, match="full"):
        while True:
            db.execute_sql("INSERT INTO audit_entry (at, action, subject, subject_id)"
                           " VALUES (1, hex(randomblob(400)), '', '')")  # fmt: skip


def requests() -> int:
    with connection():
        return int(Request.select().count())


def ask_until_refused(client: CheckedClient) -> tuple[TestResponse, int]:
    """Submit until the database refuses, because some pages hold one more row; returns the
    refusal and the number of forms that were stored before it."""
    for received in range(20):
        answer = ask(client, toch="y", wens=WISH, email=f"saskia{received}@school.example")
        if answer.status_code != 302:
            return answer, received
    raise AssertionError("nothing stood in the way")


@pytest.mark.usefixtures("stopped")
def test_typed_text_stays_on_the_page_and_can_be_sent_once_there_is_room(
    client: CheckedClient, portal_copy: Flask
) -> None:
    before = requests()
    answer, received = ask_until_refused(client)
    assert answer.status_code == 503
    assert "Dit is nog niet bewaard" in answer.text
    assert requests() == before + received
    form = next(f for f in parse(answer.text).iter("form") if f.get("action") == "/aanvragen/thema")
    fields = {e.get("name"): e.get("value") for e in form.iter("input")}
    assert (fields["aantal"], fields["wens"]) == ("8", WISH)
    db.close()  # there is room again
    again = client.post("/aanvragen/thema", data=fields)
    assert again.status_code == 302
    assert requests() == before + received + 1


@pytest.mark.usefixtures("stopped")
def test_every_readable_page_still_answers(client: CheckedClient) -> None:
    cases = [case for name, route in ROUTES.items() if name.startswith("GET ") for case in route.cases]
    pages = [case.address for case in cases if "{" not in case.address]
    assert len(pages) > 30
    wrong = {page: status for page in pages if (status := client.get(page).status_code) >= 500 and page != "/readyz"}
    assert wrong == {}
    assert "CJG-coach" in client.get("/?q=camelot").text


@pytest.mark.usefixtures("stopped")
def test_the_database_is_undamaged_afterwards(client: CheckedClient, portal_copy: Flask) -> None:
    for _ in range(3):
        assert ask_until_refused(client)[0].status_code == 503
    assert client.get("/readyz").status_code == 503
    db.close()
    with closing(sqlite3.connect(portal_copy.config["KERNWIJZER"].database)) as other:
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_unreadable_database_gives_a_page_with_the_typed_text(
    client: CheckedClient, portal_copy: Flask, tmp_path: Path
) -> None:
    token = client.token()
    db.close()
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"this was a database" * 1000)
    open_database(f"sqlite:///{broken}")
    for answer in (client.get("/"), client.get("/?q=camelot", headers={"HX-Request": "true"})):
        assert answer.status_code == 503
        assert "Kernwijzer is even niet bereikbaar" in answer.text
    answer = client.post("/aanvragen/thema", data={"waarom": "Onze vraag", "csrf_token": token})
    assert answer.status_code == 503
    assert 'value="Onze vraag"' in answer.text
    stranger = CheckedClient(portal_copy, portal_copy.response_class)
    assert stranger.get("/healthz").status_code == 200
    assert stranger.get("/readyz").status_code == 503
    db.close()
    open_database(portal_copy.config["KERNWIJZER"].database_url)


def test_a_log_that_cannot_be_written_stops_no_page(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/")  # opens the file
    (handler,) = logging.getLogger("portal").handlers

    class Full:
        def write(self, text: str) -> None:
            raise OSError(28, "No space left on device")

        def flush(self) -> None: ...
        def close(self) -> None: ...

    monkeypatch.setattr(handler, "stream", Full())
    monkeypatch.setattr(logging, "raiseExceptions", False)
    assert client.get("/").status_code == 200
