"""Telling that something changes, in a real browser: by mouse, by keyboard, without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import with_and_without_javascript
from tests.browser.steps import SignIn, mailed_link


def fill_in_a_departure(page: Page, text: str) -> None:
    page.get_by_label("Laatste werkdag").fill("2027-01-31")
    page.get_by_label("Wie is de opvolger?").select_option(index=3)
    page.get_by_label("Wat moeten de kernteams weten?").fill(text)


@with_and_without_javascript
def test_a_coach_hands_over_all_schools(page: Page, javascript: bool, sign_in: SignIn) -> None:
    sign_in(page, "member")
    page.goto("/wijzigingen")
    page.get_by_role("link", name="Wijziging melden").click()
    page.wait_for_load_state()  # a click ends where the answer begins, before a script hears of the choice
    page.get_by_label("Vertrek").check()
    if not javascript:
        page.get_by_role("button", name="Verder naar de vragen").click()
    expect(page.get_by_role("heading", name="Vertrek: ")).to_be_visible()
    fill_in_a_departure(page, "Sem uit groep 5 heeft adhd.")
    page.get_by_role("button", name="Melding controleren").click()
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_label("Wat moeten de kernteams weten?").fill("Ik ga met pensioen.")
    page.get_by_role("button", name="Melding controleren").click()
    expect(page.locator("h1")).to_have_text("Klopt het zo?")
    expect(page.locator("main")).to_contain_text("Dit gaat naar")
    successor = page.locator("tbody strong").first.inner_text().partition(",")[0]
    page.get_by_role("button", name="Antwoorden wijzigen").click()
    expect(page.get_by_label("Laatste werkdag")).to_have_value("2027-01-31")
    page.get_by_role("button", name="Melding controleren").click()
    page.get_by_role("button", name="Melding plaatsen").click()
    expect(page.get_by_role("status").first).to_contain_text("Je melding is geplaatst")
    page.locator("tbody a").first.click()
    expect(page.locator("#cjg-coach")).to_contain_text(successor)
    # The next test finds the coach in their place again.
    page.goto("/wijzigingen")
    page.get_by_role("link", name=f"{successor} volgt op").first.click()
    page.get_by_text("Melding intrekken").first.click()
    page.get_by_role("button", name="Melding intrekken").click()
    expect(page.locator("main")).to_contain_text("Deze melding is ingetrokken")


@with_and_without_javascript
def test_a_substitute_is_typed_in_later(page: Page, javascript: bool, sign_in: SignIn) -> None:
    """Five presses and a name: nothing is withdrawn, and only this is told."""
    sign_in(page, "member")
    page.goto("/wijzigingen/nieuw?soort=afwezigheid")
    page.get_by_label("Eerste dag").fill("2027-03-01")
    page.get_by_role("button", name="Melding controleren").click()
    page.get_by_role("button", name="Melding plaatsen").click()
    page.get_by_role("link", name="Aanvullen per school").click()
    page.get_by_text("Iemand die hier nog niet staat", exact=True).click()
    page.get_by_label("Voornaam").fill("Noora")
    page.get_by_role("button", name="Aanvulling controleren").click()
    expect(page.locator("h1")).to_have_text("Klopt het zo?")
    page.get_by_role("button", name="Aanvulling plaatsen").click()
    expect(page.get_by_role("status").first).to_contain_text("Je aanvulling is bewaard.")
    expect(page.locator("h1")).to_contain_text("is afwezig, Noora vervangt")
    page.get_by_text("Melding intrekken").first.click()
    page.get_by_role("button", name="Melding intrekken").click()
    expect(page.get_by_role("status").first).to_contain_text("De melding is ingetrokken.")


def test_a_departure_is_posted_with_the_keyboard_alone(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "member")
    page.goto("/wijzigingen/nieuw")
    page.get_by_label("Opvolging").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("heading", name="Vertrek: ")).to_be_visible()
    assert page.evaluate("document.activeElement.value") == "vertrek"
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("01312027")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") != "TEXTAREA":
        page.keyboard.press("Tab")
    page.keyboard.type("Ik stop ermee.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Klopt het zo?")


def test_typed_text_is_kept_when_the_kind_changes(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "member")
    page.goto("/wijzigingen/nieuw?soort=vertrek")
    fill_in_a_departure(page, "Ik ben er even niet.")
    successor = page.get_by_label("Wie is de opvolger?").input_value()
    page.get_by_text("Iets anders melden").click()
    page.get_by_label("Afwezigheid").check()
    expect(page.get_by_role("heading", name="Afwezigheid: ")).to_be_visible()
    expect(page.get_by_label("Wat moeten de kernteams weten?")).to_have_value("Ik ben er even niet.")
    assert "niet" not in page.url
    expect(page.get_by_label("Wie vervangt?")).to_have_value(successor)
    page.get_by_label("Contactgegevens", exact=False).check()
    expect(page.get_by_label("Eerste dag")).to_be_visible()
    page.get_by_label("Afwezigheid").check()
    expect(page.get_by_label("Wat moeten de kernteams weten?")).to_have_value("Ik ben er even niet.")


def test_a_recipient_without_an_account_confirms_reading(
    browser: Browser, address: str, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "coordinator")
    link = mailed_link(page, "gezien")
    stranger = browser.new_context(base_url=address, locale="nl-NL").new_page()
    stranger.goto(link)
    stranger.get_by_role("button", name="Gezien").click()
    expect(stranger.get_by_role("status").first).to_contain_text("Je hebt dit gezien op")
    stranger.context.close()
    page.go_back()  # to the notice: other tests post some with the same title
    expect(page.locator("main")).to_contain_text("Gezien door 1 van")


def test_concurrent_changes_of_a_notice_lose_nothing(
    browser: Browser, address: str, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "coordinator")
    mailed_link(page, "gezien")
    page.goto("/wijzigingen")
    page.get_by_role("link", name="Nieuws van Altra").first.click()
    page.get_by_role("link", name="Melding wijzigen").click()
    other = browser.new_context(base_url=address, locale="nl-NL").new_page()
    sign_in(other, "coordinator")
    other.goto(page.url)
    for who, text in ((page, "De eerste tekst."), (other, "De tweede tekst.")):
        who.get_by_label("Wat moeten de kernteams weten?").fill(text)
        who.get_by_role("button", name="Wijziging opslaan").click()
    expect(other.locator("h1")).to_have_text("Iemand anders heeft dit net gewijzigd")
    expect(other.locator("main")).to_contain_text("De eerste tekst.")
    expect(other.get_by_label("Wat moeten de kernteams weten?")).to_have_value("De tweede tekst.")
    other.get_by_role("button", name="Wijziging opslaan").click()
    expect(other.locator("main")).to_contain_text("De tweede tekst.")
    other.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_choosing_a_new_colleague_shows_the_fields_of_the_name(page: Page, width: int, sign_in: SignIn) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, "member")
    page.goto("/wijzigingen/nieuw?soort=vertrek")
    expect(page.get_by_label("Voornaam")).not_to_be_visible()
    page.get_by_label("Wie is de opvolger?").select_option("nieuw")
    expect(page.get_by_label("Voornaam")).to_be_visible()
