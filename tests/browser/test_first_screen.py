"""The number stands first: measured for every school of the demo, and while typing."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, ViewportSize, expect

from tests.browser.steps import SignIn, type_a_question
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient

SATURDAY = TODAY + timedelta(5)

# In px: the top of the first number, the bottom of the last one, of the rows and of the page; its width.
_MEASURE = """
() => {
  const rows = document.querySelector('.team').getBoundingClientRect();
  const numbers = [...document.querySelectorAll('.team .contact__number')];
  return [
    numbers[0].getBoundingClientRect().top, numbers.at(-1).getBoundingClientRect().bottom,
    rows.bottom, document.documentElement.scrollHeight, document.documentElement.scrollWidth,
  ].map(Math.round);
}
"""
_KEEP = "html => (window.bodies ??= []).push(new DOMParser().parseFromString(html, 'text/html').body)"
_SHOW = f"bodies.map(body => {{ document.body.replaceWith(body); return ({_MEASURE})(); }})"
_TELEPHONE: ViewportSize = {"width": 360, "height": 740}
_DESK: ViewportSize = {"width": 1280, "height": 900}


def _faults(path: str, telephone: list[int], desk: list[int]) -> list[str]:
    first, last, _, height, width = telephone
    found = []
    if first > 420 or last > 2.5 * 740 or height > 2600 or width > 360 or desk[4] > 1280:
        found.append(f"{path}: first {first}, last {last}, page {height}, {width} px wide")
    if desk[2] > 900:
        found.append(f"{path}: kernteam down to {desk[2]} at a desk")
    return found


def test_every_school_begins_with_its_numbers(page: Page, client: CheckedClient) -> None:
    """On a telephone the first number stands in the first screen and all within two and a half; at
    a desk the whole kernteam is seen without scrolling. On a Saturday, when the rows are longest:
    each says when somebody works again. The bodies of all schools are shown one after the other in
    the page of one, because going to a page costs ten times as much as measuring it; one of each
    sector is loaded too, with its scripts."""
    page.goto("/scholen")
    paths = page.locator("#scholen .list-row__title").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(paths) == 114
    page.goto(paths[0])
    with stopped_at(SATURDAY):
        for path in paths:
            page.evaluate(_KEEP, client.get(path).text)
    measured = []
    for window in (_TELEPHONE, _DESK):
        page.set_viewport_size(window)
        measured.append(page.evaluate(_SHOW))
    assert [fault for result in zip(paths, *measured, strict=True) for fault in _faults(*result)] == []

    def answer(route: Route) -> None:
        with stopped_at(SATURDAY):
            route.fulfill(body=client.get(urlsplit(route.request.url).path).text, content_type="text/html")

    page.route("**/scholen/**", answer)
    for sector in ("po", "so", "vo"):
        path = re.findall(r'list-row__title" href="(/scholen/[^"]+)', client.get(f"/scholen?soort={sector}").text)[0]
        loaded = []
        for window in (_TELEPHONE, _DESK):
            page.set_viewport_size(window)
            page.goto(path)
            loaded.append(page.evaluate(_MEASURE))
        assert _faults(path, *loaded) == []
        assert loaded == [m[paths.index(path)] for m in measured]


def test_the_bar_is_one_line_and_the_demo_says_so_in_one(page: Page) -> None:
    page.goto("/scholen")
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        bar = page.locator(".bar nav").bounding_box()
        demo = page.locator(".demo-bar").bounding_box()
        assert bar
        assert demo
        assert bar["height"] <= 64
        assert demo["height"] <= 32


def test_the_first_number_stands_above_the_keyboard_while_typing(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    type_a_question(page, "camel")
    number = page.locator("#resultaten .phone-link").first
    expect(number).to_be_visible()
    box = number.bounding_box()
    assert box
    assert box["y"] <= 400


def test_arrows_walk_through_the_results_and_escape_clears(page: Page) -> None:
    page.goto("/?q=camelot")
    titles = page.locator("#resultaten .list-row__title")
    page.locator("#q").focus()
    page.keyboard.press("ArrowDown")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_value("")
    expect(page.get_by_role("heading", name="Per gemeente")).to_be_visible()


def test_enter_opens_the_first_result_of_what_stands_in_the_box(page: Page) -> None:
    type_a_question(page, "camelot")
    expect(page.locator("#resultaten .list-row__title").first).to_have_text("Basisschool Camelot")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Basisschool Camelot")


def test_the_menu_opens_on_a_telephone(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "coordinator")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/scholen")
    expect(page.get_by_role("link", name="Routeboek")).not_to_be_visible()
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Routeboek").click()
    expect(page.locator("h1")).to_have_text("Routeboek")


def test_a_folded_filter_says_what_is_chosen(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/scholen?gemeente=heemstede")
    line = page.locator(".filter summary")
    expect(line).to_have_text("Filter: Heemstede")
    line.click()
    page.get_by_label("Soort onderwijs").select_option("voortgezet onderwijs")
    expect(line).to_have_text("Filter: voortgezet onderwijs, Heemstede")
    expect(page).to_have_url(re.compile("soort=vo"))


def test_the_page_of_the_parts_is_photographed(page: Page) -> None:
    """In light and dark, at a telephone and a desk."""
    page.goto("/stijl")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert len(page.screenshot(full_page=True)) > 20_000
