"""Signing in by mail: link and code, allowed addresses, limits, and the first administrator."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts import sign_in_links
from portal.accounts.models import Account, ListedDomain, SignInRequest, SignInSession
from portal.clock import now
from portal.database import connection, db
from portal.directory.models import Organisation
from portal.jobs.clearing import clear_old
from portal.mail.models import OutgoingMail
from tests.checks import extract
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient

ADDRESS = "noor@cjg.example"
NINE = f"{TODAY} 09:00:00"
Browser = Callable[[], CheckedClient]


@pytest.fixture
def browser(portal_copy: Flask) -> Browser:
    """Makes a new browser outside the trusted networks; Noor has an account."""
    with connection():
        Account.create(email=ADDRESS, name="Noor Brandsma", role="member", created_at=now())
    return lambda: CheckedClient(portal_copy, portal_copy.response_class).from_elsewhere()


def ask(client: CheckedClient, email: str = ADDRESS) -> str:
    """Request a sign-in mail; returns its text, or "" where none was stored."""
    with connection():
        before = OutgoingMail.select().count()
    assert client.submit("/inloggen", {"email": email}).status_code == 302
    with connection():
        mails = list(OutgoingMail.select().order_by(OutgoingMail.id))
    return mails[-1].body if len(mails) > before else ""


def link(mail: str) -> str:
    return extract(r"http://127\.0\.0\.1:5000(/inloggen/link/\S+)", mail)


def code(mail: str) -> str:
    return extract(r"^(\d{3} \d{3})$", mail)


def is_signed_in(client: CheckedClient) -> bool:
    return client.get("/account").status_code == 200


def test_the_link_opens_a_page_and_only_its_button_signs_in(browser: Browser) -> None:
    client = browser()
    path = link(ask(client))
    for _ in range(5):
        assert "Druk op de knop" in client.get(path).text
    client.head(path)
    assert not is_signed_in(client)
    assert client.submit(path).status_code == 302
    assert is_signed_in(client)


def test_a_link_works_once(browser: Browser) -> None:
    client = browser()
    path = link(ask(client))
    client.submit(path)
    client.submit("/uitloggen")
    answer = client.submit(path)
    assert answer.status_code == 410
    assert "Deze link werkt niet meer" in answer.text
    assert not is_signed_in(client)


@pytest.mark.parametrize("behind", [".", ")", "].", ">", "%3E", "”,", "…", "!?", ".%0D%0A", "&gt;", ".&nbsp;x"])
def test_what_stands_behind_a_link_is_cut_off(browser: Browser, behind: str) -> None:
    client = browser()
    path = link(ask(client)) + behind
    assert "Druk op de knop" in client.get(path).text
    assert client.submit(path).status_code == 302


def test_a_link_opened_in_another_browser_asks_for_the_code(browser: Browser) -> None:
    path = link(ask(browser()))
    other = browser()
    page = other.get(path).text
    assert "<h1>Typ de code</h1>" in page
    assert "Inloggen bij Kernwijzer" not in page
    other.submit(path)
    assert not is_signed_in(other)


def test_the_code_signs_in_the_browser_that_asked_and_no_other(browser: Browser) -> None:
    client, other = browser(), browser()
    typed = code(ask(client))
    assert other.submit("/inloggen/code", {"code": typed}).status_code == 422
    assert client.submit("/inloggen/code", {"code": typed}).status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_after_five_wrong_codes_the_right_one_is_refused(browser: Browser) -> None:
    client = browser()
    typed = code(ask(client))
    wrong = "000 000" if typed != "000 000" else "111 111"
    for _ in range(5):
        answer = client.submit("/inloggen/code", {"code": wrong})
        assert "Deze code klopt niet of is te oud." in answer.text
    assert client.submit("/inloggen/code", {"code": typed}).status_code == 422
    assert not is_signed_in(client)


def wrong_codes(browser: Browser, times: int, email: str = ADDRESS) -> None:
    """Type wrong codes, from as many browsers and networks as it takes."""
    for number in range(times // 5):
        client = from_network(browser(), number)
        right = code(ask(client, email))
        for _ in range(5):
            client.submit("/inloggen/code", {"code": "000000" if right != "000 000" else "111111"})


def test_after_twenty_wrong_codes_in_a_day_only_the_link_signs_in(browser: Browser) -> None:
    with stopped_at(NINE) as clock:
        client = browser()
        wrong_codes(browser, 15)
        mail = ask(client)
        wrong_codes(browser, 5)
        assert client.submit("/inloggen/code", {"code": code(mail)}).status_code == 422
        assert client.submit(link(mail)).status_code == 302
        clock.tick(timedelta(hours=23))
        client = browser()
        mail = ask(client)
        assert "Een code krijg je nu niet" in mail
        assert client.submit(link(mail)).status_code == 302
        clock.tick(timedelta(hours=1))
        client = browser()
        assert client.submit("/inloggen/code", {"code": code(ask(client))}).status_code == 302


def test_wrong_codes_for_made_up_addresses_count_per_domain_and_network(browser: Browser) -> None:
    listed()
    client = browser()
    for number in range(4):
        ask(client, f"iemand{number}@school.example")
        for _ in range(5):
            client.submit("/inloggen/code", {"code": "000000"})
    assert "Een code krijg je nu niet" in ask(browser(), "juf@school.example")
    assert code(ask(from_network(browser(), 1), "juf@school.example"))
    assert code(ask(browser()))


@pytest.mark.parametrize("shape", ["{}-{}", "{}{}.", "Je code is {} {}!", " {}\u00a0{} ", "({}.{})", "full width"])
def test_only_the_digits_of_a_code_count(browser: Browser, shape: str) -> None:
    client = browser()
    typed = code(ask(client))
    for wrong in ("12345", "1234567", "abc", "", "①②③④⑤⑥"):
        answer = client.submit("/inloggen/code", {"code": wrong})
        assert "Vul de zes cijfers uit de mail in." in answer.text
    text = shape.format(*typed.split())
    if shape == "full width":
        text = typed.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    assert client.submit("/inloggen/code", {"code": text}).status_code == 302


@pytest.mark.parametrize(("minutes", "works"), [(9, True), (10, False)])
def test_link_and_code_expire_after_ten_minutes(browser: Browser, minutes: int, works: bool) -> None:
    with stopped_at(NINE) as clock:
        client = browser()
        mail = ask(client)
        clock.tick(timedelta(minutes=minutes))
        assert (client.submit("/inloggen/code", {"code": code(mail)}).status_code == 302) is works
        if not works:
            assert client.submit(link(mail)).status_code == 410


def test_a_newer_mail_invalidates_the_older(browser: Browser) -> None:
    client = browser()
    old, new = ask(client), ask(client)
    assert client.submit(link(old)).status_code == 410
    assert client.submit("/inloggen/code", {"code": code(old)}).status_code == 422
    assert client.submit(link(new)).status_code == 302


def test_a_mail_is_sent_after_old_requests_were_cleared(portal_copy: Flask, browser: Browser) -> None:
    with stopped_at(NINE) as clock:
        assert ask(browser())
        clock.tick(timedelta(days=2))
        with connection():
            clear_old(portal_copy.extensions["clearings"])
            assert SignInRequest.select().count() == 0
        client = browser()
        client.submit(link(ask(client)))
        assert is_signed_in(client)


def test_token_and_code_are_stored_as_hashes_only(browser: Browser) -> None:
    client = browser()
    mail = ask(client)
    token, typed = link(mail).rpartition("/")[2], code(mail).replace(" ", "")
    with connection():
        stored = repr(list(SignInRequest.select().tuples()))
    assert token not in stored
    assert typed not in stored


def test_the_answer_is_the_same_for_an_unknown_address(browser: Browser) -> None:
    answers = []
    for email in (ADDRESS, "niemand@elders.example"):
        client = browser()
        answer = client.submit("/inloggen", {"email": email})
        page = client.get(answer.headers["Location"]).text
        page = re.sub(r'name="csrf_token" value="[^"]+"', "", page)
        headers = {k for k, _ in answer.headers}
        answers.append((answer.status_code, answer.headers["Location"], headers, page))
    assert answers[0] == answers[1]
    with connection():
        assert OutgoingMail.select().count() == 1


def test_an_unknown_address_is_not_stored(browser: Browser) -> None:
    ask(browser(), "niemand@elders.example")
    with connection():
        assert "niemand" not in repr(list(SignInRequest.select().tuples()))


def test_a_stranger_ends_no_link_or_code_of_another_browser(browser: Browser) -> None:
    client, stranger = browser(), browser()
    mail = ask(client)
    ask(stranger)
    other = client.submit("/inloggen/code", {"code": "000 000"})
    assert other.status_code == 422
    assert client.submit("/inloggen/code", {"code": code(mail)}).status_code == 302
    client.submit("/uitloggen")
    mail = ask(client)
    ask(stranger)
    assert client.submit(link(mail)).status_code == 302


def from_network(client: CheckedClient, number: int) -> CheckedClient:
    client.environ_base["REMOTE_ADDR"] = f"198.18.{number}.1"
    return client


def test_the_fourth_mail_in_a_quarter_of_an_hour_is_refused_in_that_network(browser: Browser) -> None:
    with stopped_at(NINE) as clock:
        for _ in range(3):
            ask(browser())
        for email in (ADDRESS, "niemand@elders.example"):
            for _ in range(3 * (email != ADDRESS)):
                ask(browser(), email)
            answer = browser().submit("/inloggen", {"email": email})
            assert answer.status_code == 422
            assert answer.headers["Retry-After"] == "900"
            assert "Wacht 15 minuten" in answer.text
        assert ask(from_network(browser(), 1))  # another network is not kept out
        clock.tick(timedelta(minutes=16))
        assert ask(browser())


def test_strangers_of_many_networks_never_keep_a_known_browser_out(browser: Browser) -> None:
    with stopped_at(NINE) as clock:
        client = browser()
        client.submit(link(ask(client)))
        client.submit("/uitloggen")
        clock.tick(timedelta(hours=2))
        for number in range(4):
            for _ in range(3):
                assert ask(from_network(browser(), number))
        answer = from_network(browser(), 9).submit("/inloggen", {"email": ADDRESS})
        assert answer.headers["Retry-After"] == "3600"
        client.submit(link(ask(client)))
        assert is_signed_in(client)


def test_a_known_browser_is_known_to_its_own_accounts_only(browser: Browser) -> None:
    with connection():
        Account.create(email="jip@cjg.example", name="Jip", role="member", created_at=now())
    client = browser()
    client.submit(link(ask(client, "jip@cjg.example")))
    client.submit("/uitloggen")
    for _ in range(3):
        ask(browser())
    assert client.submit("/inloggen", {"email": ADDRESS}).status_code == 422
    name = "kernwijzer-browser"
    client.set_cookie(name, client.cookie(name) + "x")  # a forged cookie counts for none
    for _ in range(2):
        ask(client, "jip@cjg.example")
    assert client.submit("/inloggen", {"email": "jip@cjg.example"}).status_code == 422


def test_made_up_addresses_keep_no_colleague_of_the_network_out(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All schools of a board can share one network."""
    listed()
    limit = sign_in_links.NEW_PER_NETWORK._replace(times=5)
    monkeypatch.setattr(sign_in_links, "NEW_PER_NETWORK", limit)
    client = browser()
    for domain in ("school.example", "elders.example"):
        mails = [ask(client, f"iemand{number}@{domain}") for number in range(6)]
        assert [bool(mail) for mail in mails] == [domain == "school.example"] * 5 + [False]
        with connection():
            assert SignInRequest.select().count() == 5 * (1 + (domain != "school.example"))
    # There a refusal would reveal that the address has an account.
    assert [bool(ask(browser())) for _ in range(4)] == [True, True, True, False]
    assert ask(from_network(browser(), 1), "juf@school.example")


