"""A mail server that fails before, during or after a request: the request is stored once, its mails
arrive, and the page shows their state. With a real server and real delivery."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from portal.database import connection
from portal.mail.models import OutgoingMail
from portal.mail.return_paths import ReturnPath
from portal.mail.sending_and_retries import deliver_due
from portal.mail.smtp import Server
from tests.clock import TODAY, stopped_at
from tests.mail.postbox import DROP, Postbox, serving
from tests.requests.conftest import Browser, ask, link_in, mails, only_request

PO = "kernteam@po-zk.nl"
WAITS, GONE = "wacht nog en wordt vanzelf verstuurd.", f"Je aanvraag is gemaild naar {PO}."


def server(port: int) -> Server:
    return Server(
        host="127.0.0.1", port=port, security="none", user="", password="",
        sender="kernteam@po.example", return_path=ReturnPath("bounce@po.example"),
        allow=(), capture_only=False, lease=timedelta(minutes=5), greeting="portal.example",
    )  # fmt: skip


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A mail server that keeps what it receives."""
    with serving() as postbox:
        yield postbox


def deliver(port: int) -> None:
    with connection():
        deliver_due(server(port))


def follow() -> str:
    """The link to follow the request, read before the mail is sent and its text erased."""
    return link_in(mails("copy")[0])


def test_the_server_was_stopped_before_and_comes_back(browser: Browser) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        with serving() as gone:
            port = gone.port
        assert ask(browser("reader"), wens="Samen oefenen.").status_code == 302
        link = follow()
        deliver(port)
        assert {mail.state for mail in mails()} == {"waiting"}
        assert WAITS in browser().get(link).text
        now.tick(timedelta(minutes=2))
        with serving() as postbox:
            deliver(postbox.port)
            assert sorted(letter.recipients[0] for letter in postbox.letters) == [
                PO, "saskia@school.example",
            ]  # fmt: skip
        assert GONE in browser().get(link).text
        assert only_request().state == "received"


def test_the_server_stops_while_the_mail_is_on_its_way(browser: Browser, postbox: Postbox) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        postbox.answer("DATA", DROP)
        ask(browser("reader"))
        link = follow()
        deliver(postbox.port)
        assert WAITS in browser().get(link).text
        now.tick(timedelta(minutes=2))
        deliver(postbox.port)
        arrived = [letter.recipients[0] for letter in postbox.letters]
        assert set(arrived) == {PO, "saskia@school.example"}
        ids = [letter.message["Message-ID"] for letter in postbox.letters if letter.recipients == [PO]]
        assert len(set(ids)) == 1, "at least once, and a second copy is recognised"
        assert GONE in browser().get(link).text
        assert only_request()


def test_the_server_stops_after_it_took_the_first_mail(browser: Browser) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        ask(browser("reader"))
        link = follow()
        with serving() as postbox:
            postbox.answer("DATA", "250 OK", "451 even niet")
            deliver(postbox.port)
        assert [mail.state for mail in mails()] == ["sent", "waiting"]
        assert GONE in browser().get(link).text
        now.tick(timedelta(minutes=2))
        with serving() as postbox:
            deliver(postbox.port)
            assert [letter.recipients for letter in postbox.letters] == [["saskia@school.example"]]


def test_both_sides_are_told_of_a_mailbox_that_does_not_exist(browser: Browser, postbox: Postbox) -> None:
    postbox.answer("RCPT", "550 geen postvak")
    ask(browser("reader"))
    link = follow()
    deliver(postbox.port)
    assert "kon niet worden bezorgd." in browser().get(link).text
    page = browser("coordinator").get(f"/beheer/aanvragen/{only_request().id}").text
    assert f"De mail aan {PO} kwam niet aan." in page


def test_the_confirmation_mail_waits_as_well(browser: Browser, postbox: Postbox) -> None:
    client = browser()
    location = ask(client).headers["Location"]
    assert "De mail wordt nu verstuurd." in client.get(location).text
    deliver(postbox.port)
    assert "De mail wordt nu verstuurd." not in client.get(location).text
    (letter,) = postbox.letters
    assert letter.message["Subject"] == f"[{only_request().reference}] Bevestig je aanvraag"
    with connection():
        assert OutgoingMail.get().state == "sent"


def test_the_mails_are_plain_text_and_name_step_and_theme(browser: Browser, postbox: Postbox) -> None:
    ask(browser("reader"), wens="Eerste regel.\nFrom hier verder: één ‘zin’.")
    browser("coordinator").submit(f"/beheer/aanvragen/{only_request().id}/behandelen")
    deliver(postbox.port)
    messages = [letter.message for letter in postbox.letters]
    assert {m["Subject"] for m in messages} == {
        f"[{only_request().reference}] {event}: Meldcode (PO) – Basisschool Camelot"
        for event in ("Nieuwe aanvraag", "Ontvangen", "In behandeling")
    }
    to_mailbox = next(m for m in messages if m["To"] == PO)
    assert to_mailbox["Reply-To"] == PO
    assert to_mailbox.get_content_type() == "text/plain"
    text = to_mailbox.get_content().replace("\r\n", "\n")
    assert "Eerste regel.\nFrom hier verder: één ‘zin’.\n" in text
    assert all(m["Reply-To"] == PO for m in messages if m["To"] != PO)


def test_when_the_database_refuses_neither_request_nor_mail_is_there(
    portal_copy: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError("disk full")

    client = browser("reader")
    monkeypatch.setattr("portal.requests.mails.received", full)
    assert ask(client).status_code == 500
    monkeypatch.undo()
    assert mails() == []
    assert ask(client).status_code == 302
    assert only_request().state == "received"
