"""Readers of the guide use its chapters and tools with a mouse, with keys and on paper."""

import re
from itertools import product

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import with_and_without_javascript
from tests.browser.steps import SignIn

CAMELOT = "16lf00-basisschool-camelot"


@with_and_without_javascript
def test_a_word_leads_to_its_meaning_and_back(page: Page) -> None:
    page.goto("/routeboek/wat-doet-de-coach")
    page.get_by_role("link", name="JOP", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#woord-jop$"))
    expect(page.locator("#woord-jop")).to_be_in_viewport()
    page.get_by_role("link", name="Terug naar JOP").click()
    expect(page.locator("#bij-jop")).to_be_in_viewport()


@with_and_without_javascript
def test_a_choice_for_vo_is_remembered(page: Page) -> None:
    page.goto("/routeboek/wat-is-een-kernteam")
    page.get_by_role("link", name="Alleen VO").click()
    page.get_by_role("link", name="Wie doet wat in het kernteam?").first.click()
    expect(page.locator("h1")).to_have_text("Wie doet wat in het kernteam?")
    expect(page.locator(".segments [aria-current]")).to_have_text("Alleen VO")
    expect(page.locator("article")).to_contain_text("zorgcoördinator")
    expect(page.locator("article")).not_to_contain_text("De intern begeleider")


def test_the_next_button_leads_to_the_next_chapter(page: Page) -> None:
    page.goto("/routeboek")
    title = page.locator(".list--numbered .list-row__title").nth(1).inner_text()
    page.locator(".list--numbered .list-row__title").first.click()
    page.locator("a[rel=next]").click()
    expect(page.locator("h1")).to_have_text(title)


@with_and_without_javascript
def test_thirteen_times_too_late_ends_in_the_number_of_leerplicht(page: Page) -> None:
    """From the search box, without knowing where it is: five clicks, and typing."""
    page.goto("/")
    page.get_by_label("Zoek op school, plaats, naam, functie of nummer").fill("te laat")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Verzuimkaart", exact=True).click()  # 1
    page.get_by_role("link", name="Te laat De leerling komt te laat op school.").click()  # 2
    page.get_by_label("Hoe vaak was de leerling te laat?").fill("13")
    page.get_by_label("Welke school? (optioneel)").select_option(CAMELOT)  # 3
    page.get_by_label("Waar woont de leerling?").select_option("Haarlemmermeer")  # 4
    page.get_by_role("button", name="Bekijk wat je moet doen").click()  # 5
    expect(page.locator("#antwoord h2").first).to_have_text("13 keer te laat: meld het bij leerplicht.")
    expect(page.locator("#antwoord h2").first).to_be_in_viewport()
    expect(page.locator("#leerplichtambtenaar")).to_contain_text("0900 1852")


@with_and_without_javascript
def test_a_tool_opened_from_a_school_knows_the_school(page: Page) -> None:
    page.goto(f"/scholen/{CAMELOT}")
    page.get_by_role("link", name="Verzuimkaart", exact=True).click()  # 1
    page.get_by_role("link", name="Ziek De ouders melden de leerling ziek.").click()  # 2
    expect(page.locator("#jeugdarts .phone-link").first).to_be_visible()


def test_the_safety_tool_shows_numbers_and_sends_no_choice(page: Page) -> None:
    page.goto(f"/scholen/{CAMELOT}")
    page.get_by_role("link", name="Zorgen over veiligheid").click()  # 1
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_text("Er zijn problemen en het gezin wil hulp").click()  # 2
    expect(page.locator("details[open] .phone-link").first).to_be_visible()
    page.get_by_text("Ik twijfel of ik moet melden").click()
    expect(page.locator("details[open][name=antwoord]")).to_have_count(1)
    assert asked == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_printed_answer_says_what_was_asked(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto(f"/routeboek/verzuimkaart?wat=te-laat&keer=13&school={CAMELOT}")
    expect(page.locator(".filled-in")).to_contain_text("te laat: 13")
    expect(page.locator(".filled-in")).to_contain_text("Basisschool Camelot, Haarlem")
    expect(page.locator(".question-form")).to_be_hidden()
    expect(page.locator(".tool-choice")).to_be_hidden()


def test_a_printed_chapter_is_the_text_and_its_source(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/routeboek/verzuim")
    for hidden in (".toc", ".segments", ".pager", ".bar", ".site-footer"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".facts--source")).to_be_visible()
    expect(page.locator(".print-only")).to_be_visible()


# Usual; nine roles and a long name; the longest name; the most text.
POSTER_SCHOOLS = [CAMELOT, "16ts07", "14ag00", "05bc00"]


@pytest.mark.parametrize(
    ("school", "variant"),
    [*product(POSTER_SCHOOLS, ("", "?voor=team")), ("16ts07", "?voor=team&formaat=a3"), ("05bc00", "?formaat=a3")],
)
def test_a_poster_fills_one_sheet(page: Page, school: str, variant: str) -> None:
    page.goto(f"/scholen/{school}/poster{variant}")
    expect(page.locator(".poster .qr-code")).to_be_visible()
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    is_a3 = "a3" in variant
    assert (b"/MediaBox [0 0 84" if is_a3 else b"/MediaBox [0 0 59") in sheet
    page.emulate_media(media="print")
    size: ViewportSize = {"width": 1032, "height": 1496} if is_a3 else {"width": 703, "height": 1032}
    page.set_viewport_size(size)  # within the margins
    box = page.locator(".poster").bounding_box()
    assert box
    assert box["height"] >= 0.9 * size["height"]


@pytest.mark.parametrize(("path", "most"), [("handboek/portal-ligt-eruit", 1), ("gezien/meldblad", 2)])
def test_a_sheet_for_a_bad_day_is_short(page: Page, sign_in: SignIn, path: str, most: int) -> None:
    sign_in(page, "coordinator")
    page.goto(f"/beheer/{path}")
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) <= most


def test_the_text_for_the_school_is_copied_with_one_button(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/routeboek/schooltekst?voor=po")
    page.get_by_role("button", name="Tekst kopiëren (PO)").click()
    expect(page.get_by_role("status")).to_have_text("Gekopieerd.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Op onze school werken we met een kernteam.")
    assert "meldcode" in copied


def test_without_a_clipboard_the_text_is_selected(page: Page) -> None:
    page.goto("/routeboek/schooltekst?voor=vo")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Tekst kopiëren (VO)").click()
    expect(page.get_by_role("status")).to_contain_text("De tekst is geselecteerd.")
    assert "mentor" in page.evaluate("getSelection().toString()")


@with_and_without_javascript
def test_without_javascript_there_is_no_button_that_does_nothing(page: Page, javascript: bool) -> None:
    for address, button in (
        ("/routeboek/schooltekst", "Tekst kopiëren (PO)"),
        (f"/scholen/{CAMELOT}", "Kopieer kernteam"),
        (f"/scholen/{CAMELOT}/poster", "Poster afdrukken"),
    ):
        page.goto(address)
        expect(page.get_by_role("button", name=button)).to_have_count(1 if javascript else 0)
