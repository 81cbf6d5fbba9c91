"""From a reader's press to the outcome, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import with_and_without_javascript
from tests.browser.steps import SignIn


@with_and_without_javascript
def test_one_press_confirms_a_number(page: Page, javascript: bool, sign_in: SignIn) -> None:
    sign_in(page, "reader")
    page.goto("/?q=camelot")
    row = page.locator("#resultaten li").nth(1 if javascript else 2)
    row.get_by_role("button", name="ik sprak").click()
    confirmed = row.get_by_text("Vandaag bevestigd")
    expect(confirmed).to_be_visible()
    if javascript:
        expect(confirmed).to_be_focused()
        page.reload()
        expect(confirmed).to_be_visible()


@with_and_without_javascript
def test_a_report_from_the_press_to_the_outcome(page: Page, javascript: bool, sign_in: SignIn) -> None:
    width = 360 if javascript else 1280
    page.set_viewport_size({"width": width, "height": 740})
    sign_in(page, "reader")
    page.goto("/functies/cjg-coach")
    row = page.locator("#mensen li").nth(3 if javascript else 6)
    name = row.locator(".list-row__title").inner_text()
    row.get_by_role("link", name="Klopt niet").click()
    expect(page.locator("h1")).to_have_text(re.compile("^Klopt niet: "))
    expect(page.get_by_label(re.compile(r"Nummer \d"))).to_be_checked()
    page.get_by_label("Weet je hoe het wel zit?").fill("Het gaat om 111222333.")
    page.get_by_role("button", name="Meld").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator("#uitleg-fout")).to_contain_text("burgerservicenummer")
    expect(page.get_by_label(re.compile(r"Nummer \d"))).to_be_checked()
    page.get_by_label("Weet je hoe het wel zit?").fill("Ik kreeg een bakker.")
    page.get_by_role("button", name="Meld").click()
    expect(page.locator("h1")).to_have_text("Dank je wel")

    sign_in(page, "member")
    page.goto("/functies/cjg-coach")
    seen = page.locator("#mensen li", has_text=name).first
    expect(seen.locator(".tag--danger")).to_have_text("Gemeld")
    expect(seen).to_contain_text("dat dit nummer niet klopt.")

    sign_in(page, "coordinator")
    page.goto("/beheer/gemeld")
    page.get_by_role("link", name=name).click()
    expect(page.locator("main")).to_contain_text("Ik kreeg een bakker.")
    page.get_by_role("link", name="Pas het aan").click()
    page.get_by_label("Nummer, e-mailadres of website").fill(f"06 1{width:04} 000")
    page.get_by_label("Waarom verander je dit?").fill("Zij belde zelf.")
    page.get_by_role("button", name="Bewaren").click()
    page.goto("/beheer/gemeld")
    expect(page.get_by_role("link", name=name)).not_to_be_visible()
    page.goto("/functies/cjg-coach")
    row = page.locator("#mensen li", has_text=name).first
    expect(row.locator(".tag--danger", has_text="Gemeld")).not_to_be_visible()
    expect(row.locator(".contact__number")).to_contain_text(f"06 1{width:04}"[:5])
    page.goto("/beheer/post")
    expect(page.locator("main")).to_contain_text("Wat je meldde is aangepast")
