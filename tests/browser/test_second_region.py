"""Kernen and meetings, in the region that has them: for eyes, ears, fingers and keyboards."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import inspections
from tests.browser.conftest import WINDOW, serving
from tests.browser.steps import sign_in_on_the_page
from tests.processes import copied, seeded_today, today
from tests.regions.conftest import BOLLENSTREEK

# In the demo 1 is the first meeting of Kern Hillegom; 6 becomes one of today.
PAGES = (
    "/kernen", "/kernen/hillegom", "/overleg", "/overleg/1", "/overleg/1/agenda",
    "/overleg/1/agenda/punt", "/overleg/1/draaiboek", "/overleg/1/wijzigen", "/overleg/6/verslag",
    "/overleg/9/agenda/casus", "/overleg/9/draaiboek", "/overleg/reeks/nieuw", "/beheer/overleg",
)  # fmt: skip


@pytest.fixture(scope="module")
def second_region(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A coordinator in a portal of the second region, where one meeting is today."""
    database = copied(seeded_today(BOLLENSTREEK), tmp_path_factory.mktemp("second") / "served")
    with sqlite3.connect(database) as rows:
        rows.execute("UPDATE meeting SET day = ? WHERE id = 6", [str(today())])
    with serving(database, REGION=BOLLENSTREEK) as address:
        page = browser.new_page(base_url=address, locale="nl-NL", viewport=WINDOW)
        page.add_init_script(inspections.AXE_ON_DEMAND)
        sign_in_on_the_page(page, "coordinator")
        yield page
        page.context.close()


@pytest.mark.parametrize("where", PAGES)
def test_a_page_of_kernen_and_meetings_passes_every_inspection(second_region: Page, where: str) -> None:
    second_region.set_viewport_size(WINDOW)
    second_region.goto(where)
    assert "bestaat niet" not in second_region.locator("h1").inner_text()
    assert inspections.inspect(second_region) == {}


def test_an_invited_person_answers_by_the_link_in_the_mail(second_region: Page) -> None:
    """The chair plans a series with clicks; the page behind the link passes every inspection."""
    page = second_region
    page.set_viewport_size(WINDOW)
    page.goto("/overleg/reeks/nieuw")
    page.get_by_label("Van wie is het overleg?").select_option(label="Kern Lisse")
    monday = today() + timedelta(weeks=10)
    page.get_by_label("Eerste dag").fill(monday.isoformat())
    page.get_by_label("Hoe vaak?").select_option(label="elke 4 weken")
    page.get_by_label("Laatste dag").fill((monday + timedelta(weeks=8)).isoformat())
    page.get_by_label("Begint om").fill("13:00")
    page.get_by_label("Eindigt om").fill("15:00")
    page.get_by_label("Waar is het?").fill("Bibliotheek")
    page.get_by_label("Wie leidt het overleg?").select_option(label="kwartiermaker")
    page.get_by_role("button", name="Maak de dagen").click()
    page.get_by_role("button", name="Plan en nodig uit").click()
    page.goto("/beheer/post")
    found = re.search(r"/overleg/antwoord/[\w.-]+", page.content())
    assert found
    page.goto(found[0])
    assert inspections.inspect(page) == {}
    page.set_viewport_size(WINDOW)
    page.goto(found[0])
    page.get_by_role("button", name="Ik kom", exact=True).click()
    expect(page.locator("main")).to_contain_text("Je antwoord: ik kom")
