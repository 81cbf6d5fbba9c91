"""A form submitted without a session is stored and restored after sign-in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts import pending_forms
from portal.accounts.access import safe_path
from portal.accounts.models import Account, PendingForm, SignInSession
from portal.database import connection
from portal.keys import load_keys, rotate
from tests.checks import parse
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient, make_app

Browser = Callable[[], CheckedClient]
FORM = {"naam": "Tim de Graaf", "email": "tim@cjg.example", "rol": "reader"}


@pytest.fixture
def browser(portal_copy: Flask) -> Browser:
    """Makes a new browser."""
    return lambda: CheckedClient(portal_copy, portal_copy.response_class)


def hidden(page: str) -> dict[str, str]:
    return {
        e.get("name") or "": e.get("value") or ""
        for e in parse(page).iter("input")
        if e.get("type") == "hidden"
    }


def invited() -> bool:
    with connection():
        return Account.select().where(Account.email == FORM["email"]).exists()


@pytest.mark.parametrize("was_signed_in", [True, False])
def test_a_form_is_restored_after_signing_in(browser: Browser, was_signed_in: bool) -> None:
    client = browser()
    if was_signed_in:
        client.sign_in("coordinator")
        token = client.token()
        with connection():
            SignInSession.delete().execute()
    else:
        token = client.token()
    answer = client.post("/beheer/accounts/nieuw", data={**FORM, "csrf_token": token})
    assert answer.headers["Location"] == "/inloggen"
    assert not invited()
    kept = client.submit("/inloggen/demo/coordinator").headers["Location"]
    page = client.get(kept).text
    assert "Je formulier is bewaard" in page
    assert "Tim de Graaf" in page
    assert 'action="/beheer/accounts/nieuw"' in page
    assert client.post("/beheer/accounts/nieuw", data=hidden(page)
                       ).status_code == 302  # fmt: skip
    assert invited()


def test_a_pending_form_belongs_to_the_browser_that_submitted_it(browser: Browser) -> None:
    client, other = browser(), browser()
    client.post("/beheer/accounts/nieuw", data={**FORM, "csrf_token": client.token()})
    with connection():
        number = PendingForm.get().id
    assert client.get(f"/verder/{number}").status_code == 200
    assert other.get(f"/verder/{number}").status_code == 404


def test_a_form_without_its_token_is_shown_again_and_not_processed(browser: Browser) -> None:
    client = browser().sign_in("coordinator")
    answer = client.post("/beheer/accounts/nieuw", data=FORM)
    assert answer.status_code == 302
    assert not invited()
    page = client.get(answer.headers["Location"]).text
    assert "Tim de Graaf" in page


def test_a_form_from_another_site_is_refused(browser: Browser) -> None:
    client = browser().sign_in("coordinator")
    answer = client.submit("/beheer/accounts/nieuw", FORM, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not invited()


def test_an_open_form_survives_a_new_key(portal_copy: Flask, browser: Browser) -> None:
    client = browser().sign_in("coordinator")
    token, cookie = client.token(), client.cookie()
    config = portal_copy.config["KERNWIJZER"]
    before = load_keys(config.keys)
    rotate(config.keys)
    assert load_keys(config.keys).secret != before.secret
    restarted = make_app(config.database)
    client = CheckedClient(restarted, restarted.response_class)
    client.set_cookie("__Host-kernwijzer", cookie)
    answer = client.post("/beheer/accounts/nieuw", data={**FORM, "csrf_token": token})
    assert answer.headers["Location"] == "/beheer/accounts"
    assert invited()


@pytest.mark.parametrize(
    "target",
    ["//elders.example", "/\\elders.example", "\\\\elders.example", "https://elders.example",
     "http:elders.example", "javascript:alert(1)", "elders.example", "", None, "/\nx", "/a\\b",
     "///x", "/\x00", "/\tx", " /", "https:/x", "//", "/\\/x", "data:text/html,x"],
)  # fmt: skip
def test_no_address_leads_out_of_the_portal(target: str | None) -> None:
    assert safe_path(target) == "/"


@pytest.mark.parametrize("target", ["/", "/scholen?soort=po", "/verder/3", "/?q=a//b"])
def test_an_address_within_the_portal_stays(target: str) -> None:
    assert safe_path(target) == target


def test_above_the_limit_of_a_network_the_error_page_keeps_the_form(
    portal_copy: Flask, browser: Browser
) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        client = browser()
        for _ in range(60):
            assert client.post("/beheer/accounts/nieuw", data=FORM).status_code == 302
        answer = client.post("/beheer/accounts/nieuw", data=FORM)  # without a token
        assert "Dit is nog niet verstuurd" in answer.text
        answer = client.submit("/beheer/accounts/nieuw", FORM)  # not signed in
        assert answer.status_code == 429
        assert "log in een ander tabblad in" in answer.text
        assert hidden(answer.text).items() >= FORM.items()
        with connection():
            assert PendingForm.select().count() == 60
        assert browser().from_elsewhere().post("/beheer/accounts/nieuw", data=FORM).location

        coordinator = client.sign_in("coordinator")  # in another tab
        again = coordinator.post("/beheer/accounts/nieuw", data=hidden(answer.text))
        assert again.status_code == 429, "the token of that page has expired"
        assert coordinator.post("/beheer/accounts/nieuw", data=hidden(again.text)).location
        assert invited()
        now.tick(timedelta(hours=1))
        assert browser().post("/beheer/accounts/nieuw", data=FORM).status_code == 302


def test_the_number_of_pending_forms_is_limited(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_forms, "MAX_FORMS", 2)
    answers = [browser().post("/beheer/accounts/nieuw", data=FORM) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]


def test_a_pending_form_holds_no_burgerservicenummer(browser: Browser) -> None:
    client = browser()
    form = {**FORM, "naam": "Tim 111222333", "csrf_token": client.token()}
    kept = client.post("/beheer/accounts/nieuw", data=form).headers["Location"]
    assert kept == "/inloggen"
    page = client.get(client.submit("/inloggen/demo/coordinator").headers["Location"]).text
    assert "Tim [weggehaald]" in page
    with connection():
        assert "111222333" not in PendingForm.get().fields
