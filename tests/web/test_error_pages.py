"""Error pages: in Dutch, in the layout, with advice, and without internals."""

import logging
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from portal.database import connection, db
from portal.web.declared_access import public
from tests.conftest import copied, make_app, switch

TITLES = {
    400: "Deze vraag begrijpen we niet",
    403: "Deze pagina is niet voor jou",
    404: "Deze pagina bestaat niet",
    405: "Dat kan hier niet",
    413: "Dat is te veel tekst",
    429: "Dat ging te snel",
    500: "Er ging iets mis bij ons",
    503: "Kernwijzer is even niet bereikbaar",
}


@pytest.fixture(scope="module")
def _failing(seeded: Path) -> Flask:
    app = make_app(seeded)

    @app.get("/fout/<int:status>")
    @public
    def fail(status: int) -> str:
        if status == 1:
            raise RuntimeError("geheim van binnen")
        abort(status)

    @app.get("/vergeten")
    def forgotten() -> str:
        return "nobody said who may see this"

    return app


@pytest.fixture
def failing(_failing: Flask, seeded: Path, tmp_path: Path) -> FlaskClient:
    """A portal with a page that raises the error that its URL names."""
    switch(_failing, copied(seeded, tmp_path))
    _failing.testing = False  # as in production: errors become pages
    return _failing.test_client()


@pytest.mark.parametrize("status", TITLES)
def test_every_error_has_a_page_in_dutch(failing: FlaskClient, status: int) -> None:
    answer = failing.get(f"/fout/{status}")
    assert answer.status_code == status
    assert f"<h1>{TITLES[status]}</h1>" in answer.text
    assert "mailto:kernteam@po-zk.nl" in answer.text


def test_an_error_without_a_text_of_its_own_gets_a_general_one(failing: FlaskClient) -> None:
    assert failing.get("/fout/418").status_code == 418
    assert TITLES[400] in failing.get("/fout/418").text


def test_an_internal_error_shows_only_a_code_that_is_in_the_log(
    failing: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = failing.get("/fout/1")
    assert answer.status_code == 500
    assert "geheim" not in answer.text
    assert "Traceback" not in answer.text
    code = answer.text.split("Code van deze fout: <strong>")[1][:8]
    assert code in caplog.text


def test_an_error_without_a_database_still_gets_a_page_with_a_code(
    failing: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with connection():
        db.execute_sql("DROP TABLE database_flag")
    answer = failing.get("/fout/1")
    assert answer.status_code == 500
    assert "Code van deze fout:" in answer.text


def test_a_page_that_declares_no_access_is_closed(failing: FlaskClient) -> None:
    assert failing.get("/vergeten").status_code == 403


def test_an_unknown_method_is_refused(client: FlaskClient) -> None:
    assert client.post("/", data={}).status_code == 405


def test_a_body_that_is_too_large_is_refused(failing: FlaskClient) -> None:
    assert failing.post("/", data=b"x" * 70_000).status_code in (405, 413)


@pytest.mark.parametrize("field", [b"a=1", b"a", b"", b"%61=%26"])
def test_a_form_of_many_small_fields_is_refused(client: FlaskClient, field: bytes) -> None:
    urlencoded = "application/x-www-form-urlencoded"
    for count, status in ((1000, 403), (1001, 413)):  # 403: it has no token
        body = b"&".join([field] * count)
        assert client.post("/inloggen", data=body, content_type=urlencoded).status_code == status
