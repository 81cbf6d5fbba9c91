"""Steps that several tests in the browser take."""

import re
import secrets
from collections.abc import Callable
from datetime import UTC

from playwright.sync_api import Page, expect

from portal.accounts import authenticator_app
from tests.processes import CLOCK

SignIn = Callable[[Page, str], None]

_BUTTONS = {
    "reader": "Lezer",
    "member": "Kernteamlid",
    "coordinator": "Coördinator",
    "editor": "Organisatiebeheerder",
    "administrator": "Beheerder",
}


def sign_in_on_the_page(page: Page, role: str) -> None:
    """Choose somebody of the demo on the sign-in page, which leads to where they were going."""
    page.goto("/inloggen")
    page.get_by_role("button", name=re.compile(f"^{_BUTTONS[role]}: ")).click()
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()


def type_a_question(page: Page, text: str, *, delay: float = 0) -> None:
    """Open the search and type: the focus comes by itself, a moment after the page has loaded.

    `delay` is the time between two keys, in milliseconds.
    """
    page.goto("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(text, delay=delay)


def mailed_link(page: Page, purpose: str) -> str:
    """Post a notice as the coordinator, who is signed in; gives a link out of a mail about it."""
    page.goto("/wijzigingen/nieuw?soort=nieuws")
    page.get_by_label("Over welke organisatie gaat het?").select_option(label="Altra")
    page.get_by_label("Eerste dag").fill("2027-02-01")
    page.get_by_label("Wat moeten de kernteams weten?").fill("Wij zijn vrijdag dicht.")
    page.get_by_role("button", name="Melding controleren").click()
    page.get_by_role("button", name="Melding plaatsen").click()
    page.goto("/beheer/post")
    found = re.search(rf"/wijzigingen/{purpose}/[\w.-]+", page.content())
    assert found
    return found[0]


def ask(page: Page) -> None:
    """Ask for a session without an account, with the least that is needed."""
    page.goto("/aanvragen/thema?onderwerp=mindset")
    page.get_by_label("School", exact=True).select_option(index=5)
    page.get_by_label("Met hoeveel mensen zijn jullie?").fill("8")
    page.get_by_label("Je naam").fill("Saskia de Boer")
    page.get_by_label("Je e-mailadres op je werk").fill(f"{secrets.token_hex(4)}@school.example")
    page.get_by_role("button", name="Aanvraag versturen").click()
    expect(page.locator("h1")).to_have_text("Kijk in je mail")


def handled_link(page: Page, sign_in: SignIn) -> str:
    """Add a note to a request as its reader; gives the link in the mail to the mailbox, with which
    it is handled without an account."""
    sign_in(page, "reader")
    page.goto("/aanvragen")
    page.locator(".section--personal a").first.click()
    page.get_by_label("Wat wil je toevoegen?").fill("We zijn met één meer.")
    page.get_by_role("button", name="Bericht toevoegen").click()
    sign_in(page, "coordinator")
    page.goto("/beheer/post")
    found = re.search(r"/aanvragen/behandelen/[\w.-]+", page.content())
    assert found
    page.context.clear_cookies()
    return found[0]


def add_app(page: Page) -> str:
    """Add an authenticator app for who is signed in; gives its secret."""
    page.goto("/account/tweede-stap/app")
    secret = page.locator("main code").inner_text().replace(" ", "")
    page.get_by_label("De code van zes cijfers uit de app").fill(code_of(secret))
    page.get_by_role("button", name="App toevoegen").click()
    expect(page.locator("h1")).to_have_text("Je tweede stap")
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    """The code that the app shows, or that of so many half minutes later."""
    return authenticator_app.make_code(secret, int(CLOCK.now(UTC).timestamp()) // 30 + steps)
