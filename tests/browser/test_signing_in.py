"""Somebody signs in, works, and comes back: with and without JavaScript."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import with_and_without_javascript
from tests.browser.steps import SignIn, sign_in_on_the_page
from tests.checks import extract


@with_and_without_javascript
def test_a_mail_is_asked_for_and_the_code_is_asked(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Inloggen").click()
    page.get_by_label("Je e-mailadres op je werk").fill("coordinator@demo.example")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kijk in je mail")
    page.get_by_label("De code uit de mail").fill("000000")
    page.get_by_role("button", name="Inloggen met de code").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page).to_have_title(re.compile("^Fout: Kijk in je mail"))


@with_and_without_javascript
def test_the_link_of_the_mail_signs_in(page: Page, sign_in: SignIn) -> None:
    page.goto("/inloggen")
    page.get_by_label("Je e-mailadres op je werk").fill("reader@demo.example")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kijk in je mail")
    # The demo keeps its mail where the coordinator sees it: read it in another browser.
    assert page.context.browser
    other = page.context.browser.new_context(base_url=page.url.rpartition("/inloggen")[0])
    desk = other.new_page()
    sign_in(desk, "coordinator")
    desk.goto("/beheer/post")
    desk.locator("#mails summary").first.click()
    mail = desk.locator("pre").first.inner_text()
    path = extract(r"(/inloggen/link/\S+)", mail)
    desk.goto(path)
    expect(desk.locator("h1")).to_have_text("Typ de code")
    other.close()
    page.goto(path)
    page.get_by_role("button", name="Inloggen bij Kernwijzer").click()
    expect(page.get_by_role("link", name="Lieke Lezer")).to_be_visible()


@with_and_without_javascript
def test_a_member_sees_their_kernteams_and_signs_out(page: Page) -> None:
    sign_in_on_the_page(page, "member")
    page.goto("/")
    expect(page.get_by_role("heading", name="Mijn kernteams")).to_be_visible()
    expect(page.locator(".section--personal .phone-link").first).to_be_visible()
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_role("link", name="Inloggen")).to_be_visible()


@with_and_without_javascript
def test_a_form_sent_after_signing_out_is_restored(page: Page) -> None:
    sign_in_on_the_page(page, "administrator")
    page.goto("/beheer/accounts/nieuw")
    page.get_by_label("Naam").fill("Tim de Graaf")
    page.get_by_label("E-mailadres op het werk").fill("tim@cjg.example")
    late = page.context.new_page()
    late.goto("/account")
    late.get_by_role("button", name="Overal uitloggen").click()
    page.get_by_role("button", name="Uitnodiging versturen").click()
    page.get_by_role("button", name=re.compile("^Beheerder: ")).click()
    expect(page.locator("h1")).to_have_text("Je formulier is bewaard")
    expect(page.locator("main")).to_contain_text("Tim de Graaf")
