"""In a large region the pages of people come in sheets, and others are found by typing."""

import re
from pathlib import Path

import pytest

from portal.database import connection
from portal.directory.models import Assignment, ContactPoint, Person, Responsibility
from tests.conftest import CheckedClient
from tests.factories import coach, role
from tests.notices.conftest import errors, hidden
from tests.web.test_long_lists import options


@pytest.fixture
def template(large: Path) -> Path:
    return large


def large_person(number: int) -> int:
    with connection():
        return int(Person.get(Person.given_name == f"Groot{number}").id)


def test_the_people_come_in_sheets(coordinator: CheckedClient) -> None:
    asked = "/beheer/mensen?zoek=groot+duizend&ontbreekt=nummer"
    first, last = coordinator.get(asked).text, coordinator.get(f"{asked}&blad=13").text
    assert "650 mensen" in first
    assert first.count("van den Duizend</a>") == 50
    assert '<span class="tag">geen plek</span>' in first
    assert "Groot0 van den Duizend" in first
    assert "Groot0 van den Duizend" not in last


def test_the_same_person_is_found_by_typing(coordinator: CheckedClient) -> None:
    path = f"/beheer/mensen/{large_person(1)}/samenvoegen"
    page = coordinator.get(path).text
    assert str(large_person(2)) in options(page, "ander")  # is alike
    assert str(coach().id) not in options(page, "ander")
    sent = {**hidden(page), "reden": "Staat er dubbel.", "zoek-ander": "groot649"}
    preview = coordinator.submit(path, sent).text
    assert "Groot649 van den Duizend gaat op in Groot1 van den Duizend" in preview
    merged = coordinator.submit(path, {**hidden(preview), "stap": "samenvoegen"})
    assert merged.status_code == 302


def test_schools_of_a_new_post_are_found_by_typing(coordinator: CheckedClient) -> None:
    path = f"/beheer/mensen/{coach().id}/plekken/nieuw"
    page = coordinator.get(path).text
    assert "Grote School" not in page
    assert 'name="zoek-scholen"' in page
    sent = {**hidden(page), "reden": "Nieuw.", "functie": str(role("cjg-coach").id),
            "vanaf": "2027-02-01", "zoek-scholen": "grote school 649"}  # fmt: skip
    looked = coordinator.submit(path, sent)
    assert looked.status_code == 422
    assert errors(looked.text) == ["Kies hieronder uit wat we vinden."]
    assert "Grote School 649" in looked.text
    sent |= {"_zoek-scholen": "grote school 649", "scholen": "49ZZ06"}
    assert coordinator.submit(path, sent).status_code == 302
    with connection():
        assert Assignment.get(Assignment.school == "49ZZ06").person_id == coach().id


def test_a_division_shows_a_hundred_schools_and_finds_who_comes(coordinator: CheckedClient) -> None:
    with connection():
        partner = Person.get_by_id(large_person(1)).organisation_id
        points = Responsibility.select().join(ContactPoint)
        key = points.where(ContactPoint.organisation == partner).get().role.key
    path = f"/beheer/verdeling?functie={key}"
    page = coordinator.get(path).text
    assert page.count('<th scope="row"') == 100
    assert ">Blad 8<" in page
    assert "Groot1 van den Duizend" not in page  # neither in the list of names
    sent = {**hidden(page), "functie": key, "dag": "2027-08-01", "stap": "tonen",
            "zoek-persoon": "groot649"}  # fmt: skip
    own = coordinator.get(coordinator.submit(path, sent).headers["Location"]).text
    assert own.count('name="scholen"') == 100
    cell = re.search(r'name="(plek-[^"]+)"', coordinator.get(f"{path}&blad=8").text)
    assert cell
    sent = {**hidden(page), cell[1]: "Groot649", "stap": "bewaren"}
    assert coordinator.submit(f"{path}&blad=8", sent).status_code == 302
    checked = coordinator.get(f"/beheer/verdeling/controle?functie={key}").text
    assert "Groot649 van den Duizend" in checked


def test_the_schools_to_change_come_in_sheets(coordinator: CheckedClient) -> None:
    first, last = (coordinator.get(f"/beheer/scholen?zoek=grote+school&blad={sheet}").text for sheet in (1, 3))
    assert "650 scholen" in first
    assert (first.count(">Grote School "), last.count(">Grote School ")) == (300, 50)
    assert ">Volgende<" in first and ">Vorige<" in last
