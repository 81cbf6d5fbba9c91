"""A coordinator who edits, with the forms as a browser sends them."""

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
