"""A coordinator who edits, with the forms as a browser sends them."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import CheckedClient
from tests.page_forms import read_forms


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


def fill_in(client: CheckedClient, path: str, **answers: Any) -> dict[str, Any]:
    """The answers of the form on a page of its own, with a reason, and these in it."""
    forms = read_forms(client.get(path).text)
    (fields,) = [form.fields for form in forms if form.action == path]
    return fields | {"reden": "Proef."} | answers


def save(client: CheckedClient, path: str, **answers: Any) -> TestResponse:
    """Open a page, change these answers and send it."""
    return client.post(path, data=fill_in(client, path, **answers))


def refusals(client: CheckedClient, path: str, **answers: Any) -> list[str]:
    """The messages at the fields of a form that is refused with these answers."""
    answer = save(client, path, **answers)
    assert answer.status_code == 422, answer.status_code
    found = re.findall(r'<p class="error"[^>]*>(.*?)</p>', answer.text)
    return [html.unescape(message) for message in found]


def undo(client: CheckedClient, saved: TestResponse) -> None:
    """Press the button that undoes what was just saved."""
    page = client.get(saved.headers["Location"]).text
    (form,) = [form for form in read_forms(page) if form.action.endswith("/terugdraaien")]
    assert client.post(form.action, data=form.fields).status_code == 302


def read(client: CheckedClient, path: str) -> str:
    """A page, with ordinary blanks."""
    return client.get(path).text.replace("\N{NO-BREAK SPACE}", " ")


def trail(client: CheckedClient) -> str:
    """The trail, with ordinary blanks."""
    return read(client, "/beheer/spoor")