def test_anyone_at_a_listed_domain_becomes_a_reader(browser: Browser) -> None:
    with connection():
        ListedDomain.create(domain="school.example", organisation=Organisation.get())
    client = browser()
    client.submit(link(ask(client, "Juf.Jip@School.example")))
    with connection():
        account = Account.get(Account.email == "juf.jip@school.example")
    assert account.role == "reader"
    assert is_signed_in(client)


def listed(domain: str = "school.example") -> str:
    """List a domain; returns the path that removes it."""
    with connection():
        row = ListedDomain.create(domain=domain, organisation=Organisation.get())
    return f"/beheer/accounts/domeinen/{row.id}/weg"


def test_removing_a_domain_ends_the_accounts_that_exist_through_it(portal_copy: Flask, browser: Browser) -> None:
    gone = listed()
    listed("andereschool.example")
    with connection():
        Account.create(email="ib@school.example", name="Ib", role="reader", created_at=now())
    clients = {}
    for email in ("jip@school.example", "ib@school.example", "jip@andereschool.example", ADDRESS):
        clients[email] = browser()
        clients[email].submit(link(ask(clients[email], email)))
    waiting = browser()
    path = link(ask(waiting, "janneke@school.example"))
    coordinator = CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")
    assert coordinator.submit(gone).status_code == 302
    assert [email for email, client in clients.items() if not is_signed_in(client)] == ["jip@school.example"]
    assert waiting.submit(path).status_code == 410
    assert ask(browser(), "jip@school.example") == ""
    assert "geen toegang meer" in coordinator.get("/beheer/accounts").text

    coordinator.submit("/beheer/accounts/domeinen", {"domein": "school.example", "organisatie": "1"})
    client = browser()
    client.submit(link(ask(client, "jip@school.example")))
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("change", "stays"), [({"naam": "Jip Jansen"}, False), ({"rol": "member", "persoon": "1"}, True)]
)
def test_an_account_with_a_role_from_a_coordinator_outlives_its_domain(
    portal_copy: Flask, browser: Browser, change: dict[str, str], stays: bool
) -> None:
    gone, email = listed(), "jip@school.example"
    client = browser()
    client.submit(link(ask(client, email)))
    with connection():
        number = Account.get(Account.email == email).id
    coordinator = CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")
    form = {"naam": "jip", "email": email, "rol": "reader", **change}
    assert coordinator.submit(f"/beheer/accounts/{number}", form).status_code == 302
    coordinator.submit(gone)
    assert (ask(browser(), email) != "") is stays


