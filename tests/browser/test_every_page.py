"""Every page in every state that it has: for eyes, ears, fingers and keyboards."""

import re
import secrets

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import inspections

# Route: an address for each state, or None where it has no such state: it asks nothing, or always
# holds something. "role path" is for who is signed in with that role.
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
    "/personen/<int:person>": {"empty": None, "filled": "/personen/3", "error": "/personen/99999"},
    "/functies/<key>": {
        "empty": "/functies/directeur",
        "filled": "/functies/leerplichtambtenaar",
        "error": "/functies/niets",
    },
    "/wijzigingen": {
        "empty": "/wijzigingen?stand=archief&soort=vacature",
        "filled": "coordinator /wijzigingen",
        "error": None,
    },
    "/wijzigingen/<int:notice_id>": {
        "empty": "/wijzigingen/4",
        "filled": "coordinator /wijzigingen/1",
        "error": "/wijzigingen/999",
    },
    "/wijzigingen/nieuw": {
        "empty": "member /wijzigingen/nieuw",
        "filled": "coordinator /wijzigingen/nieuw?soort=nieuwe-collega",
        "error": "member post /wijzigingen/nieuw?soort=vertrek",
    },
    "/wijzigingen/<int:notice_id>/wijzigen": {
        "empty": None,
        "filled": "coordinator /wijzigingen/1/wijzigen",
        "error": "coordinator cleared post /wijzigingen/1/wijzigen",
    },
    "/wijzigingen/mail": {
        "empty": "coordinator /wijzigingen/mail",
        "filled": "member /wijzigingen/mail",
        "error": None,
    },
    "/wijzigingen/gezien/<token>": {
        "empty": None, "filled": "gezien", "error": "/wijzigingen/gezien/x",
    },
    "/wijzigingen/afmelden/<token>": {
        "empty": None, "filled": "afmelden", "error": "/wijzigingen/afmelden/x",
    },
    "/aanvragen": {"empty": "/aanvragen", "filled": "reader /aanvragen", "error": None},
    "/aanvragen/<slug>": {
        "empty": "/aanvragen/thema",
        "filled": "member /aanvragen/verwijsindex?school=16LF00",
        "error": "post /aanvragen/organisatie",
    },
    "/aanvragen/verstuurd/<form_key>": {
        "empty": None, "filled": "asked", "error": "/aanvragen/verstuurd/x",
    },
    "/aanvragen/volgen/<key>": {
        "empty": None, "filled": "reader followed", "error": "reader post followed",
    },
    "/beheer/aanvragen": {
        "empty": "coordinator /beheer/aanvragen?gemeente=velsen&soort=verwijsindex",
        "filled": "coordinator /beheer/aanvragen?staat=alle",
        "error": "coordinator /beheer/aanvragen?staat=x",
    },
    "/beheer/aanvragen/<int:number>": {
        "empty": None,
        "filled": "coordinator /beheer/aanvragen/1",
        "error": "coordinator post /beheer/aanvragen/2",
    },
    "/beheer/aanvragen/overzicht": {
        "empty": None,
        "filled": "coordinator /beheer/aanvragen/overzicht",
        "error": "coordinator /beheer/aanvragen/overzicht?schooljaar=1999",
    },
    "/beheer/aanvragen/aanbod": {
        "empty": None, "filled": "coordinator /beheer/aanvragen/aanbod", "error": None,
    },
    "/beheer/aanvragen/aanbod/nieuw": {
        "empty": "coordinator /beheer/aanvragen/aanbod/nieuw",
        "filled": None,
        "error": "coordinator post /beheer/aanvragen/aanbod/nieuw",
    },
    "/beheer/aanvragen/aanbod/<int:subject_id>": {
        "empty": None,
        "filled": "coordinator /beheer/aanvragen/aanbod/3",
        "error": "coordinator /beheer/aanvragen/aanbod/999",
    },
    "/beheer/aanvragen/postvakken": {
        "empty": None, "filled": "coordinator /beheer/aanvragen/postvakken", "error": None,
    },
    "/routeboek": {"empty": None, "filled": "/routeboek", "error": None},
    "/routeboek/<slug>": {
        "empty": None,
        "filled": "/routeboek/veilig-thuis-en-meldcode",
        "error": "/routeboek/bestaat-niet",
    },
    "/routeboek/alles": {"empty": None, "filled": "/routeboek/alles", "error": None},
    "/routeboek/woorden": {"empty": None, "filled": "/routeboek/woorden", "error": None},
    "/routeboek/verzuimkaart": {
        "empty": "/routeboek/verzuimkaart",
        "filled": "/routeboek/verzuimkaart?wat=weg&uren=16,5&eerste=2026-09-28"
        "&school=16lf00-basisschool-camelot&plaats=hillegom",
        "error": "/routeboek/verzuimkaart?wat=vakantie&eerste=&laatste=&werk=&eerder=",
    },
    "/routeboek/intelligentieonderzoek": {
        "empty": "/routeboek/intelligentieonderzoek",
        "filled": "/routeboek/intelligentieonderzoek?problemen=ja&nodig=ja&ouders=nee"
        "&school=16lf00-basisschool-camelot",
        "error": "/routeboek/intelligentieonderzoek?problemen=",
    },
    "/routeboek/tweede-deskundige": {
        "empty": "/routeboek/tweede-deskundige",
        "filled": "/routeboek/tweede-deskundige?eerste=jeugdarts&tweede=cjg-coach&betrokken=nee"
        "&school=16lf00-basisschool-camelot",
        "error": "/routeboek/tweede-deskundige?eerste=",
    },
    "/routeboek/zorgen-over-veiligheid": {
        "empty": "/routeboek/zorgen-over-veiligheid",
        "filled": "/routeboek/zorgen-over-veiligheid?school=16lf00-basisschool-camelot",
        "error": "/routeboek/zorgen-over-veiligheid?school=x&woont=",
    },
    "/routeboek/schooltekst": {"empty": None, "filled": "/routeboek/schooltekst", "error": None},
    "/scholen/<slug>/poster": {
        "empty": "/scholen/20dg00-gymnasium-felisenum/poster",
        "filled": "/scholen/16lf00-basisschool-camelot/poster",
        "error": "/scholen/99zz99/poster",
    },
    "/scholen/<slug>/poster/<day>": {
        "empty": "/scholen/20dg00/poster/2026-11-01",
        "filled": "/scholen/08vo00/poster/2025-10-01",
        "error": "/scholen/16lf00/poster/morgen",
    },
    "/privacy": {"empty": None, "filled": "/privacy", "error": None},
    "/toegankelijkheid": {"empty": None, "filled": "/toegankelijkheid", "error": None},
    "/inloggen": {"empty": "/inloggen", "filled": None, "error": "post /inloggen"},
    "/inloggen/code": {"empty": "/inloggen/code", "filled": None, "error": "post /inloggen/code"},
    "/inloggen/link/<token>": {"empty": None, "filled": None, "error": "/inloggen/link/x"},
    "/eerste-keer/<token>": {"empty": None, "filled": None, "error": "/eerste-keer/x"},
    "/verder/<int:form_id>": {"empty": None, "filled": "kept", "error": "/verder/999"},
    "/account": {"empty": None, "filled": "member /account", "error": None},
    "/beheer": {"empty": None, "filled": "coordinator /beheer", "error": "reader /beheer"},
    "/beheer/post": {
        "empty": "coordinator /beheer/post", "filled": "mailed /beheer/post", "error": None,
    },
    "/beheer/accounts": {
        "empty": None,
        "filled": "coordinator /beheer/accounts",
        "error": "coordinator post /beheer/accounts",
    },
    "/beheer/accounts/nieuw": {
        "empty": "coordinator /beheer/accounts/nieuw",
        "filled": None,
        "error": "coordinator post /beheer/accounts/nieuw",
    },
    "/beheer/accounts/<int:account_id>": {
        "empty": None,
        "filled": "coordinator /beheer/accounts/1",
        "error": "coordinator /beheer/accounts/999",
    },
}  # fmt: skip
MACHINES = {
    "/healthz", "/readyz", "/beheer/aanvragen/export.csv", "/personen/<int:person>.vcf",
    "/scholen/<slug>/kernteam.vcf", "/aanvragen/volgen/<key>/afspraak.ics",
}  # fmt: skip
EXTRA = [
    "/aanvragen/intervisie",
    "post /aanvragen/intervisie",
    "/aanvragen/kernteam",
    "post /aanvragen/verwijsindex",
    "coordinator /beheer/aanvragen/3",
    "/routeboek/verzuim?voor=vo",
    "/routeboek/verzuimkaart?wat=te-laat&keer=13&school=20dg00-gymnasium-felisenum",
    "/scholen/16lf00-basisschool-camelot/poster?voor=team",
    "/?q=meldcode",
    "member /routeboek/verzuimkaart?wat=ziek",
    "member /",
    "/scholen/99zz99-niets",
    "/scholen/08vo00-jong-geleerd?woont=haarlem&dag=2027-03-01",
    "/?q=camelot&dag=2027-02-01",
    "/?q=camelot&dag=gisteren",
    "/?q=qqqqqqqq",
    "/?q=spaarndam",
    "/?q=camelott",
    "/?q=leerplicht",
    "coordinator /wijzigingen/nieuw?soort=organisatie",
    "member /wijzigingen/nieuw?soort=contactgegevens",
]
ADDRESSES = [path for states in STATES.values() for path in states.values() if path] + EXTRA
SUBMIT = {
    "/aanvragen/organisatie": "Aanvraag versturen",
    "/aanvragen/intervisie": "Aanvraag versturen",
    "/aanvragen/verwijsindex": "Aanvraag versturen",
    "followed": "Bericht toevoegen",
    "/beheer/aanvragen/2": "Sessie inplannen",
    "/beheer/aanvragen/aanbod/nieuw": "Aan de lijst toevoegen",
    "/inloggen": "Stuur mij een link",
    "/inloggen/code": "Inloggen met de code",
    "/beheer/accounts": "Domein toevoegen",
    "/beheer/accounts/nieuw": "Uitnodiging versturen",
    "/wijzigingen/nieuw?soort=vertrek": "Melding controleren",
    "/wijzigingen/1/wijzigen": "Wijziging opslaan",
}


