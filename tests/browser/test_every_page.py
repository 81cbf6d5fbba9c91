"""Every page in every state that it has: for eyes, ears, fingers and keyboards."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.config import ROOT
from tests.browser import inspections
from tests.browser.conftest import WINDOW
from tests.browser.steps import SignIn, add_app, ask, handled_link, mailed_link, sign_in_on_the_page
from tests.imports.files import ASKING
from tests.routes import ROUTES

# The address of every page in every state, and some more.
ADDRESSES = [address for route in ROUTES.values() for address in (*(route.states or ()), *route.also) if address]
# Addresses that give no page.
MACHINES = {
    "/healthz", "/readyz", "/.well-known/security.txt", "/manifest.webmanifest", "/opensearch.xml",
    "/beheer/import/<int:number>/niet-overgenomen.xlsx", "/beheer/verdeling.xlsx",
    "/organisatie/verdeling.xlsx",
    "/beheer/aanvragen/export.csv", "/beheer/spoor.csv", "/personen/<int:person>.vcf",
    "/account/gegevens.json", "/beheer/dekking.csv",
    "/scholen/<slug>/kernteam.vcf", "/aanvragen/volgen/<secret:key>/afspraak.ics",
}  # fmt: skip
# The buttons of the forms of which it is not "Bewaren".
SUBMIT = {
    "/klopt-niet/p1": "Meld",
    "/beheer/gemeld/{report}": "Antwoord",
    "/aanvragen/organisatie": "Aanvraag versturen",
    "/aanvragen/intervisie": "Aanvraag versturen",
    "/aanvragen/verwijsindex": "Aanvraag versturen",
    "followed": "Bericht toevoegen",
    "/beheer/aanvragen/3": "Sessie inplannen",
    "/beheer/aanvragen/aanbod/nieuw": "Aan de lijst toevoegen",
    "/inloggen": "Stuur mij een link",
    "/inloggen/code": "Inloggen met de code",
    "second-factor": "Verder met de code",
    "/account/tweede-stap/app": "App toevoegen",
    "/beheer/accounts": "Domein toevoegen",
    "/beheer/mensen/1/samenvoegen": "Verder",
    "/beheer/mensen/1/vergeten": "Voorgoed vergeten",
    "/account/gegevens": "Account stoppen",
    "/beheer/import/nieuw": "Bestand lezen",
    "/beheer/duo": "Bekijk het verschil",
    "/beheer/duo/verschil": "Toepassen",
    "/beheer/accounts/nieuw": "Uitnodiging versturen",
    "/beheer/vakanties/1/weg": "Weghalen",
    "/wijzigingen/nieuw?soort=vertrek": "Melding controleren",
    "/wijzigingen/4/wijzigen": "Wijziging opslaan",
    "/wijzigingen/1/aanvullen": "Aanvulling controleren",
}

# The field that is emptied before the form is sent.
EMPTIED = {"cleared": "Wat moeten de kernteams weten?", "emptied": "Eerste dag"}

# Other tests press as people do, which takes twice as long.
_PRESS = """
name => {
  const all = [...document.querySelectorAll('button')];
  const [button, ...others] = all.filter(e => e.checkVisibility() && e.innerText.includes(name));
  if (!button || others.length) throw new Error(`not one button: ${name}`);
  button.click();
}
"""


def visit(page: Page, address: str, sign_in: SignIn) -> None:
    """Go to an address of the list, as whom it says, and send the form where it says so."""
    *how, path = address.split(" ")
    for role in set(how) & {"reader", "member", "editor", "coordinator", "administrator"}:
        sign_in(page, role)
    for first in set(how) & set(BEFORE):
        BEFORE[first](page, sign_in)
    if "imported" in how:
        visit_import(page, path, sign_in, is_wrong="post" in how)
        return
    if path == "kept":
        page.goto("/inloggen/code")
        page.locator("input[name=csrf_token]").first.evaluate("e => e.value = 'niet meer goed'")
        page.get_by_role("button", name="Inloggen met de code").click()
        expect(page.locator("h1")).to_have_text("Je formulier is bewaard")
        return
    if path in ("gezien", "afmelden"):
        sign_in(page, "coordinator")
        page.goto(mailed_link(page, path))
        return
    if path == "saved":
        page.goto("/aanvragen/thema")
        page.get_by_label("Je e-mailadres op je werk").fill("a@school.example")
        page.get_by_role("button", name="Later verder").click()
        page.locator("main .note a").click()
        page.wait_for_load_state()
        return
    if path == "handled":
        page.goto(handled_link(page, sign_in))
        return
    if path == "asked":
        ask(page)
        page.wait_for_load_state()
        return
    if path in OPENED:
        OPENED[path](page)
        page.wait_for_load_state()  # a click ends where the answer begins
    else:
        page.goto(path)
    for label in (EMPTIED[word] for word in how if word in EMPTIED):
        page.get_by_label(label).fill("")
    if "post" in how:
        with page.expect_navigation():
            page.evaluate(_PRESS, SUBMIT.get(path, "Bewaren"))
        assert page.evaluate("document.querySelector('.errors')?.checkVisibility()")


def open_own_request(page: Page) -> None:
    """The first request of who is signed in."""
    page.goto("/aanvragen")
    page.locator(".section--personal a").first.click()


def open_report(page: Page) -> None:
    """Report something about somebody, and open the page that asks for the answer."""
    page.goto("/klopt-niet/p2")
    page.get_by_label("Iets anders").check()
    page.locator("textarea").fill("De werkdagen zijn anders.")
    page.get_by_role("button", name="Meld", exact=True).click()
    page.goto("/beheer/gemeld")
    page.locator("main .list a").first.click()


def open_second_factors(page: Page) -> None:
    """The second factors, of which there is at least one; adding one renews the session."""
    page.context.clear_cookies()
    sign_in_on_the_page(page, "coordinator")
    page.goto("/account/tweede-stap")
    if not page.get_by_role("heading", name="Dit heb je").is_visible():
        add_app(page)


def open_second_factor(page: Page) -> None:
    """The page that asks for a second factor, which the demo has for who goes there."""
    open_second_factors(page)
    page.goto("/inloggen/tweede-stap")


def open_paper_codes(page: Page) -> None:
    """Ten new codes to print."""
    open_second_factors(page)
    page.get_by_role("button", name="Maak tien codes").click()
    page.wait_for_url("**/codes")


# The pages that one finds by way of others.
OPENED: dict[str, Callable[[Page], object]] = {
    "followed": open_own_request, "/beheer/gemeld/{report}": open_report,
    "second-factor": open_second_factor, "second-factors": open_second_factors,
    "paper-codes": open_paper_codes,
}  # fmt: skip


def send_test_mail(page: Page, sign_in: SignIn) -> None:
    """Send a mail that stands in the outbox."""
    sign_in(page, "coordinator")
    page.goto("/beheer/post")
    page.get_by_role("button", name="Stuur mij een testmail").click()


def send_duo_file(page: Page, sign_in: SignIn) -> None:
    """Send an old file of DUO, without its last schools."""
    sign_in(page, "coordinator")
    page.goto("/beheer/duo")
    old = ROOT / "tests" / "seeding" / "duo_po_2019_region.csv"
    lines = old.read_bytes().splitlines(keepends=True)
    file: Any = {"name": "po.csv", "mimeType": "text/csv", "buffer": b"".join(lines[:60])}
    page.get_by_label("Bestand van DUO").set_input_files(file)
    page.get_by_role("button", name="Bekijk het verschil").click()
    page.wait_for_url("**/verschil")


BEFORE = {"mailed": send_test_mail, "sent": send_duo_file}


_unfinished: list[str] = []  # the number of an import that each step but the last one looks at


def start_import(page: Page, name: str) -> str:
    """Send a file with a person of this name; gives the number of its import."""
    page.goto("/beheer/import/nieuw")
    # A person whom no other step took over, at a school at which no other test looks.
    text = ASKING.replace("Bo Test", f"Bo {name.capitalize()}").replace("Camelot", "Al Ikhlaas")
    file: Any = {"name": "namen.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("Welk bestand?").set_input_files(file)
    page.get_by_label("Van wie komt dit bestand?").fill(name)  # of whom nothing is remembered
    page.get_by_role("button", name="Bestand lezen").click()
    page.wait_for_url("**/kolommen")
    return page.url.split("/")[-2]


def visit_import(page: Page, step: str, sign_in: SignIn, *, is_wrong: bool) -> None:
    """Go to a step of an import, and there make an error where that is asked."""
    sign_in(page, "coordinator")
    if step == "overgenomen" or not _unfinished:
        _unfinished.append(start_import(page, step))
    number = _unfinished[0] if step != "overgenomen" else _unfinished.pop()
    if step in ("overgenomen", "verschil"):
        page.goto(f"/beheer/import/{number}/kolommen")
        page.locator("select:visible").select_option("unused")
        page.get_by_role("button", name="Verder").click()
        page.wait_for_url("**/vragen")
    if step == "overgenomen":
        page.get_by_label("Overslaan").check()
        page.get_by_role("button", name="Bewaren en verder").click()
        page.get_by_role("button", name="Overnemen").click()
        expect(page.locator("h1")).to_have_text("namen.csv is overgenomen")
    pages = {"lijst": "", "overgenomen": f"/{number}"}
    page.goto("/beheer/import" + pages.get(step, f"/{number}/{step}"))
    if is_wrong:
        if step == "vragen":
            page.get_by_label("Iets anders, namelijk").check()
        page.locator("main button[type=submit]").last.click()
        expect(page.locator(".errors")).to_be_visible()


def test_every_page_has_its_states() -> None:
    rules = {name.removeprefix("GET "): route for name, route in ROUTES.items() if "GET" in name}
    assert {rule for rule, route in rules.items() if route.states is None} == MACHINES
    assert all(route.states is None for name, route in ROUTES.items() if "POST" in name)


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("where", ADDRESSES)
def test_a_page_passes_every_inspection(page: Page, where: str, sign_in: SignIn) -> None:
    """Layout shifts, axe in light and dark, the walk with Tab, a small telephone, zoom, large
    letters, fingers: all on one visit."""
    visit(page, where, sign_in)
    assert inspections.inspect(page) == {}


# Takes a form away from its end on, as a slow line would give it, and gives the fields that move by it.
_ARRIVE = """
() => {
  const parts = [...document.querySelectorAll('main :is(.filter, .question-form) :is(.field, .button)')];
  const place = part => { const {x, y} = part.getBoundingClientRect(); return `${x} ${y}` };
  const places = parts.map(place);
  const moved = new Set();
  const compare = count => parts.slice(0, count).forEach((part, number) => {
    if (place(part) !== places[number]) moved.add(part.innerText.slice(0, 40));
  });
  for (let last = parts.length - 1; last > 0; last--) {
    parts[last].querySelector('select')?.replaceChildren();
    compare(last + 1);
    parts[last].remove();
    compare(last);
  }
  return [parts.length > 2, [...moved]];
}
"""


@pytest.mark.parametrize(
    "where",
    [
        "/scholen?soort=xx&gemeente=yy", "/wijzigingen", "coordinator /beheer/mensen?ontbreekt=x",
        "coordinator /beheer/accounts?stand=x", "coordinator /beheer/dekking",
        "coordinator /beheer/verdeling?functie=zorgcoordinator&persoon=x",
    ],
)  # fmt: skip
def test_a_field_keeps_its_place_while_the_next_ones_arrive(page: Page, where: str, sign_in: SignIn) -> None:
    visit(page, where, sign_in)
    page.set_viewport_size({"width": 800, "height": 720})
    assert inspections.overflow(page) == []
    page.set_viewport_size(WINDOW)
    assert page.evaluate(_ARRIVE) == [True, []]


def test_the_first_tab_leads_past_the_menu(page: Page) -> None:
    page.goto("/scholen")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


def test_reduced_motion_stops_every_animation(page: Page) -> None:
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
    border = page.locator(".phone-link").first.evaluate("e => getComputedStyle(e).borderTopWidth")
    assert float(border.removesuffix("px")) >= 1


def test_a_printed_school_is_the_kernteam_without_the_menu(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/scholen/16lf00-basisschool-camelot")
    assert page.locator("h1").is_visible()
    assert page.locator(".team .contact").count() >= 8
    assert not page.get_by_label("Hoofdmenu").is_visible()
    assert not page.locator(".site-footer").is_visible()