def test_account_and_session_end_after_the_last_day(browser: Browser) -> None:
    client = browser()
    with stopped_at(NINE) as clock:
        client.submit(link(ask(client)))
        with connection():
            Account.update(active_until=TODAY + timedelta(days=1)).where(Account.email == ADDRESS).execute()
        clock.move_to(f"{TODAY} 22:59:59")  # still the last day in Amsterdam
        with connection():
            SignInSession.update(seen_at=now(), created_at=now()).execute()
        assert is_signed_in(client)
        clock.move_to(f"{TODAY} 23:00:00")
        assert not is_signed_in(client)
        assert ask(browser()) == ""


@pytest.mark.parametrize(
    ("email", "message"), [("", "Vul je e-mailadres in."), ("noor", "Vul een e-mailadres in zoals naam@school.nl.")]
)
def test_an_invalid_address_is_refused(browser: Browser, email: str, message: str) -> None:
    answer = browser().submit("/inloggen", {"email": email})
    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{email}"' in answer.text


def test_twenty_submissions_of_one_link_sign_in_once(portal_copy: Flask, browser: Browser) -> None:
    client = browser()
    path = link(ask(client))
    token, cookie = client.token(), client.cookie()
    statuses: list[int] = []
    with connection():
        SignInSession.delete().execute()

    def press() -> None:
        own = CheckedClient(portal_copy, portal_copy.response_class).from_elsewhere()
        own.set_cookie("kernwijzer", cookie)
        statuses.append(own.post(path, data={"csrf_token": token}).status_code)
        db.close()

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302] + [410] * 19
    with connection():
        assert SignInSession.select().count() == 1