def visit(page: Page, address: str) -> None:
    """Go to an address of the table, as whom it says, and send the form where it says so."""
    *how, path = address.split(" ")
    for role in set(how) & {"reader", "member", "coordinator"}:
        sign_in(page, role)
    if "mailed" in how:
        sign_in(page, "coordinator")
        page.goto("/beheer/post")
        page.get_by_role("button", name="Stuur mij een testmail").click()
    if path == "kept":
        page.goto("/inloggen/code")
        page.locator("input[name=csrf_token]").first.evaluate("e => e.value = 'niet meer goed'")
        page.get_by_role("button", name="Inloggen met de code").click()
        expect(page.locator("h1")).to_have_text("Je formulier is bewaard")
        return
    if path in ("gezien", "afmelden"):
        page.goto(mailed_link(page, path))
        return
    if path == "asked":
        ask(page)
        return
    if path == "followed":
        page.goto("/aanvragen")
        page.locator(".mine a").first.click()
    else:
        page.goto(path)
    if "cleared" in how:
        page.get_by_label("Wat moeten de kernteams weten?").fill("")
    if "post" in how:
        page.get_by_role("button", name=SUBMIT[path]).click()
        expect(page.locator(".errors")).to_be_visible()


def mailed_link(page: Page, purpose: str) -> str:
    """A link out of a mail about a notice; posts one first."""
    sign_in(page, "coordinator")
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


