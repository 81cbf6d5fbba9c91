"""Pages are compressed, and no two of them hold the same token (BREACH)."""

import gzip
import re

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web import compression
from tests.conftest import FRAGMENT, CheckedClient

PAGE = "/scholen/16lf00-basisschool-camelot"
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def on_the_wire(client: FlaskClient, path: str, headers: dict[str, str]) -> int:
    """The bytes of an answer and its headers, without the status line."""
    answer = client.get(path, headers={**BROWSER, **headers})
    assert answer.status_code == 200
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers)
    return len(answer.get_data()) + head


@pytest.mark.parametrize(
    ("takes", "encoding", "read"), [("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)]
)
def test_a_page_comes_as_its_browser_takes_it(portal_copy: Flask, takes: str, encoding: str, read: object) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class, checks=False)
    plain = client.get(PAGE)
    packed = client.get(PAGE, headers={"Accept-Encoding": takes})
    assert packed.headers["Content-Encoding"] == encoding
    assert callable(read) and read(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 4
    assert "Content-Encoding" not in plain.headers


def test_no_two_answers_hold_the_same_token(portal_copy: Flask) -> None:
    """Of the session or of a form, in pages, in fragments and after an error."""
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")
    seen: list[str] = []
    for path in ("/", "/?q=camelot", "/?q=" + "x" * 101, PAGE, "/account", "/niets"):
        for _ in range(2):
            seen += set(re.findall(r'name="(?:csrf_token|_formulier)" value="([^"]+)"',
                                   client.get(path).text))  # fmt: skip
    for _ in range(2):
        seen += set(TOKEN.findall(client.submit("/wijzigingen/nieuw?soort=nieuws").text))
    assert len(seen) > 15
    assert len(seen) == len(set(seen))
    secrets = {text[:12] for text in map(compression.unmask, seen) if text}
    assert len(secrets) < len(seen)  # behind the masks is one token


def test_the_token_of_a_page_is_taken_and_no_other(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class, checks=False)
    found = TOKEN.search(client.get("/inloggen").text)
    assert found
    signed = compression.unmask(found[1])
    # Of the last letter of base64 two bits count for nothing.
    changed = compression.mask(signed[:-2] + ("x" if signed[-2] != "x" else "y") + signed[-1])
    for token, is_taken in ((found[1], True), (signed, False), (changed, False), ("é" * 9, False)):
        answer = client.post("/inloggen", data={"email": "", "csrf_token": token})
        assert (answer.status_code == 422) is is_taken, token  # otherwise the form is kept


def test_a_keystroke_and_a_page_seen_before_are_small(app: Flask) -> None:
    client = CheckedClient(app, app.response_class, checks=False)
    assert on_the_wire(client, "/?q=haarlem", FRAGMENT) <= 1800
    assert on_the_wire(client, "/", {}) <= 3000


def test_a_first_visit_is_small(app: Flask) -> None:
    client = CheckedClient(app, app.response_class, checks=False)
    files = set(re.findall(r'(?:src|rel="stylesheet" href|rel="icon" href)="(/static/[^"]+)"',
                           client.get("/").text))  # fmt: skip
    assert len(files) + 1 <= 4
    assert sum(on_the_wire(client, path, {}) for path in {"/", *files}) <= 28_000
