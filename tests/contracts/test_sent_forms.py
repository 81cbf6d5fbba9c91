"""Every form that a page sends takes text, and nothing else in the place of it."""

import re
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from flask import Flask

from portal.web.form_keys import FIELD
from tests.checks import parse
from tests.conftest import CheckedClient
from tests.routes import ROUTES

# The pages with a form of their own: the role that opens them, and their address.
PAGES = [
    (next((word for word in how if word in ("member", "coordinator")), ""), path)
    for name, route in ROUTES.items()
    for address in (*(route.states or ()), *route.also)
    for *how, path in [(address or "").split(" ")]
    if "post" not in how
    and name.startswith(("GET /aanvragen", "GET /beheer", "GET /inloggen", "GET /wijzigingen"))
    and path.startswith("/")
]


class SentForm(NamedTuple):
    """A form of a page: its address, and its fields with their values."""

    client: CheckedClient
    action: str
    fields: dict[str, str]
    asked: set[str]  # the names of the fields for an answer in text, without ticks


@pytest.fixture
def sent_forms(portal_copy: Flask) -> list[SentForm]:
    """Every form that is sent by POST on the pages above, once per address."""
    clients: dict[str, CheckedClient] = {}
    found: dict[str, SentForm] = {}
    for role, path in PAGES:
        if role not in clients:
            client = clients[role] = CheckedClient(portal_copy, portal_copy.response_class)
            if role:
                client.sign_in(role)
        client = clients[role]
        for form in parse(client.get(path).text).iter("form"):
            if form.get("method") != "post":
                continue
            fields, asked = {}, set()
            # The choice of a filter is no answer.
            lists = [one for one in form.iter("fieldset") if "filter" in one.get("class", "").split()]
            filters = {field for one in lists for field in one.iter()}
            for element in form.iter():
                if element.tag in ("input", "select", "textarea"):
                    name = element.get("name", "")
                    fields[name] = element.get("value") or element.text or ""
                    is_answer = element.get("type") not in ("hidden", "checkbox", "file")
                    if is_answer and element not in filters:
                        asked.add(name)
            if set(fields) - {"csrf_token", FIELD}:
                action = form.get("action", "")
                found.setdefault(action, SentForm(client, action, fields, asked))
    return list(found.values())


def test_a_file_in_the_place_of_an_answer_is_refused(sent_forms: list[SentForm]) -> None:
    assert len(sent_forms) > 20
    for client, action, fields, asked in sent_forms:
        files: dict[str, Any] = {name: (BytesIO(b"a"), "a.txt") for name in fields}
        answer = client.post(action, data=files | {"csrf_token": client.token()})
        if len(fields) > client.application.config["MAX_FORM_PARTS"]:  # as files, which it has not
            assert answer.status_code == 413, action
            continue
        assert answer.status_code == 422 if asked else answer.status_code < 500, action
        assert len(re.findall('href="#.*>Hier kan geen bestand', answer.text)) >= len(asked), action


def test_json_in_the_place_of_a_form_is_an_empty_form(client: CheckedClient) -> None:
    headers = {"X-CSRFToken": client.token()}
    answer = client.post("/inloggen", json={"email": {"a": [1]}}, headers=headers)
    assert answer.status_code == 422


def test_a_field_without_a_name_is_refused(client: CheckedClient) -> None:
    for part in (b"form-data", b'form-data; filename="a"', b'form-data; a="name"'):
        body = b"--x\r\nContent-Disposition: " + part + b"\r\n\r\nb\r\n--x--\r\n"
        sent = client.post("/inloggen", data=body, content_type="multipart/form-data; boundary=x")
        assert sent.status_code == 400, part
