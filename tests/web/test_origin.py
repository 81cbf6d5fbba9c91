"""The page that sent a form: told by any of three headers, and what a reader sees if none does."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.web.origin import is_from_this_machine
from tests.conftest import CheckedClient

PORTAL = "https://localhost"
TYPED = "jip"  # no address: a form that is taken answers 422 and stores nothing
TAKEN, REFUSED = 422, 403
OWN = [
    {"Referer": f"{PORTAL}/inloggen"},
    {"Origin": PORTAL},
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": "null", "Referer": f"{PORTAL}/inloggen"},
    {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    {"Origin": f"{PORTAL}:443"},
    {"Origin": f"{PORTAL}:8443"},  # the proxy told the host without its port
    {"Origin": PORTAL, "Referer": "https://elders.example/"},
]
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": PORTAL},
    {"Origin": "https://elders.example"},
    {"Origin": "http://localhost"},
    {"Origin": "https://localhost.elders.example"},
    {"Referer": "https://elders.example/?https://localhost/"},
    {"Referer": "https://localhost@elders.example/"},
    {"Origin": "https://[elders"},
    {"Origin": "localhost"},
]
UNTOLD = [{}, {"Origin": "null"}, {"Sec-Fetch-Site": "none"}]


def send(client: CheckedClient, headers: dict[str, str], base_url: str = PORTAL) -> tuple[int, str]:
    """The status and text of the answer to a form of the sign-in page."""
    client.get("/inloggen", base_url=base_url)
    with client.session_transaction(base_url=base_url) as session:
        secret = session["csrf_token"]
    token = client.token_of(secret)
    data = {"email": TYPED, "csrf_token": token}
    answer = client.post("/inloggen", data=data, headers=headers, base_url=base_url)
    return answer.status_code, answer.text


@pytest.mark.parametrize("headers", OWN)
def test_one_header_of_three_is_enough(client: CheckedClient, headers: dict[str, str]) -> None:
    assert send(client, headers)[0] == TAKEN


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_of_another_site_is_refused(client: CheckedClient, headers: dict[str, str]) -> None:
    status, page = send(client, headers)
    assert status == REFUSED
    assert "<h1>Dit formulier komt van een andere website</h1>" in page
    assert f'value="{TYPED}"' not in page


@pytest.mark.parametrize("headers", UNTOLD)
def test_a_browser_that_tells_nothing_is_told_why(client: CheckedClient, headers: dict[str, str]) -> None:
    status, page = send(client, headers)
    assert status == REFUSED
    assert "<h1>Je browser vertelt niet waar dit formulier vandaan komt</h1>" in page
    assert f'value="{TYPED}"' in page


def test_the_port_counts_where_the_host_has_one(client: CheckedClient) -> None:
    at = f"{PORTAL}:8443"
    assert send(client, {"Origin": at}, at)[0] == TAKEN
    assert send(client, {"Origin": f"{PORTAL}:9999"}, at)[0] == REFUSED
    assert send(client, {"Origin": PORTAL}, at)[0] == REFUSED


def test_the_address_of_the_portal_is_its_own_origin(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = client.application.config
    own = replace(settings["KERNWIJZER"], base_url="https://naar.example:8443")
    monkeypatch.setitem(settings, "KERNWIJZER", own)
    assert send(client, {"Origin": "https://naar.example:8443"})[0] == TAKEN
    assert send(client, {"Origin": "https://naar.example"})[0] == REFUSED


@pytest.mark.parametrize("headers", UNTOLD)
def test_over_http_the_token_is_enough(client: CheckedClient, headers: dict[str, str]) -> None:
    assert send(client, headers, "http://localhost")[0] == TAKEN


@pytest.mark.parametrize(
    ("address", "host", "headers", "expected"),
    [
        ("127.0.0.1", "127.0.0.1:5000", {}, True),
        ("::1", "[::1]:5000", {}, True),
        ("127.0.0.1", "localhost", {}, True),
        ("192.0.2.9", "127.0.0.1:5000", {}, False),
        ("127.0.0.1", "portal.example", {}, False),
        ("127.0.0.1", "127.0.0.1:5000", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", "127.0.0.1:5000", {"Forwarded": "for=192.0.2.9"}, False),
        ("127.0.0.1", "127.0.0.1:5000", {"Via": "1.1 proxy"}, False),
    ],
)
def test_a_visitor_on_this_machine_came_without_a_proxy(
    app: Flask, address: str, host: str, headers: dict[str, str], expected: bool
) -> None:
    environ = {"REMOTE_ADDR": address, "HTTP_HOST": host}
    with app.test_request_context(headers=headers, environ_overrides=environ):
        assert is_from_this_machine() is expected
