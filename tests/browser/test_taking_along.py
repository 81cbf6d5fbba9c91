"""Somebody at a desk takes numbers along: copied, on paper, in the address book."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import with_and_without_javascript
from tests.browser.steps import SignIn

CAMELOT = "/scholen/16lf00-basisschool-camelot"


@pytest.fixture(autouse=True)
def _clipboard(context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_copied_number_is_grouped_and_announced(page: Page) -> None:
    page.goto(CAMELOT)
    page.get_by_text("Meer over CJG-coach").click()
    page.get_by_role("button", name="Kopieer nummer van ").click()
    expect(page.get_by_role("status")).to_have_text("Gekopieerd.")
    expect(page.get_by_role("status")).to_be_in_viewport(ratio=1)
    assert copied(page) == page.locator(".team .phone-link").first.inner_text()


def test_copying_a_second_number_is_announced_again(page: Page) -> None:
    page.goto(CAMELOT)
    page.evaluate(
        "window.said = [];"
        "new MutationObserver(() => said.push(document.getElementById('melding').textContent))"
        ".observe(document.getElementById('melding'), {childList: true})"
    )
    for number in (0, 1):
        page.locator(".contact summary").nth(number).click()
        page.locator(".copy-number").nth(number).click()
        # The page's policy forbids the browser's own way to wait for an expression.
        for _ in range(1500):
            said = page.evaluate("said")
            if said.count("Gekopieerd.") == number + 1:
                break
            page.wait_for_timeout(20)
    assert said.count("Gekopieerd.") == 2
    assert "" in said


def test_a_kernteam_is_copied_as_lines_for_the_shown_day(page: Page) -> None:
    page.goto(CAMELOT)
    page.get_by_role("button", name="Kopieer kernteam").click()
    expect(page.get_by_role("status")).to_have_text("Gekopieerd.")
    lines = copied(page).splitlines()
    assert lines[0].startswith("Kernteam van Basisschool Camelot, Haarlem, op ")
    assert len(lines) == 1 + 1 + page.locator(".team .contact").count()
    page.get_by_text("Andere woonplaats of dag").click()
    page.get_by_label("Op welke dag? (optioneel)").fill("2027-03-01")
    page.get_by_role("button", name="Bekijk").click()
    expect(page.locator("#antwoord h2")).to_contain_text("maandag 1 maart 2027")
    page.get_by_role("button", name="Kopieer kernteam").click()
    expect(page.get_by_role("status")).to_have_text("Gekopieerd.")
    assert "op 1 maart 2027" in copied(page).splitlines()[0]


def test_without_a_clipboard_the_text_is_opened_and_selected(page: Page) -> None:
    page.goto(CAMELOT)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Kopieer kernteam").click()
    expect(page.get_by_role("status")).to_contain_text("Druk op Ctrl+C.")
    assert "CJG-coach: " in page.evaluate("getSelection().toString()")


@with_and_without_javascript
def test_without_javascript_numbers_and_kernteam_are_text(page: Page, javascript: bool) -> None:
    page.goto(CAMELOT)
    assert page.get_by_role("button", name="Kopieer kernteam").is_visible() == javascript
    page.get_by_text("Meer over CJG-coach").click()
    assert page.locator(".copy-number").first.is_visible() == javascript
    page.get_by_text("Als tekst, of voor een oudere telefoon").click()
    expect(page.locator("#kernteam-tekst")).to_contain_text("CJG-coach: ")


def test_a_kernteam_goes_into_the_address_book(page: Page) -> None:
    page.goto(CAMELOT)
    with page.expect_download() as started:
        page.get_by_role("link", name="Zet het kernteam in je contacten").click()
    assert started.value.suggested_filename == "kernteam-16lf00-basisschool-camelot.vcf"


# A usual one, and those that fill the sheet the most of all 114.
@pytest.mark.parametrize("school", ["16lf00", "16xc00", "15uj00", "16ts07", "02sb00"])
@pytest.mark.parametrize("role", ["", "member"])
def test_a_school_is_one_sheet_with_its_date_and_address(page: Page, school: str, role: str, sign_in: SignIn) -> None:
    if role:
        sign_in(page, role)
    page.goto(f"/scholen/{school}")
    path = page.evaluate("location.pathname")
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    assert b"/MediaBox [0 0 59" in sheet  # A4
    page.emulate_media(media="print")
    expect(page.locator(".print-only")).to_contain_text("Afgedrukt op ")
    expect(page.locator(".print-only")).to_contain_text(path)
    for hidden in (".take-along", ".copy-number", ".change-question", ".bar"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_a_printed_request_says_what_was_asked_and_no_link_that_is_a_key(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "coordinator")
    page.goto("/beheer/aanvragen/1")
    page.emulate_media(media="print")
    expect(page.locator(".facts")).to_be_visible()
    expect(page.locator(".section--personal")).to_be_hidden()
    expect(page.locator(".print-only")).to_contain_text("/beheer/aanvragen/1")
    black = page.locator("h1").evaluate("e => getComputedStyle(e).color")
    assert black == "rgb(0, 0, 0)"
    page.goto("/aanvragen")
    page.locator(".section--personal a").first.click() if page.locator(".section--personal a").count() else page.goto(
        "/"
    )
    expect(page.locator(".print-only")).not_to_contain_text("volgen")
