"""Somebody at a school asks; the coordinator answers. Each test has a portal of its own."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.database import connection, open_database
from portal.mail.models import OutgoingMail
from portal.requests.models import Request
from tests.checks import parse
from tests.conftest import CheckedClient, copied

Browser = Callable[..., CheckedClient]

# What a visitor fills in at least, per kind.
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
WHO = {"naam": "Saskia de Boer", "email": "saskia@school.example"}


@pytest.fixture(scope="session")
def _without_requests(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = copied(seeded, tmp_path_factory.mktemp("requests"))
    open_database(path)
    with connection():
        Request.delete().execute()
        OutgoingMail.delete().execute()
    return path


@pytest.fixture
def template(_without_requests: Path) -> Path:
    """Nobody asked anything yet: the demo's requests and mails are gone."""
    return _without_requests


@pytest.fixture
def browser(portal_copy: Flask) -> Browser:
    """A new browser; with a role, of somebody who is signed in. The reader is who asks."""

    def start(role: str = "", email: str = WHO["email"]) -> CheckedClient:
        client = CheckedClient(portal_copy, portal_copy.response_class)
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
    """What the fields of the form on a page hold."""
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
    """Open the form of a kind, fill in the least, and send it; gives the answer."""
    fields = filled(client.get(f"/aanvragen/{slug}").text)
    own = {"email": fields["email"] or WHO["email"]}
    fields |= LEAST[slug] | {"school": CAMELOT} | WHO | own | changes
    return client.post(f"/aanvragen/{slug}", data=fields)


def mails(about: str = "") -> list[OutgoingMail]:
    """What stands in the outbox about requests, of one event."""
    with connection():
        query = OutgoingMail.select().order_by(OutgoingMail.id)
        return [
            mail for mail in query if mail.key.startswith("request") and f":{about}" in mail.key
        ]


def link_in(mail: OutgoingMail) -> str:
    """The address in the text of a mail."""
    found = re.search(r"http://127\.0\.0\.1:5000(/\S+)", mail.body)
    assert found, mail.body
    return found[1]


def only_request() -> Request:
    """The one request that there is."""
    with connection():
        (request,) = Request.select()
    return request
