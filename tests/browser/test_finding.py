"""Somebody finds whom to call, as they would: with a keyboard, a mouse, without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import with_and_without_javascript
from tests.browser.steps import type_a_question


def watch(page: Page) -> None:
    """Count how often the announced line gets a text."""
    page.evaluate(
        "window.said = []; new MutationObserver(() => {"
        "const t = document.getElementById('melding').textContent.trim();"
        "if (t) window.said.push(t)})"
        ".observe(document.getElementById('melding'), {childList: true})"
    )


def test_results_come_while_typing_and_the_focus_stays(page: Page) -> None:
    type_a_question(page, "camel", delay=40)
    expect(page.locator("#resultaten .list-row__title").first).to_have_text("Basisschool Camelot")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#resultaten .phone-link").first).to_have_attribute(
        "href", re.compile(r"^tel:\+31612345\d{3}$")
    )


def test_the_examples_come_back_on_a_telephone_when_nothing_is_found(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 720})
    page.goto("/?q=camelot")
    expect(page.locator("#voorbeelden")).to_be_hidden()
    page.locator("#q").fill("xqzx")
    expect(page.locator("#voorbeelden")).to_be_visible()


def test_ten_letters_in_a_second_ask_at_most_three_times(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "?q=" in r.url else None)
    type_a_question(page, "bennebroek", delay=80)
    expect(page.locator("#resultaten .list-row__title").first).to_have_text("Bennebroek")
    assert 1 <= len(asked) <= 3


def test_the_count_is_announced_once_per_pause_and_not_on_load(page: Page) -> None:
    page.goto("/?q=heem")
    watch(page)
    page.locator("#q").fill("camelo")
    expect(page.locator("#melding")).to_have_text("3 resultaten gevonden")
    assert page.evaluate("said") == ["3 resultaten gevonden"]
    page.locator("#q").fill("camelot")
    page.wait_for_function("() => said.length === 2")
    assert page.evaluate("said[1]") == "3 resultaten gevonden"


def test_a_slow_answer_never_replaces_a_newer_one(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route, request: Request) -> None:
        if "q=haarlem" in request.url and "hx-request" in request.headers:
            held.append(route)
        else:
            route.continue_()

    page.goto("/")
    page.route("**/?q=*", hold)
    with page.expect_request("**/?q=haarlem*"):
        page.locator("#q").fill("haarlem")
    page.locator("#q").fill("camelot")
    first = page.locator("#resultaten .list-row__title").first
    expect(first).to_have_text("Basisschool Camelot")
    (slow,) = held
    slow.fulfill(body="<ul id='resultaten'><li><a class='list-row__title'>Haarlem</a></li></ul>")
    page.wait_for_timeout(100)
    expect(first).to_have_text("Basisschool Camelot")


def test_the_address_follows_so_that_back_and_reload_work(page: Page) -> None:
    page.goto("/")
    page.locator("#q").fill("camelot")
    expect(page).to_have_url(re.compile(r"\?q=camelot$"))
    page.reload()
    expect(page.locator("#q")).to_have_value("camelot")
    expect(page.locator("#resultaten .list-row__title")).to_have_count(3)
    page.locator("#resultaten .list-row__title").first.click()
    expect(page.locator("h1")).to_have_text("Basisschool Camelot")
    page.go_back()
    expect(page.locator("main")).to_have_count(1)
    expect(page.locator("#resultaten .list-row__title")).to_have_count(3)
    expect(page.locator("#q")).to_have_value("camelot")


def test_a_search_leaves_nothing_in_the_browser(page: Page) -> None:
    page.goto("/")
    page.locator("#q").fill("camelot")
    expect(page.locator("#resultaten .list-row__title")).to_have_count(3)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.context.cookies() == []


def test_a_failed_search_is_announced(page: Page) -> None:
    page.goto("/")
    page.route("**/?q=*", lambda route: route.fulfill(status=503, body="weg"))
    page.locator("#q").fill("camelot")
    expect(page.locator("#melding")).to_contain_text("Dat lukte niet.")
    page.unroute("**/?q=*")
    page.context.clear_cookies()
    page.goto("/")


@with_and_without_javascript
def test_the_focus_goes_to_the_summary_of_errors(page: Page) -> None:
    page.goto("/?q=" + "x" * 101)
    expect(page.locator(".errors")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".errors a")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#q")


@with_and_without_javascript
def test_a_school_is_found_and_its_kernteam_read(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Zoek op school, plaats, naam, functie of nummer").fill("wim gertenbach")
    page.get_by_role("button", name="Zoeken").click()
    page.get_by_role("link", name="Wim Gertenbach College").click()
    expect(page.locator("h1")).to_have_text("Wim Gertenbach College")
    expect(page.locator(".team .contact").first).to_contain_text("CJG-coach")
    expect(page.locator(".team .phone-link").first).to_be_visible()


@with_and_without_javascript
def test_enter_submits_the_search(page: Page) -> None:
    page.goto("/")
    page.locator("#q").fill("bennebroek")
    page.keyboard.press("Enter")
    expect(page.locator("#resultaten .list-row__title").first).to_have_text("Bennebroek")


@with_and_without_javascript
def test_the_schools_are_filtered(page: Page, javascript: bool) -> None:
    page.goto("/")
    page.get_by_role("link", name="Scholen", exact=True).click()
    page.wait_for_load_state()  # a click ends where the answer begins, before a script hears of the choice
    page.get_by_label("Naam, straat of plaats").fill("heemstede")
    page.get_by_label("Gemeente").select_option("Heemstede")
    if not javascript:
        page.get_by_role("button", name="Toon scholen").click()
    expect(page.locator("#melding")).to_have_text("11 scholen")
    expect(page).to_have_url(re.compile("gemeente=heemstede"))


@with_and_without_javascript
@pytest.mark.parametrize("name", ["Haarlem", "Velsen"])
def test_a_municipality_is_chosen_without_typing(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator("h1")).to_have_text(f"Gemeente {name}")


@with_and_without_javascript
def test_leerplicht_for_a_pupil_from_hillegom_at_school_in_bennebroek_takes_three_steps(page: Page) -> None:
    type_a_question(page, "willinkschool")  # 1: search
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Willinkschool", exact=True).click()  # 2: open the school
    page.get_by_text("Andere woonplaats of dag").click()  # 3: tell where the pupil lives
    page.get_by_label("Andere plaats of postcode").fill("Hillegom")
    page.keyboard.press("Enter")
    card = page.locator("#leerplichtambtenaar")
    expect(card).to_contain_text("RBL Holland Rijnland")
    card.get_by_text("Meer over leerplichtambtenaar").click()
    expect(card).to_contain_text("Voor een leerling uit Hillegom is dat: RBL Holland Rijnland.")


@with_and_without_javascript
def test_leerplicht_for_hillegom_is_one_search(page: Page) -> None:
    type_a_question(page, "leerplicht hillegom")
    page.keyboard.press("Enter")
    expect(page.locator("#resultaten .contact").first).to_contain_text("RBL Holland Rijnland")


def test_choosing_a_municipality_leads_to_its_answer(page: Page) -> None:
    page.goto("/scholen/08vo00-jong-geleerd")
    page.get_by_text("Andere woonplaats of dag").click()
    page.locator("#woont").select_option("Haarlem")
    page.locator("#plaats").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#melding")).to_contain_text("voor een leerling uit Haarlem")
    # The rows whose answer depends on the residence.
    expect(page.locator("#melding")).to_contain_text("leerplichtambtenaar Leerplein, Bureau CAReL")
    expect(page.locator("#antwoord h2")).to_contain_text("Voor een leerling uit Haarlem, vandaag")
    expect(page.locator("#antwoord")).to_be_focused()
    expect(page.locator("#antwoord")).to_be_in_viewport()
    expect(page.get_by_label("Andere plaats of postcode")).not_to_be_visible()
    expect(page).to_have_url(re.compile("woont=haarlem"))


@with_and_without_javascript
def test_an_ambiguous_place_is_asked_and_the_focus_goes_there(page: Page) -> None:
    page.goto("/scholen/16lf00-basisschool-camelot")
    page.get_by_text("Andere woonplaats of dag").click()
    page.get_by_label("Andere plaats of postcode").fill("Spaarndam")
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator(".team .phone-link").first).to_be_visible()
    page.get_by_role("link", name="Spaarndam (gemeente Haarlemmermeer)").click()
    expect(page.locator("#leerplichtambtenaar")).to_contain_text("0900 1852")


@with_and_without_javascript
def test_another_day_is_asked_from_the_search_on(page: Page) -> None:
    page.goto("/")
    page.locator("#q").fill("camelot")
    page.get_by_text("Op een andere dag?").click()
    page.get_by_label("Op welke dag? (optioneel)").fill("2027-02-01")
    page.get_by_role("button", name="Zoeken").click()
    expect(page.locator("#resultaten .note")).to_contain_text("maandag 1 februari 2027")
    page.locator("#resultaten .list-row__title").first.click()
    expect(page.locator("#dag")).to_have_value("2027-02-01")
    page.get_by_role("link", name="Terug naar vandaag").click()
    expect(page.locator(".asked-day")).to_have_count(0)


def test_the_longest_municipality_fits_its_field(page: Page) -> None:
    """The longest name of a municipality, in the field that holds it, on a telephone and at a desk."""
    page.goto("/scholen/08vo00")
    page.get_by_text("Andere woonplaats of dag").click()
    for width in (320, 768, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        room = page.locator("#woont").evaluate(
            """field => {
              const style = getComputedStyle(field);
              const pen = document.createElement("canvas").getContext("2d");
              pen.font = style.font;
              const arrow = 20;
              const inner = field.clientWidth - 2 * parseFloat(style.paddingLeft) - arrow;
              return inner - pen.measureText(field.selectedOptions[0].text).width;
            }"""
        )
        assert room >= 0, width
