"""A second factor in a real browser, at an installation that is no demo."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import with_and_without_javascript
from tests.browser.steps import add_app, code_of
from tests.checks import extract
from tests.processes import Portal, copied, free_port, seeded_today, starting

COORDINATOR = "coordinator@demo.example"


class Installation:
    """An installation, at a name of this computer: browsers make no passkey for a number."""

    def __init__(self, port: int, database: Path) -> None:
        self.address, self.database = f"http://localhost:{port}", database

    def run(self, statement: str) -> list[Any]:
        """The rows of a statement."""
        with sqlite3.connect(self.database, timeout=60) as connection:
            return connection.execute(statement).fetchall()

    def sign_in(self, page: Page) -> None:
        """Sign in by the newest mail."""
        page.goto("/inloggen")
        page.get_by_label("Je e-mailadres op je werk").fill(COORDINATOR)
        page.get_by_role("button", name="Stuur mij een link").click()
        expect(page.locator("h1")).to_have_text("Kijk in je mail")
        ((body,),) = self.run("SELECT body FROM outgoing_mail WHERE key LIKE 'sign-in:%' ORDER BY id DESC LIMIT 1")
        page.goto(extract(r"(/inloggen/link/\S+)", body))
        page.get_by_role("button", name="Inloggen bij Kernwijzer").click()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo's people, without the mark of the demo."""
    folder, port = tmp_path_factory.mktemp("installation"), free_port()
    database = copied(seeded_today(), folder / "served")
    here = Installation(port, database)
    here.run("DELETE FROM database_flag WHERE name = 'demo'")
    settings = {"BASE_URL": here.address, "SMTP_HOST": "", "SMTP_SECURITY": "tls",
                "CONTACT_EMAIL": "hulp@school.nl"}  # fmt: skip
    with starting(database, folder / "said", **settings) as start:
        Portal(start, PORT=str(port))
        yield here


@pytest.fixture
def visitor(browser: Browser, installation: Installation, javascript: bool) -> Iterator[Page]:
    """A browser of a coordinator who has no second factor yet."""
    for table in ("second_factor", "recovery_code", "attempt", "sign_in_session"):
        installation.run(f"DELETE FROM {table}")
    context = browser.new_context(base_url=installation.address, locale="nl-NL", java_script_enabled=javascript)
    yield context.new_page()
    context.close()


def give_key(page: Page, *, verified: bool = True) -> tuple[Any, str]:
    """Give the browser a device with passkeys, that recognises its owner or does not."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": verified,
    }  # fmt: skip
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def test_a_passkey_is_made_and_opens_beheer(visitor: Page, installation: Installation) -> None:
    page = visitor
    installation.sign_in(page)
    devtools, key = give_key(page)
    page.goto("/beheer")
    page.get_by_role("link", name="Naar je tweede stap").click()
    add = page.get_by_role("button", name="Passkey toevoegen")
    devtools.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": key, "enabled": False})
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/vraag") else None)
    with page.expect_response("**/vraag"):
        add.dblclick()  # counts once, while nobody has touched the device yet
    expect(page.locator("[role=alert]")).to_be_empty()
    assert len(asked) == 1
    devtools.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": key, "enabled": True})
    page.reload()
    add.click()
    expect(page.get_by_role("heading", name="Dit heb je")).to_be_visible()
    page.get_by_role("button", name="Passkey toevoegen").click()
    expect(page.locator("[role=alert]")).to_contain_text("Dit apparaat heeft al een passkey")
    page.get_by_role("button", name="Maak tien codes").click()
    expect(page.locator("main li code")).to_have_count(10)
    page.get_by_role("link", name="Klaar, ik heb ze").click()
    expect(page.locator("main")).to_contain_text("Je tweede stap is klaar.")
    page.get_by_role("button", name="Uitloggen").click()
    installation.sign_in(page)
    expect(page.locator("h1")).to_have_text("Tweede stap")
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.get_by_role("button", name="Gebruik je passkey").click()
    expect(page.locator("[role=alert]")).to_contain_text("De passkey is niet gebruikt.")
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    page.get_by_role("button", name="Gebruik je passkey").click()
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()
    page.goto("/beheer")
    expect(page.locator("h1")).to_have_text("Beheer")
    expect(page.get_by_role("link", name="Naar je tweede stap")).to_have_count(0)


@with_and_without_javascript
def test_an_app_opens_beheer_and_the_paper_when_it_is_lost(visitor: Page, installation: Installation) -> None:
    page = visitor
    installation.sign_in(page)
    secret = add_app(page)
    page.get_by_role("button", name="Maak tien codes").click()
    paper = page.locator("main li code").first.inner_text()
    page.get_by_role("button", name="Uitloggen").click()
    installation.sign_in(page)
    field, go_on = (page.get_by_label("De code van je app"), page.get_by_role("button", name="Verder"))
    field.fill(code_of(secret, steps=10))
    go_on.click()
    # The code is made up to 30 s before it is checked.
    expect(page.locator(".errors")).to_contain_text(re.compile("loopt ongeveer [45] minuten voor"))
    field.fill(code_of(secret, steps=1))
    go_on.click()
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()
    page.get_by_role("button", name="Uitloggen").click()
    installation.sign_in(page)
    field.fill(paper)
    go_on.click()
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()
