"""The security headers of every answer: pages, fragments, errors, static files, 304."""

import re
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from tests.conftest import FRAGMENT, config

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)


def static_files(client: FlaskClient) -> list[str]:
    return sorted(set(re.findall(r'"(/static/[^"]+)"', client.get("/").text)))


def answers(client: FlaskClient) -> list[tuple[str, dict[str, str], int]]:
    script = next(path for path in static_files(client) if path.endswith(".svg"))
    tag = client.get(script).headers["ETag"]
    return [
        ("/", {}, 200),
        ("/?q=camelot", FRAGMENT, 200),
        ("/?q=" + "x" * 101, {}, 422),
        ("/niets", {}, 404),
        ("/", {"Host": "elders.example"}, 400),
        ("/scholen/16lf00-x", {}, 301),
        *((path, {}, 200) for path in static_files(client)),
        (script, {"If-None-Match": tag}, 304),
        ("/static/niets.css", {}, 404),
    ]


def test_every_kind_of_answer_has_all_headers(client: FlaskClient) -> None:
    for path, headers, status in answers(client):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status, path
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for unwanted in ("Server", "X-Powered-By", "Access-Control-Allow-Origin"):
            assert unwanted not in answer.headers
        if path.startswith("/static/") or headers == FRAGMENT:
            continue  # no document, so that the others protect nothing
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Permissions-Policy"].startswith("camera=()")
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_strict_transport_security_is_sent_over_https_only(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers
    answer = client.get("/", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_transport_security_leaves_subdomains_out_where_the_setting_says_so(tmp_path: Path) -> None:
    settings = replace(config(tmp_path / "own.sqlite"), hsts_subdomains=False)
    answer = create_app(settings).test_client().get("/healthz", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_static_files_are_cached_for_ever_and_pages_never(client: FlaskClient) -> None:
    for path in static_files(client):
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", path)
        assert "immutable" in client.get(path).headers["Cache-Control"]
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_scripts_and_styles_are_sent_compressed(client: FlaskClient) -> None:
    for path in static_files(client):
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        if not path.endswith((".svg", ".png")):
            assert answer.headers["Content-Encoding"] == "gzip", path


def test_a_first_visit_sets_no_cookie(client: FlaskClient) -> None:
    for path in ("/", "/?q=camelot", "/scholen", "/niets"):
        assert "Set-Cookie" not in client.get(path).headers


@pytest.mark.parametrize("host", ["elders.example", "localhost.elders.example", "127.0.0.2"])
def test_an_unknown_host_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.0.0.5", "10.0.0.5:5000", "[::1]:5000", "elders.example", ""])
def test_a_health_check_answers_under_any_host(client: FlaskClient, path: str, host: str) -> None:
    assert client.get(path, headers={"Host": host}).text in ("ok\n", "degraded\n")


def test_the_security_file_says_whom_to_tell_about_a_leak(client: FlaskClient) -> None:
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "Contact: mailto:kernteam@po-zk.nl\n"
        "Expires: 2027-05-22T09:00:00Z\n"
        "Preferred-Languages: nl, en\n"
        "Canonical: http://127.0.0.1:5000/.well-known/security.txt\n"
    )


def test_the_manifest_and_the_search_description_lead_to_the_portal(client: FlaskClient) -> None:
    page = client.get("/").text
    for path in ("/manifest.webmanifest", "/opensearch.xml"):
        assert f'href="{path}"' in page
    described = client.get("/manifest.webmanifest").get_json(force=True)
    assert client.get(described["start_url"]).status_code == 200
    for icon in described["icons"]:
        assert client.get(icon["src"]).headers["Content-Type"] == icon["type"]
    (address,) = re.findall(r'template="([^"]+)"', client.get("/opensearch.xml").text)
    assert address == "http://127.0.0.1:5000/?q={searchTerms}"


@pytest.mark.parametrize("host", ["localhost", "localhost:5000", "127.0.0.1:5000"])
def test_loopback_is_a_trusted_host(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_a_host_in_the_settings_is_trusted(portal_copy: Flask, tmp_path: Path) -> None:
    settings = replace(portal_copy.config["KERNWIJZER"], trusted_hosts=("kernwijzer.example",))
    client = create_app(settings).test_client()
    assert client.get("/inloggen", headers={"Host": "kernwijzer.example"}).status_code == 200
    assert client.get("/", headers={"Host": "localhost"}).status_code == 400


def test_the_home_screen_has_icons_and_the_colour_of_the_bar(client: FlaskClient) -> None:
    """A manifest has one colour; a page in dark names the other itself."""
    page = client.get("/toegankelijkheid").text
    colours = re.findall(r'"theme-color" content="(#\w+)" media="\(prefers-color-scheme: (\w+)', page)
    style = client.get(re.findall(r'href="(/static/css/[^"]+)', page)[0]).text
    assert colours == [
        ("#ffffff", "light"), (re.findall("--paper: (#\\w{6});", style)[0], "dark"),
    ]  # fmt: skip
    manifest = client.get("/manifest.webmanifest").get_json(force=True)
    assert manifest["theme_color"] == colours[0][0]
    assert manifest["background_color"] == re.findall(r"--ground: (#\w+);", style)[0]
    apple = re.findall(r'rel="apple-touch-icon" href="([^"]+)"', page)
    sizes = {icon["src"]: icon["sizes"] for icon in manifest["icons"]}
    sizes |= dict.fromkeys(apple, "180x180")
    for path, size in sizes.items():
        answer = client.get(path)
        if answer.mimetype == "image/png":
            width, height = struct.unpack(">II", answer.data[16:24])
            assert f"{width}x{height}" == size
    assert sorted(sizes.values()) == ["180x180", "192x192", "512x512", "any"]
