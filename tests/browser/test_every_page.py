"""Every page in every state that it has: for eyes, ears, fingers and keyboards."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from tests.browser import inspect

# Route: an address for each state, or why it has none.
NO_INPUT = "asks nothing"
ALWAYS = "is never empty: the region has schools, places and roles"
STATES = {
    "/": {"empty": "/", "filled": "/?q=haarlem", "error": "/?q=" + "x" * 101},
    "/scholen": {
        "empty": "/scholen?soort=so&gemeente=velsen",
        "filled": "/scholen?gemeente=heemstede",
        "error": "/scholen?soort=xx&gemeente=yy",
    },
    "/scholen/<slug>": {
        "empty": "/scholen/20dg00-gymnasium-felisenum",
        "filled": "/scholen/16lf00-basisschool-camelot",
        "error": "/scholen/16lf00-basisschool-camelot?plaats=spaarndam&dag=morgen",
    },
    "/gemeenten/<slug>": {
        "empty": "/gemeenten/amsterdam",
        "filled": "/gemeenten/haarlem",
        "error": "/gemeenten/nergens",
    },
    "/personen/<int:person>": {
        "empty": None,
        "filled": "/personen/3",
        "error": "/personen/99999",
    },
    "/functies/<key>": {
        "empty": "/functies/directeur",
        "filled": "/functies/leerplichtambtenaar",
        "error": "/functies/niets",
    },
    "/privacy": {"empty": None, "filled": "/privacy", "error": None},
    "/toegankelijkheid": {"empty": None, "filled": "/toegankelijkheid", "error": None},
}
EXTRA = [
    "/scholen/99zz99-niets",
    "/scholen/08vo00-jong-geleerd?woont=haarlem&dag=2027-03-01",
    "/?q=camelot&dag=2027-02-01",
    "/?q=camelot&dag=gisteren",
    "/?q=qqqqqqqq",
    "/?q=spaarndam",
    "/?q=camelott",
    "/?q=leerplicht",
]
ADDRESSES = [path for states in STATES.values() for path in states.values() if path] + EXTRA


def test_every_route_has_a_cell_for_every_state(app: Flask) -> None:
    assert set(STATES) == {rule.rule for rule in app.url_map.iter_rules()}
    assert all(set(states) == {"empty", "filled", "error"} for states in STATES.values())


@pytest.mark.parametrize("path", ADDRESSES)
def test_axe_finds_nothing(page: Page, path: str) -> None:
    page.goto(path)
    assert inspect.accessibility(page) == []


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_keyboard_reaches_everything(page: Page, path: str) -> None:
    page.goto(path)
    assert inspect.keyboard(page) == []


@pytest.mark.parametrize("path", ADDRESSES)
def test_nothing_is_wider_than_a_small_telephone(page: Page, path: str) -> None:
    for width, height in ((320, 256), (640, 512)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path)
        assert inspect.overflow(page) == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert inspect.overflow(page) == []


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("width", [320, 1280])
def test_a_finger_hits_what_it_aims_at(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    assert inspect.small_targets(page) == []


def test_the_first_tab_leads_past_the_menu(page: Page) -> None:
    page.goto("/scholen")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


def test_nothing_moves_for_who_wants_that(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/?q=camelot")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => {const s = getComputedStyle(e);"
        "return parseFloat(s.transitionDuration) > .01 || parseFloat(s.animationDuration) > .01})"
        ".length"
    )
    assert moving == 0


def test_numbers_keep_a_border_in_forced_colours(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/scholen/16lf00-basisschool-camelot")
    border = page.locator(".tel").first.evaluate("e => getComputedStyle(e).borderTopWidth")
    assert float(border.removesuffix("px")) >= 1


def test_a_printed_school_is_the_kernteam_without_the_menu(context: BrowserContext) -> None:
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto("/scholen/16lf00-basisschool-camelot")
    assert page.locator("h1").is_visible()
    assert page.locator(".card").count() >= 8
    assert not page.locator("nav").is_visible()
    assert not page.locator(".bottom").is_visible()
