"""A form submitted without a session is stored and restored after sign-in."""

import json
import re
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
    return {e.get("name") or "": e.get("value") or "" for e in parse(page).iter("input") if e.get("type") == "hidden"}


def invited() -> bool:
    with connection():
        return Account.select().where(Account.email == FORM["email"]).exists()


@pytest.mark.parametrize("was_signed_in", [True, False])
def test_a_form_is_restored_after_signing_in(browser: Browser, was_signed_in: bool) -> None:
    client = browser()
    if was_signed_in:
        client.sign_in_by_form("coordinator")
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
    client = browser().sign_in_by_form("coordinator")
    answer = client.post("/beheer/accounts/nieuw", data=FORM)
    assert answer.status_code == 302
    assert not invited()
    page = client.get(answer.headers["Location"]).text
    assert "Tim de Graaf" in page


def test_a_form_from_another_site_is_refused(browser: Browser) -> None:
    client = browser().sign_in_by_form("coordinator")
    answer = client.submit("/beheer/accounts/nieuw", FORM, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not invited()


def test_an_open_form_survives_a_new_key(portal_copy: Flask, browser: Browser) -> None:
    client = browser().sign_in_by_form("coordinator")
    token, cookie = client.token(), client.cookie()
    config = portal_copy.config["KERNWIJZER"]
    before = load_keys(config.keys)
    rotate(config.keys)
    assert load_keys(config.keys).secret != before.secret
    restarted = make_app(config)
    client = CheckedClient(restarted, restarted.response_class)
    client.set_cookie("kernwijzer", cookie)
    answer = client.post("/beheer/accounts/nieuw", data={**FORM, "csrf_token": token})
    assert answer.headers["Location"].endswith("?gedaan=uitgenodigd")
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
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = pending_forms.PER_NETWORK._replace(times=2)
    monkeypatch.setattr(pending_forms, "PER_NETWORK", limit)
    with stopped_at(f"{TODAY} 09:00:00") as now:
        client = browser()
        for number in range(2):
            form = {**FORM, "naam": f"Tim {number}"}
            assert client.submit("/beheer/accounts/nieuw", form).status_code == 302
        answer = client.post("/beheer/accounts/nieuw", data=FORM)  # without a token
        assert "Dit is nog niet verstuurd" in answer.text
        answer = client.submit("/beheer/accounts/nieuw", FORM)  # not signed in
        assert answer.status_code == 429
        assert "log in een ander tabblad in" in answer.text
        assert hidden(answer.text).items() >= FORM.items()
        assert count() == 2
        other = browser().from_elsewhere()
        assert other.submit("/beheer/accounts/nieuw", FORM).location == "/inloggen"

        # In another tab; whoever signed in here has a limit of their own.
        coordinator = client.sign_in_by_form("coordinator")
        kept = coordinator.post("/beheer/accounts/nieuw", data=hidden(answer.text)).location
        assert kept.startswith("/verder/"), "the token of that page has expired"
        page = hidden(coordinator.get(kept).text)
        assert coordinator.post("/beheer/accounts/nieuw", data=page).location
        assert invited()
        now.tick(timedelta(hours=1))
        assert browser().submit("/beheer/accounts/nieuw", FORM).status_code == 302


def count() -> int:
    with connection():
        return int(PendingForm.select().count())


def test_the_oldest_form_of_a_visitor_goes_first(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_forms, "MAX_FORMS", 3)
    signed_in = browser().sign_in_by_form("coordinator")
    with connection():
        SignInSession.delete().execute()
    assert signed_in.submit("/beheer/accounts/nieuw", FORM).status_code == 302
    for number in range(4):
        form = {**FORM, "naam": f"Tim {number}"}
        assert browser().submit("/beheer/accounts/nieuw", form).status_code == 302
    with connection():
        kept = [row.fields for row in PendingForm.select().order_by(PendingForm.id)]
    assert [name for fields in kept for name in re.findall("Tim [^\"]+", fields)] == [
        "Tim de Graaf", "Tim 2", "Tim 3",
    ]  # fmt: skip


def test_a_browser_without_a_cookie_of_ours_gets_no_form_kept(browser: Browser) -> None:
    for path in ("/beheer/accounts/nieuw", "/inloggen", "/aanvragen/thema"):
        for forged in ("", "x.y.z"):
            client = browser().from_elsewhere()
            if forged:
                client.set_cookie("kernwijzer", forged)
                client.set_cookie("kernwijzer-browser", forged)
            answer = client.post(path, data=FORM)
            assert answer.status_code == 403
            assert "<h1>Je browser stuurde ons cookie niet mee</h1>" in answer.text
            assert hidden(answer.text).items() >= FORM.items()
    assert count() == 0


def test_a_browser_that_forgot_its_session_still_gets_its_form_kept(browser: Browser) -> None:
    client = browser().sign_in_by_form("coordinator")
    client.delete_cookie("kernwijzer")  # as at the end of a browser
    assert client.post("/beheer/accounts/nieuw", data=FORM).location == "/inloggen"
    assert count() == 1


@pytest.mark.parametrize(("size", "is_kept"), [(20_000, True), (20_001, False)])
def test_a_field_of_over_20_kB_is_not_kept(browser: Browser, size: int, is_kept: bool) -> None:
    client = browser()
    text = "é" * (size // 2) + "x" * (size % 2)
    client.submit("/beheer/accounts/nieuw", {**FORM, "naam": text})
    with connection():
        names = [name for name, _ in json.loads(PendingForm.get().fields)]
    assert ("naam" in names) is is_kept
    assert {"email", "rol"} <= set(names)


def test_a_form_is_shown_to_its_own_account_only(browser: Browser) -> None:
    client = browser().sign_in_by_form("coordinator")
    with connection():
        SignInSession.delete().execute()
    client.submit("/beheer/accounts/nieuw", FORM)
    with connection():
        path = f"/verder/{PendingForm.get().id}"
    assert client.get(path).location == "/inloggen"
    assert client.sign_in_by_form("administrator").get(path).status_code == 404
    client.submit("/uitloggen")
    assert client.get(path).status_code == 404
    assert count() == 1, "that was not its account"


def test_another_account_is_not_led_to_the_form(browser: Browser) -> None:
    client = browser().sign_in_by_form("coordinator")
    with connection():
        SignInSession.delete().execute()
    client.submit("/beheer/accounts/nieuw", FORM)
    assert client.submit("/inloggen/demo/administrator").location == "/"
    answer = client.submit("/inloggen/demo/coordinator")
    assert answer.location == "/"


def test_a_form_of_a_visitor_belongs_to_the_account_that_signs_in_first(browser: Browser) -> None:
    client = browser()
    client.submit("/beheer/accounts/nieuw", FORM)
    path = client.submit("/inloggen/demo/coordinator").location
    assert client.get(path).status_code == 200
    client.sign_in_by_form("administrator")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("way", ["/uitloggen", "/account/sessies/beeindigen", "one"])
def test_a_form_is_gone_after_signing_out(browser: Browser, way: str) -> None:
    client = browser().sign_in_by_form("coordinator")
    client.post("/beheer/accounts/nieuw", data=FORM)
    if way == "one":
        with connection():
            newest = SignInSession.select().order_by(SignInSession.id.desc()).get()
        way = f"/account/sessies/{newest.id}/beeindigen"
    assert count() == 1
    client.submit(way)
    assert count() == 0


def test_a_form_that_is_refused_again_is_not_kept_again(browser: Browser) -> None:
    client = browser().sign_in_by_form("coordinator")
    kept = client.post("/beheer/accounts/nieuw", data=FORM).location
    page = client.get(kept).text
    again = client.post("/beheer/accounts/nieuw", data={**hidden(page), "csrf_token": "x"})
    assert again.status_code == 403
    assert "<h1>De beveiligingscode van dit formulier klopt niet</h1>" in again.text
    assert count() == 1
    assert client.post("/beheer/accounts/nieuw", data=hidden(again.text)).status_code == 302
    assert invited()


def test_nothing_is_kept_of_an_address_with_a_secret(portal_copy: Flask, browser: Browser) -> None:
    client = browser()
    client.token()
    secret = [rule for rule in portal_copy.url_map.iter_rules() if "<secret:" in rule.rule]
    posts = [rule for rule in secret if "POST" in (rule.methods or ())]
    posts = [rule for rule in posts if "afmelden" not in rule.rule]  # that needs no token
    assert len(posts) >= 6
    for rule in posts:
        answer = client.post(re.sub("<[^>]*>", "geheim", rule.rule), data={"tekst": "Hallo"})
        assert "De beveiligingscode van dit formulier klopt niet" in answer.text
        assert hidden(answer.text)["tekst"] == "Hallo"
    assert count() == 0


def test_a_pending_form_holds_no_burgerservicenummer(browser: Browser) -> None:
    client = browser()
    form = {**FORM, "naam": "Tim 111222333", "csrf_token": client.token()}
    kept = client.post("/beheer/accounts/nieuw", data=form).headers["Location"]
    assert kept == "/inloggen"
    page = client.get(client.submit("/inloggen/demo/coordinator").headers["Location"]).text
    assert "Tim [weggehaald]" in page
    with connection():
        assert "111222333" not in PendingForm.get().fields
