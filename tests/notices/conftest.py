"""Visitors of the board: they sign in, fill in a form, see the preview, and publish it."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts.models import Account
from portal.database import connection, db
from portal.database.directory_version import lock_directory
from portal.mail.models import OutgoingMail
from portal.notices import publishing, queries, views
from portal.notices.models import Notice
from portal.site import current_site
from tests.checks import parse, text
from tests.clock import stopped_at
from tests.conftest import CheckedClient

NEW = "/wijzigingen/nieuw"
JANUARY, FEBRUARY = date(2027, 1, 10), date(2027, 2, 1)

Fields = dict[str, Any]
_SILENT: set[int] = set()  # the notices of this test that were published without their mails


def hidden(page: str) -> Fields:
    """The hidden fields of the last form on a page."""
    form = [f for f in parse(page).iter("form") if f.get("method") == "post"][-1]
    fields: dict[str, list[str]] = {}
    for e in form.iter("input"):
        if e.get("type") == "hidden":
            fields.setdefault(e.get("name") or "", []).append(e.get("value") or "")
    return fields


def errors(page: str) -> list[str]:
    """The sentences in the error summary of a page."""
    summaries = [e for e in parse(page).iter() if "errors" in (e.get("class") or "").split()]
    return [text(link) for summary in summaries for link in summary.iter("a")]


@contextmanager
def on(day: date, hour: int = 9) -> Iterator[None]:
    """Run the body on another day."""
    with stopped_at(f"{day} {hour:02}:00:00"):
        yield


class Visitor:
    """A user in a browser of their own."""

    def __init__(self, app: Flask, account: Account | str, client: CheckedClient | None = None) -> None:
        self.app = app
        self.account = account
        self.client = client or CheckedClient(app, app.response_class)
        self.sign_in()

    def sign_in(self) -> "Visitor":
        """Sign in, or again after the session expired."""
        self.client.sign_in(self.account)
        return self

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def ask(self, kind: str, person: int | None = None) -> str:
        """The page with the questions of a kind."""
        return self.get(address(kind, person))

    def preview(self, kind: str, fields: Fields, person: int | None = None) -> TestResponse:
        """Send the filled-in form; the answer is its preview or its errors. The questions are not
        asked for again: test_kinds.py does so for each kind and role."""
        filled = {**fields, "stap": "controleren"}
        return self.client.submit(address(kind, person), filled)

    def publish(self, kind: str, previewed: TestResponse, person: int | None = None, **more: str) -> TestResponse:
        """Press the button below a preview."""
        filled = {**hidden(previewed.text), "stap": "plaatsen", **more}
        return self.client.post(address(kind, person), data=filled)

    def post(self, kind: str, fields: Fields, person: int | None = None, *, mails: bool = False) -> int:
        """Publish a notice as its form would, without asking for a page; gives its id. Its mails,
        half of the work, are stored for a test about `mails`. The pages of a preview and of its
        publication: `preview` and `publish`."""
        data = {**fields, "csrf_token": self.client.token()}
        cookie = {"Cookie": f"kernwijzer={self.client.cookie()}"}
        asked = self.app.test_request_context(address(kind, person), method="POST", data=data, headers=cookie)
        with asked, connection(), db.atomic():
            assert self.app.preprocess_request() is None
            lock_directory()
            author = views.require_author()
            _, form = views._start(author)
            assert form and form.validate(), form and form.errors
            draft = form.draft()
            notice, change_set = queries.add_notice(author, draft, secrets.token_urlsafe())
            effect = publishing.apply_notice(change_set, author, draft)
            number = publishing.store(notice, author, draft, effect, current_site() if mails else None)
        if not mails:
            _SILENT.add(number)
        return number

    def press(self, notice: int, action: str, **more: Any) -> TestResponse:
        """Send a form on the page of a notice, with its present version."""
        with connection():
            version = Notice.get_by_id(notice).row_version
        return self.client.submit(f"/wijzigingen/{notice}/{action}", {"versie": str(version), **more})


def address(kind: str, person: int | None = None) -> str:
    return f"{NEW}?soort={kind}" + (f"&persoon={person}" if person else "")


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(portal_copy: Flask) -> Visit:
    """Signs in a user of the demo (by role) or the user of an account."""
    return lambda account: Visitor(portal_copy, account)


def mails(contains: str) -> list[OutgoingMail]:
    """The mails with this in their key. That there are none says something only where each notice
    was published with its mails."""
    with connection():
        found = list(OutgoingMail.select().where(OutgoingMail.key.contains(contains)))
    assert found or not _SILENT, "post(..., mails=True)"
    return found


def leave(last: date = date(2027, 1, 31), /, **more: Any) -> Fields:
    return {"dag": last.isoformat(), "tekst": "Ik ga met pensioen.", **more}


@pytest.fixture
def template(empty_board: Path) -> Path:
    """Each test begins with an empty board."""
    return empty_board


@pytest.fixture(autouse=True)
def _writable(portal_copy: Flask) -> None:
    """Each test has its own database."""
    _SILENT.clear()