def test_the_link_on_the_console_makes_the_first_administrator(bare_portal: Flask) -> None:
    from portal.accounts.first_administrator import make_set_up_link
    from portal.site import Site

    site = Site("http://127.0.0.1:5000", "x.example", "kernteam@x.example", ("x",), "x")
    with connection():
        address = make_set_up_link(site)
    assert address
    path = address.removeprefix("http://127.0.0.1:5000")
    client = CheckedClient(bare_portal, bare_portal.response_class)
    assert "Het eerste account" in client.get(path).text
    answer = client.submit(path, {"naam": "", "email": "x"})
    assert answer.status_code == 422
    assert "Vul je naam in." in answer.text
    assert client.submit(path, {"naam": "Bea", "email": "bea@swv.example"}).status_code == 302
    assert client.get("/beheer").status_code == 200
    assert client.get(path).status_code == 404
    with connection():
        assert make_set_up_link(site) is None


def test_only_a_demo_offers_its_accounts(bare_portal: Flask) -> None:
    client = CheckedClient(bare_portal, bare_portal.response_class)
    assert "In deze demo" not in client.get("/inloggen").text
    assert client.submit("/inloggen/demo/reader").status_code == 404


def test_the_demo_lets_in_visitors_on_this_machine_only(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    assert "In deze demo" in client.get("/inloggen").text
    assert client.get("/").status_code == 200
    for headers in ({"X-Forwarded-For": "192.0.2.9"}, {"Via": "1.1 proxy"}):
        assert "In deze demo" not in client.get("/inloggen", headers=headers).text
        assert client.submit("/inloggen/demo/reader", headers=headers).status_code == 404
        assert client.get("/", headers=headers).status_code == 302
    client.from_elsewhere()
    assert client.submit("/inloggen/demo/reader").status_code == 404
