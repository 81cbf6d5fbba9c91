"""Sessions: their cookie, their lifetime and their end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask, Response
from flask import session as cookie

from portal.accounts import sessions
from portal.accounts.models import Account, SignInSession
from portal.accounts.sessions import describe_device
from portal.database import connection
from portal.jobs.clearing import clear_old
from tests.clock import TODAY, stopped_at
from tests.conftest import FRAGMENT, CheckedClient

NINE = f"{TODAY} 09:00:00"
Browser = Callable[[], CheckedClient]


@pytest.fixture
def browser(portal_copy: Flask) -> Browser:
    """Makes a new browser."""
    return lambda: CheckedClient(portal_copy, portal_copy.response_class)


def cookie_attributes(answer: Response) -> dict[str, set[str]]:
    cookies = {}
    for header in answer.headers.getlist("Set-Cookie"):
        pair, *attributes = (part.strip() for part in header.split(";"))
        cookies[pair.partition("=")[0]] = {a for a in attributes if not a.startswith("Expires")}
    return cookies


STRICT = {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.parametrize(
    ("base_url", "asked_at", "is_loopback"),
    [
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000", True),
        ("http://127.0.0.1:5000", "http://localhost:5000", True),
        ("http://[::1]:5000", "http://[::1]:5000", True),
        ("http://127.0.0.1:5000", "https://127.0.0.1:5000", False),
        ("http://127.0.0.1:5000", "https://portal.example", False),
        ("http://portal.example", "http://portal.example", False),
        # Behind a proxy that passes neither the host nor the scheme on.
        ("https://portal.example", "http://127.0.0.1:5000", False),
    ],
)
def test_the_cookies_have_the_strictest_attributes_that_the_address_allows(
    portal_copy: Flask, browser: Browser, base_url: str, asked_at: str, is_loopback: bool
) -> None:
    config = portal_copy.config["KERNWIJZER"]
    portal_copy.config["KERNWIJZER"] = replace(config, base_url=base_url)
    with portal_copy.test_request_context(base_url=asked_at):
        response = portal_copy.response_class()
        cookie["something"] = "here"
        sessions.remember_account(Account(id=1))
        portal_copy.process_response(response)
    prefix, strict = ("", STRICT - {"Secure"}) if is_loopback else ("__Host-", STRICT)
    assert cookie_attributes(response) == {
        f"{prefix}kernwijzer": strict,
        f"{prefix}kernwijzer-browser": strict | {"Max-Age=31536000"},
    }
    assert response.headers["Set-Cookie"].startswith(f"{prefix}kernwijzer=")  # for simple clients


def test_the_session_token_is_stored_as_a_hash_only(browser: Browser) -> None:
    client = browser().sign_in("reader")
    with client.session_transaction() as session:
        token = session["_user_id"]
    with connection():
        stored = repr(list(SignInSession.select().tuples()))
    assert token not in stored
    assert len(token) >= 32


def test_signing_in_empties_the_old_cookie(browser: Browser) -> None:
    client = browser()
    client.token()
    with client.session_transaction() as session:
        session["planted"] = "by an attacker"
    client.sign_in_by_form("reader")
    with client.session_transaction() as session:
        assert "planted" not in session


def test_an_old_cookie_is_invalid_after_signing_out(browser: Browser) -> None:
    client = browser().sign_in("reader")
    old = client.cookie()
    answer = client.submit("/uitloggen")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    client.set_cookie("kernwijzer", old)
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("role", "idle"),
    [("reader", 480), ("member", 480), ("editor", 480), ("coordinator", 30),
     ("administrator", 30)],
)  # fmt: skip
def test_an_idle_session_expires(browser: Browser, role: str, idle: int) -> None:
    with stopped_at(NINE) as clock:
        client = browser().sign_in(role)
        clock.tick(timedelta(minutes=idle - 1))
        assert client.get("/account").status_code == 200
        clock.tick(timedelta(minutes=idle))
        assert client.get("/account").status_code == 302


def test_a_session_in_use_expires_after_twelve_hours(browser: Browser) -> None:
    with stopped_at(NINE) as clock:
        client = browser().sign_in("coordinator")
        for _ in range(28):
            clock.tick(timedelta(minutes=25))
            assert client.get("/account").status_code == 200
        clock.tick(timedelta(minutes=25))
        assert client.get("/account").status_code == 302


def test_a_user_sees_and_ends_their_own_sessions(browser: Browser) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/150.0"
    here, there = browser().sign_in("member"), browser()
    there.environ_base["HTTP_USER_AGENT"] = agent
    there.sign_in("member")
    page = here.get("/account").text
    assert "Firefox op Windows" in page
    assert "(deze browser)" in page
    with connection():
        number = SignInSession.get(SignInSession.device == "Firefox op Windows").id
    here.submit(f"/account/sessies/{number}/beeindigen")
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_signing_out_everywhere_ends_all_sessions(browser: Browser) -> None:
    here, there = browser().sign_in("member"), browser().sign_in("member")
    here.submit("/account/sessies/beeindigen")
    assert here.get("/account").status_code == 302
    assert there.get("/account").status_code == 302


@pytest.mark.sqlite("counts the rows that a connection changed")
def test_reading_writes_nothing_but_seen_at_every_five_minutes(browser: Browser) -> None:
    with stopped_at(NINE) as clock:
        client = browser().sign_in("reader")

        def changes() -> int:
            from portal.database import db

            return int(db.execute_sql("SELECT total_changes()").fetchone()[0])

        clock.tick(timedelta(minutes=6))
        client.get("/scholen")
        before = changes()
        for path in ("/", "/?q=camelot", "/scholen", "/gemeenten/haarlem", "/account"):
            client.get(path)
        assert changes() == before


def test_a_fragment_without_a_session_redirects_to_the_sign_in_page(browser: Browser) -> None:
    client = browser().sign_in("reader").from_elsewhere()
    assert client.get("/?q=camelot", headers=FRAGMENT).status_code == 200
    with connection():
        SignInSession.delete().execute()
    answer = client.get("/?q=camelot", headers=FRAGMENT)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/inloggen")
    assert answer.text == ""


def test_signing_in_leads_to_the_page_requested_before(browser: Browser) -> None:
    client = browser().from_elsewhere()
    path = "/scholen/16lf00-basisschool-camelot?dag=2027-02-01"
    client.get(path)
    client.environ_base["REMOTE_ADDR"] = "127.0.0.1"  # where the demo lets people in
    assert client.submit("/inloggen/demo/reader").headers["Location"] == path


def test_expired_sessions_are_deleted(portal_copy: Flask, browser: Browser) -> None:
    with stopped_at(NINE) as clock:
        browser().sign_in("reader")
        clock.tick(timedelta(hours=13))
        with connection():
            clear_old(portal_copy.extensions["clearings"])
            assert SignInSession.select().count() == 0


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605", "Safari op iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537 Edg/156.0", "Edge op Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Safari/537", "Chrome op Android"),
        ("curl/8", "een browser"),
    ],
)
def test_a_device_is_named_in_words(agent: str, name: str) -> None:
    assert describe_device(agent) == name
