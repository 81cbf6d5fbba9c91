"""Phone numbers, menu entries and kernteams that depend on the user and the network."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from flask import Flask

from portal.app import create_app
from tests.checks import texts
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.factories import coach

Browser = Callable[[], CheckedClient]
PRIVATE = "06 52 65 46 25"  # a number in the Routeboek of a named person: for signed-in users only
HAARLEMMERMEER = "/gemeenten/haarlemmermeer"


@pytest.fixture
def browser(portal_copy: Flask) -> Browser:
    """Makes a new browser."""
    return lambda: CheckedClient(portal_copy, portal_copy.response_class)


def test_a_number_for_members_is_shown_to_signed_in_users_only(browser: Browser) -> None:
    client = browser()
    assert PRIVATE not in client.get(HAARLEMMERMEER).text
    client.sign_in("reader")
    assert PRIVATE in client.get(HAARLEMMERMEER).text
    client.submit("/uitloggen")
    assert PRIVATE not in client.get(HAARLEMMERMEER).text


def test_members_see_the_helpdesk_first_too(browser: Browser) -> None:
    page = browser().sign_in("reader").get("/functies/schoolcoach").text
    assert PRIVATE not in page
    assert "helpdeskschoolcoaches@altra.nl" in page


def test_a_member_sees_their_own_kernteams_and_what_is_new_first(browser: Browser) -> None:
    page = browser().sign_in("member").get("/").text
    assert page.index("Mijn kernteams") < page.index("Wat op jou wacht") < page.index("Per gemeente")
    mine, new = texts(page, "section--personal")
    assert "vanaf " in new
    assert "CJG-coach" in mine
    assert mine.count("Naar de pagina van") >= 3
    # The same news as on the page of the school.
    assert "Simone Brouwer 06 12 34 50 20 Vervanger van Bo Kalloe, afwezig tot en met" in mine


def test_a_member_sees_what_changed_at_their_schools_since_their_last_visit(browser: Browser) -> None:
    """A change that took effect, with the number of who answers now; also a second time that day.
    Before the second visit it is the last two weeks."""

    def changed() -> str:
        return texts(browser().sign_in("member").get("/").text, "section--personal")[1]

    absence = "Bo Kalloe (leerplichtambtenaar) is afwezig 06 12 34 50 20 13 november 2026 · 6 scholen"
    with stopped_at(f"{TODAY - timedelta(days=12)} 09:00:00") as clock:
        assert "In de laatste twee weken, bij je scholen: niets." in changed()
        clock.move_to(f"{TODAY} 09:00:00")
        for _ in range(2):
            news = changed()
            assert "Sinds je vorige bezoek, woensdag 11 november 2026, bij je scholen:" in news
            assert f"{absence} Leerplichtambtenaar is nu Simone Brouwer" in news
        clock.move_to(f"{TODAY + timedelta(days=1)} 09:00:00")
        news = changed()
        assert "Sinds je vorige bezoek, maandag 23 november 2026, bij je scholen: niets." in news


def test_only_ones_own_page_leads_to_a_change_of_ones_details(browser: Browser) -> None:
    client = browser().sign_in("member")
    own = coach().id
    path = f"/wijzigingen/nieuw?persoon={own}"
    assert path in client.get(f"/personen/{own}").text
    assert client.get(path).status_code == 200
    for page in (client.get(f"/personen/{own + 1}"), browser().get(f"/personen/{own}")):
        assert "Wijzig mijn gegevens" not in page.text


def test_a_user_without_a_kernteam_sees_the_search_only(browser: Browser) -> None:
    assert "Mijn kernteams" not in browser().sign_in("reader").get("/").text
    assert "Mijn kernteams" not in browser().get("/").text


def test_beheer_is_in_the_menu_of_coordinators_only(browser: Browser) -> None:
    assert 'href="/beheer"' in browser().sign_in("coordinator").get("/").text
    assert 'href="/beheer"' not in browser().sign_in("editor").get("/").text


def test_a_listed_network_reads_without_an_account(portal_copy: Flask) -> None:
    config = portal_copy.config["KERNWIJZER"]
    app = create_app(replace(config, trusted_networks=(ip_network("192.0.2.0/24"),)))
    client = CheckedClient(app, app.response_class).from_elsewhere()
    assert client.get("/").status_code == 200
    assert PRIVATE not in client.get(HAARLEMMERMEER).text
    client.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    assert client.get("/").status_code == 302


def test_a_forwarded_address_counts_only_behind_a_proxy(portal_copy: Flask) -> None:
    config = portal_copy.config["KERNWIJZER"]
    forged = {"X-Forwarded-For": "127.0.0.1"}
    client = CheckedClient(portal_copy, portal_copy.response_class).from_elsewhere()
    assert client.get("/", headers=forged).status_code == 302
    app = create_app(replace(config, proxies=1))
    client = CheckedClient(app, app.response_class)
    assert client.get("/", headers={"X-Forwarded-For": "192.0.2.9"}).status_code == 302


def test_a_real_portal_never_trusts_this_computer(bare_portal: Flask) -> None:
    config = bare_portal.config["KERNWIJZER"]
    bare_portal.config["KERNWIJZER"] = replace(config, trusted_networks=(ip_network("127.0.0.0/8"),))
    result = bare_portal.test_cli_runner().invoke(args=["serve"])
    assert result.exit_code == 78
    assert result.output.startswith("TRUSTED_NETWORKS: ")
