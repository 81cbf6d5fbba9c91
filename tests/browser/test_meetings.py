"""A chair's half-year in a browser: a series is planned, a school adds to the agenda, the agenda
goes out by mail, the run sheet is printed, and the evaluation comes up."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server as serve

from portal.accounts.models import Account
from portal.database import connection, db, open_database
from portal.mail.sending_and_retries import deliver_due
from portal.region import choose_region
from tests.browser.conftest import WINDOW
from tests.browser.steps import sign_in_on_the_page
from tests.clock import stopped_at
from tests.conftest import config, copied, make_app
from tests.factories import CAMELOT, make_assignment, make_detail, make_person
from tests.mail.fixtures import MakeServer
from tests.mail.postbox import Postbox
from tests.meetings.conftest import Town, with_meetings

Open = Callable[[str, str], Page]


@pytest.fixture
def town(seeded: Path, tmp_path: Path) -> Iterator[Town]:
    """A portal with meetings in this process, so that its clock can be moved; the director of a
    school signs in as the reader, its intern begeleider as the editor."""
    database = copied(seeded, tmp_path)
    settings = with_meetings(database)
    app = make_app(settings)
    choose_region(settings.region)
    open_database(settings.database_url)
    town = Town(app)
    with connection():
        helper = make_person("Iris", "Intern")
        make_assignment(helper, "intern-begeleider")
        make_detail(helper, "iris@school.example", "email")
        Account.update(person=helper).where(Account.role == "editor").execute()
    yield town
    db.close()
    choose_region(config(database).region)


@pytest.fixture
def go(browser: Browser, town: Town) -> Iterator[Open]:
    """Opens an address as somebody, on a telephone."""
    server = serve("127.0.0.1", 0, town.portal, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    context = browser.new_context(base_url=address, locale="nl-NL")
    page = context.new_page()

    def go(role: str, address: str) -> Page:
        context.clear_cookies()
        page.set_viewport_size(WINDOW)
        sign_in_on_the_page(page, role)
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(address)
        return page

    yield go
    context.close()
    server.shutdown()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_half_year_of_meetings(town: Town, go: Open, postbox: Postbox, make_server: MakeServer) -> None:
    def work() -> list[str]:
        """The mails of the worker at this moment, with their recipients."""
        postbox.letters.clear()
        town.run()
        with connection():
            while deliver_due(make_server()):
                pass
        return [f"{letter.message['subject']} {letter.recipients[0]}" for letter in postbox.letters]

    page = go("reader", "/overleg")
    press(page, "Maak een adres")
    expect(page.get_by_text("/overleg/feed/")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("link", name="Overleg plannen").click()
    page.get_by_label("Van wie is het overleg?").select_option(CAMELOT)
    page.get_by_label("Eerste dag").fill("2027-01-14")
    page.get_by_label("Hoe vaak?").select_option("elke 2 weken")
    page.get_by_label("Laatste dag").fill("2027-07-01")
    page.get_by_label("Begint om").fill("15:00")
    page.get_by_label("Eindigt om").fill("16:30")
    page.get_by_label("Waar is het?").fill("De teamkamer")
    page.get_by_label("Wie leidt het overleg?").select_option("directeur")
    press(page, "Maak de dagen")
    expect(page.get_by_text("Overgeslagen, want dan is er geen school")).to_be_visible()
    days = page.locator("[name=dag]")
    number = days.count()
    days.nth(1).fill("2027-01-29")  # moved by hand
    days.nth(2).fill("")
    press(page, "Plan en nodig uit")
    expect(page.get_by_text(f"{number - 1} overleggen gepland.")).to_be_visible()
    assert len([mail for mail in work() if "dirk@school.example" in mail]) == number - 1

    page = go("editor", "/overleg")
    page.get_by_role("link", name="Donderdag 14 januari 2027").click()
    address = page.url
    press(page, "Ik kom")
    page.get_by_role("link", name="Agenda", exact=True).click()
    page.get_by_role("link", name="Casus toevoegen").click()
    page.get_by_label("eerste bespreking").check()
    press(page, "Bewaren")
    expect(page.get_by_text("Casus 1, eerste bespreking", exact=True)).to_be_visible()

    with stopped_at("2027-01-07 16:00:00"):  # five o'clock in Amsterdam, a week before
        mailed = work()
        assert "Agenda: overleg Basisschool Camelot op 14-1-2027 dirk@school.example" in mailed
        page = go("reader", f"{address}/draaiboek")
        paper = page.pdf(format="A4")
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2

    with stopped_at("2027-01-15 09:00:00"):
        assert "Terugblik: overleg Basisschool Camelot op 14-1-2027 dirk@school.example" in work()
        page = go("reader", f"{address}/verslag")
        expect(page.get_by_label("Iris Intern, intern begeleider")).to_be_checked()
        page.get_by_label("ja", exact=True).check()
        page.get_by_label("evaluatie op donderdag 22 april 2027").check()
        press(page, "Bewaren")
        expect(page.get_by_text("Vernietig nu de papieren")).to_be_visible()

    with stopped_at("2027-04-08 09:00:00"):
        assert "Evaluatie: overleg Basisschool Camelot op 14-1-2027 dirk@school.example" in work()
        page = go("reader", "/overleg")
        page.get_by_role("link", name="Donderdag 22 april 2027").click()
        page.get_by_role("link", name="Agenda", exact=True).click()
        expect(page.get_by_text("Casus 1 van 14 januari 2027")).to_be_visible()
