"""Helpers to submit requests as a requester and to read the mails that follow."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.accounts.sessions import load_user
from portal.database import connection, db, open_database
from portal.mail.models import OutgoingMail
from portal.requests.models import Request
from portal.web.form_keys import FIELD
from tests.checks import parse
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient, copied, switch
from tests.postgres import url_of

Browser = Callable[..., CheckedClient]

# The required fields per kind, by slug.
LEAST: dict[str, dict[str, str]] = {
    "thema": {"onderwerp": "meldcode", "aantal": "8"},
    "organisatie": {"onderwerp": "veilig-thuis", "aantal": "8"},
    "intervisie": {"vorm": "mlb", "waarover": "casus", "aantal": "8"},
    "kernteam": {"reden": "geen", "aantal": "8"},
    "verwijsindex": {
        "adres": "Duinweg 1, 2051 AA Overveen", "telefoon_school": "023 123 45 67",
        "functie": "intern begeleider",
    },
}  # fmt: skip
CAMELOT = "16LF00"  # a primary school in Haarlem
WISH = "Samen oefenen."
WHO = {"naam": "Saskia de Boer", "email": "saskia@school.example"}

# The fields that nobody fills in, as a browser sends them.
EMPTY = dict.fromkeys(
    ("functie", "telefoon", "niveau", "in_huis", "wens", "welke",
     *(f"{part}_{number}" for part in ("dag", "tot") for number in (1, 2, 3))), "",
)  # fmt: skip

PLAN = {
    "planned-dag": "2027-01-14", "planned-begin": "15:00", "planned-eind": "16:30",
    "planned-plaats": "De teamkamer",
}  # fmt: skip


@pytest.fixture(scope="session")
def _without_requests(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = copied(seeded, tmp_path_factory.mktemp("requests"))
    open_database(url_of(path))
    with connection():
        Request.delete().execute()
        OutgoingMail.delete().execute()
    return path


@pytest.fixture(scope="session")
def _with_a_request(_application: Flask, _without_requests: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one that the reader just sent."""
    path = copied(_without_requests, tmp_path_factory.mktemp("request"))
    with stopped_at(f"{TODAY} 09:00:00"):
        assert ask(browse(switch(_application, path))("reader"), wens=WISH).status_code == 302
    db.close()
    return path


@pytest.fixture
def template(request: pytest.FixtureRequest, _without_requests: Path, _with_a_request: Path) -> Path:
    """A database without the requests and mails of the demo."""
    return _with_a_request if "received" in request.fixturenames else _without_requests


@pytest.fixture
def received(portal_copy: Flask) -> str:
    """A request of the reader was received; the path of its page in Beheer."""
    return f"/beheer/aanvragen/{only_request().id}"


@pytest.fixture
def browser(portal_copy: Flask) -> Browser:
    """A new browser, signed in where a role is given. The reader is the requester."""
    return browse(portal_copy)


def browse(portal: Flask) -> Browser:
    """A function that starts a browser at this portal, as the fixture does."""

    def start(role: str = "", email: str = WHO["email"]) -> CheckedClient:
        client = CheckedClient(portal, portal.response_class)
        if role == "reader":
            with connection():
                reader = Account.update(email="reader@demo.example").where(Account.role == role)
                reader.execute()  # so the demo knows them
                client.sign_in(role)
                Account.update(email=email).where(Account.role == role).execute()
        elif role:
            client.sign_in(role)
        return client

    return start


def filled(page: str) -> dict[str, str]:
    """The values of the fields of the form on a page."""
    form = next(f for f in parse(page).iter("form") if "/aanvragen/" in (f.get("action") or ""))
    fields = {
        e.get("name") or "": e.get("value") or ""
        for e in form.iter("input")
        if e.get("type") not in ("radio", "checkbox") or e.get("checked") is not None
    }
    for select in form.iter("select"):
        chosen = [o for o in select.iter("option") if o.get("selected") is not None]
        fields[select.get("name") or ""] = (chosen[0].get("value") or "") if chosen else ""
    for area in form.iter("textarea"):
        fields[area.get("name") or ""] = area.text or ""
    return fields


def ask(client: CheckedClient, slug: str = "thema", **changes: Any) -> Any:
    """Submit the form of a kind with the required fields and `changes`; gives the response. Its
    page is not asked for: test_submission.py looks at what stands in it."""
    with client.session_transaction() as session:
        token = session.get("_user_id", "")
    with connection():
        user = load_user(token)
    own = {"email": user.account.email if user else WHO["email"], FIELD: secrets.token_urlsafe(16)}
    fields = EMPTY | LEAST[slug] | {"school": CAMELOT} | WHO | own | {"csrf_token": client.token()} | changes
    return client.post(f"/aanvragen/{slug}", data=fields)


def mails(about: str = "") -> list[OutgoingMail]:
    """The mails about requests in the outbox, in order; `about` selects an event."""
    with connection():
        query = OutgoingMail.select().order_by(OutgoingMail.id)
        return [mail for mail in query if mail.key.startswith("request") and f":{about}" in mail.key]


def link_in(mail: OutgoingMail, number: int = 0) -> str:
    """The path of the first link in a mail, or of the one with this number."""
    links: list[str] = re.findall(r"http://127\.0\.0\.1:5000(/\S+)", mail.body)
    return links[number]


def only_request() -> Request:
    """The single request in the database."""
    with connection():
        (request,) = Request.select()
    return request