def sign_in(page: Page, role: str) -> None:
    """Be somebody of the demo."""
    labels = {"reader": "Lezer", "member": "Kernteamlid", "coordinator": "Coördinator"}
    page.goto("/inloggen")
    page.get_by_role("button", name=labels[role]).click()
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()


def test_every_route_has_a_cell_for_every_state(app: Flask) -> None:
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert set(STATES) == pages - MACHINES
    assert all(set(states) == {"empty", "filled", "error"} for states in STATES.values())


@pytest.mark.parametrize("where", ADDRESSES)
def test_a_page_is_for_every_eye_ear_finger_and_keyboard(page: Page, where: str) -> None:
    """Axe in light and dark, the walk with Tab, a small telephone, zoom, large letters, fingers.

    All on one visit, because each visit may have to sign in first.
    """
    visit(page, where)
    found = {"axe": inspections.accessibility(page), "keyboard": inspections.keyboard(page)}
    for width, height in ((320, 256), (640, 512)):
        page.set_viewport_size({"width": width, "height": height})
        found[f"{width} px wide"] = inspections.overflow(page)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found[f"fingers at {width} px"] = inspections.small_targets(page)
    page.set_viewport_size({"width": 640, "height": 512})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found["large letters"] = inspections.overflow(page)
    assert {check: faults for check, faults in found.items() if faults} == {}


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
