"""Phone numbers, menu entries and kernteams that depend on the user and the network."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network

import pytest
from flask import Flask

from portal.app import create_app
from tests.checks import texts
from tests.conftest import CheckedClient

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
    assert page.index("Mijn kernteams") < page.index("Voor jou") < page.index("Per gemeente")
    mine, new = texts(page, "section--personal")
    assert "vanaf " in new
    assert "CJG-coach" in mine
    assert mine.count("Naar de pagina van") >= 3


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


def test_a_real_portal_never_trusts_this_computer(empty_portal: Flask) -> None:
    config = empty_portal.config["KERNWIJZER"]
    empty_portal.config["KERNWIJZER"] = replace(
        config, trusted_networks=(ip_network("127.0.0.0/8"),)
    )
    result = empty_portal.test_cli_runner().invoke(args=["serve"])
    assert result.exit_code == 78
    assert result.output.startswith("TRUSTED_NETWORKS: ")
