"""A file that is sent: of at most 5 MB, where a page asks for one, and nowhere else."""

from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, redirect, render_template_string, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.idempotency import once
from portal.web.declared_access import public
from portal.web.form_keys import FIELD
from portal.web.form_size import MAX_BODY, MAX_BODY_WITH_FILE, takes_file_at, with_file
from portal.web.forms import ChangeForm, SentFile, TextField
from tests.conftest import CheckedClient, copied, make_app, switch
from tests.web.test_asgi import ask


class Upload(ChangeForm):
    file = SentFile("Bestand", name="bestand")
    note = TextField("Opmerking", name="opmerking")


@pytest.fixture(scope="module")
def _taking(seeded: Path) -> Flask:
    app = make_app(seeded)

    @app.post("/proef")
    @public
    @once("take")
    @with_file
    def take() -> ResponseReturnValue:
        form = Upload()
        if form.validate():
            app.extensions["taken"].append((form.file.filename, form.file.data))
            return redirect(url_for("take"))
        return render_template_string("{{ form.errors.values()|list }}", form=form), 422

    @app.post("/zonder")
    @public
    def refuse() -> str:
        return str(Upload().validate())

    return app


@pytest.fixture
def taken(_taking: Flask, seeded: Path, tmp_path: Path) -> list[tuple[str, bytes]]:
    """The names and bytes that the page took."""
    switch(_taking, copied(seeded, tmp_path))
    _taking.extensions["taken"] = []
    return _taking.extensions["taken"]  # type: ignore[no-any-return]  # see above


@pytest.fixture
def client(_taking: Flask, taken: object) -> CheckedClient:
    return CheckedClient(_taking, _taking.response_class, checks=False)


def send(client: CheckedClient, data: bytes, name: str = "lijst.xlsx", **more: str) -> Any:
    file = FileStorage(BytesIO(data), name)
    boundary, body = encode_multipart({"csrf_token": client.token(), "bestand": file, **more})
    content_type = f"multipart/form-data; boundary={boundary}"
    return client.post("/proef", data=body, content_type=content_type)


def test_a_file_of_five_megabytes_is_taken(
    client: CheckedClient, taken: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("werkzeug.formparser.SpooledTemporaryFile")  # nothing goes to the disk
    data = bytes(range(250)) * 20_000
    assert send(client, data, "../../mijn lijst.xlsx").status_code == 302
    assert taken == [("../../mijn lijst.xlsx", data)]


def test_a_larger_file_gets_a_page_that_names_the_limit(client: CheckedClient, taken: list[tuple[str, bytes]]) -> None:
    answer = send(client, bytes(MAX_BODY_WITH_FILE))
    assert answer.status_code == 413
    assert "Dit bestand is te groot" in answer.text and "hoogstens 5 MB" in answer.text
    assert taken == []


def test_another_page_takes_no_more_than_before(client: CheckedClient) -> None:
    fields = {"csrf_token": client.token(), "bestand": (BytesIO(bytes(MAX_BODY)), "a.csv")}
    answer = client.post("/zonder", data=fields)
    assert answer.status_code == 413
    assert "Dat is te veel tekst" in answer.text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ((BytesIO(b""), "leeg.csv"), "Dit bestand is leeg"),
        ((BytesIO(b"a"), ""), "Kies een bestand."),
        ("lijst.csv", "Kies een bestand."),
        (None, "Kies een bestand."),
    ],
)
def test_a_missing_or_empty_file_is_named(client: CheckedClient, file: Any, words: str) -> None:
    fields = {"csrf_token": client.token(), "opmerking": "x"} | ({"bestand": file} if file else {})
    answer = client.post("/proef", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert words in answer.text


def test_a_file_in_the_place_of_a_text_is_still_refused(client: CheckedClient) -> None:
    file = (BytesIO(b"a"), "a.csv")
    fields = {"csrf_token": client.token(), "bestand": file, "opmerking": (BytesIO(b"b"), "b")}
    assert "Hier kan geen bestand" in client.post("/proef", data=fields).text


def test_a_form_that_is_sent_again_with_another_file_is_another_form(
    client: CheckedClient, taken: list[tuple[str, bytes]]
) -> None:
    for data in (b"a;b", b"a;b", b"c;d"):
        assert send(client, data, **{FIELD: "sleutel"}).status_code == 302
    assert [data for _, data in taken] == [b"a;b", b"c;d"]


def test_a_file_of_64_mb_gets_the_page_too(_taking: Flask) -> None:
    """A browser shows it only where the connection stays until all was sent."""
    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    takes_file = partial(takes_file_at, _taking)
    answer = ask(_taking, *[bytes(1_000_000)] * 64, path="/proef", headers=headers, takes_file=takes_file)
    assert answer is not None and answer[0] == 413
    assert "hoogstens 5 MB" in answer[2].decode()
    assert b"connection" not in answer[1]


@pytest.mark.parametrize(("path", "status"), [("/proef", 403), ("/zonder", 413), ("/x", 404)])
def test_the_server_holds_a_large_body_only_for_a_page_that_takes_a_file(
    _taking: Flask, path: str, status: int
) -> None:
    headers = [(b"content-type", b"application/octet-stream")]
    parts = [bytes(50_000)] * 40
    answer = ask(_taking, *parts, path=path, headers=headers, takes_file=partial(takes_file_at, _taking))
    assert answer is not None and answer[0] == status
