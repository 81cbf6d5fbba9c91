"""A data leak: a coordinator sees who downloaded, signed in and opened what, and gets the sheet."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from portal import audit
from portal.accounts.models import Account
from portal.data_register import Mark, list_columns
from portal.database import connection, db
from tests.checks import parse, text
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.factories import coach, holder

PAGE, SHEET = "/beheer/gezien", "/beheer/gezien/meldblad"


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


def sections(page: str) -> dict[str, str]:
    """The text of each section, by its heading."""
    return {text(next(iter(section.iter("h2")))): text(section) for section in parse(page).iter("section")}


def account(role: str) -> Account:
    with connection():
        found: Account = Account.get(Account.role == role)
    return found


def download(role: str, lines: int, days_ago: int = 0) -> None:
    with stopped_at(TODAY - timedelta(days=days_ago)), connection(), db.atomic():
        audit.record(account(role).id, "exported", "coverage", lines)


def test_what_was_downloaded_in_a_period_is_listed_with_who_did_it(coordinator: CheckedClient) -> None:
    download("coordinator", 7)
    download("administrator", 8, days_ago=20)
    download("administrator", 9, days_ago=40)
    whole, recent = coordinator.get(PAGE).text, coordinator.get(f"{PAGE}?vanaf={TODAY}").text
    listed = sections(whole)["Gedownload"]
    assert f"7 × plek in de dekking: gedownload{account('coordinator').name}" in listed
    assert "8 × plek" in listed
    assert "9 × plek" not in listed
    assert "8 × plek" not in recent
    one = coordinator.get(f"{PAGE}?wie={account('administrator').id}").text
    assert "7 × plek" not in one
    assert "8 × plek" in one
    # The link to the trail works for an account that did nothing too.
    coordinator.get(f"{PAGE}?wie={account('editor').id}")
    assert coordinator.get(f"/beheer/spoor?wie={account('editor').id}").status_code == 200


def test_who_signed_in_is_listed_with_the_day_and_the_browser(portal_copy: Flask, coordinator: CheckedClient) -> None:
    reader = CheckedClient(portal_copy, portal_copy.response_class)
    reader.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0"
    reader.sign_in("reader")
    listed = sections(coordinator.get(PAGE).text)["Ingelogd"]
    name = account("reader").name
    assert re.search(rf"{name}Lezer · op [\w ]+Firefox op Windows, vanaf", listed)
    assert account("editor").name not in listed
    earlier = f"{PAGE}?tot={TODAY - timedelta(days=1)}"
    assert account("reader").name not in sections(coordinator.get(earlier).text)["Ingelogd"]


def test_the_kinds_of_pages_that_one_account_opened_are_counted(portal_copy: Flask, coordinator: CheckedClient) -> None:
    member = CheckedClient(portal_copy, portal_copy.response_class).sign_in("member")
    people = [coach(), holder("directeur")]
    for path in (*(f"/personen/{p.id}" for p in people), "/personen/99999", "/beheer"):
        member.get(path)  # the last two show nothing
    asked = f"{PAGE}?wie={account('member').id}"
    opened = sections(coordinator.get(f"{asked}&vanaf={TODAY}").text)["Geopende pagina’s"]
    assert "/personen/… 2 keer" in opened
    assert "/beheer" not in opened
    before = coordinator.get(f"{asked}&tot={TODAY - timedelta(days=1)}").text
    assert "staat niets van dit account" in sections(before)["Geopende pagina’s"]
    assert "Kies bij “Wie” één account" in coordinator.get(PAGE).text


def test_a_last_day_before_the_first_is_refused_in_words(coordinator: CheckedClient) -> None:
    wrong = "?vanaf=2-2-2026&tot=1-2-2026"
    answer = coordinator.get(PAGE + wrong)
    assert answer.status_code == 422
    assert "Kies een laatste dag die na de eerste komt." in answer.text
    assert coordinator.get(SHEET + wrong).status_code == 404


def test_the_sheet_is_filled_with_what_the_portal_knows(coordinator: CheckedClient) -> None:
    download("coordinator", 7)
    sheet = text(next(parse(coordinator.get(f"{SHEET}?vanaf={TODAY}").text).iter("main")))
    assert "72 uur" in sheet
    assert "is 1 lijst gedownload" in sheet
    assert f"{account('coordinator').name}: 7 × plek" in sheet
    for kind in {c.kept.what for c in list_columns() if c.mark is Mark.PERSON}:
        assert kind in sheet
