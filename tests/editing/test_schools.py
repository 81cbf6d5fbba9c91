"""Editing of a school: what is told about it, and that it closes."""

import re
from datetime import timedelta

import pytest

from portal.database import connection
from portal.database.validity import current_or_future
from portal.directory.models import Assignment, School, Vacancy
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.editing.conftest import fill_in, refusals, save, trail, undo

PATH, PAGE = "/beheer/scholen/16LF00", "/scholen/16lf00-basisschool-camelot"
NEXT_YEAR = TODAY + timedelta(days=200)


def test_a_school_is_found_by_what_was_typed(coordinator: CheckedClient) -> None:
    assert 'href="/beheer/scholen/16LF00">Wijzig' in coordinator.get(PAGE).text
    saved = save(
        coordinator, PATH, naam="Kasteelschool", nummer="023 777 12 34", reden="De school belde.",
        andere_namen=" De Ridder;; Camelot ; De Ridder", website="www.kasteel.example",
        gecontroleerd="y",
    )  # fmt: skip
    assert saved.status_code == 302
    page = coordinator.get("/scholen/16lf00-kasteelschool").text
    assert "023 777 12 34" in page
    assert "https://www.kasteel.example" in page
    for words in ("kasteelschool", "ridder", "023 777 12 34"):
        assert "Kasteelschool" in coordinator.get(f"/?q={words}").text
    with connection():
        school = School.get_by_id("16LF00")
        assert school.aliases == "De Ridder; Camelot"
        assert school.organisation.name == "Kasteelschool"
        assert re.fullmatch(r"Bewerking \d+", school.source)
        assert school.checked_on == TODAY
    # Why is for the trail: everybody reads the source.
    assert "De school belde" not in page
    told = trail(coordinator)
    assert "De school belde." in told
    assert "naam: eerst Basisschool Camelot, nu Kasteelschool" in told
    assert "nu 023 777 12 34" in told
    undo(coordinator, saved)
    assert "Basisschool Camelot" in coordinator.get("/?q=camelot").text
    assert "Kasteelschool" not in coordinator.get("/?q=kasteelschool").text


def test_a_closing_school_takes_its_posts_along(coordinator: CheckedClient) -> None:
    last = NEXT_YEAR - timedelta(days=1)
    assert refusals(coordinator, PATH, laatste_dag=last.isoformat()) == [
        "Er zijn dan nog plekken. Zet het vinkje als die stoppen."
    ]
    before = coordinator.get(PAGE).text
    saved = save(coordinator, PATH, laatste_dag=last.isoformat(), stopt="y")
    assert saved.status_code == 302
    with connection():
        for model in (Assignment, Vacancy):
            at_school = current_or_future(model, NEXT_YEAR) & (model.school == "16LF00")
            assert not model.select().where(at_school).exists()
    assert "Basisschool Camelot" in coordinator.get("/?q=camelot").text
    assert coordinator.get(PAGE).text.count("contact-name") == before.count("contact-name")
    with stopped_at(f"{NEXT_YEAR} 09:00:00"):
        coordinator.sign_in("coordinator")
        closed = coordinator.get(PAGE)
        assert closed.status_code == 404
        assert f"{PAGE}?dag={last}" in closed.text
        assert 'href="/gemeenten/haarlem"' in closed.text
        assert coordinator.get(f"{PAGE}?dag={last}").status_code == 200
        assert coordinator.get("/scholen/16lf00/poster").status_code == 302
        assert f'href="{PAGE}' not in coordinator.get("/?q=camelot").text
        assert "16LF00" not in coordinator.get("/beheer/scholen").text
        assert "16LF00" in coordinator.get("/beheer/scholen?welke=gesloten").text
    coordinator.sign_in("coordinator")
    undo(coordinator, saved)
    assert coordinator.get(f"{PAGE}?dag={NEXT_YEAR}").status_code == 200


def test_a_school_that_closed_before_its_posts_begin_ends_them_too(coordinator: CheckedClient) -> None:
    """The posts that begin after the last day go; those before it keep their days."""
    last = TODAY - timedelta(days=30)
    assert save(coordinator, PATH, laatste_dag=str(last), stopt="y").status_code == 302
    assert coordinator.get(PAGE).status_code == 404
    assert coordinator.get(f"{PAGE}?dag={last}").status_code == 200


def test_two_coordinators_see_both_versions(coordinator: CheckedClient) -> None:
    form = fill_in(coordinator, PATH, naam="Kasteelschool")
    save(coordinator, PATH, naam="Slotschool")
    answer = coordinator.post(PATH, data=form)
    assert answer.status_code == 409
    assert "er staat nu <strong>Slotschool</strong>. Jij vulde in: <strong>Kasteelschool</strong>" in answer.text
    assert "Telefoon" not in answer.text.partition("Laat staan")[0].partition("Er is niets")[2]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"naam": " \u200b "}, "Vul de naam van de school in."),
        ({"naam": "x" * 101}, "Deze tekst is te lang."),
        ({"nummer": "bel maar"}, "Vul een telefoonnummer in"),
        ({"website": "javascript:alert(1)"}, "Vul een website in"),
        ({"website": "geen site"}, "Vul een website in"),
        ({"laatste_dag": "gisteren"}, "Vul een dag in"),
        ({"laatste_dag": "0001-01-01"}, "Kies een dag tussen"),
        ({"andere_namen": "123456782"}, "Dit lijkt een burgerservicenummer"),
        ({"reden": ""}, "Schrijf in een paar woorden waarom"),
        ({"reden": "x" * 201}, "De tekst is 1 tekens te lang"),
    ],
)
def test_a_wrong_answer_keeps_what_was_typed(coordinator: CheckedClient, answers: dict[str, str], message: str) -> None:
    (told,) = (
        refusals(coordinator, PATH, andere_namen="Ridder", **answers)
        if ("andere_namen" not in answers)
        else refusals(coordinator, PATH, **answers)
    )
    assert told.startswith(message)


def test_a_school_that_is_not_there_and_a_form_that_is_too_large(coordinator: CheckedClient) -> None:
    assert coordinator.get("/beheer/scholen/99ZZ99").status_code == 404
    assert save(coordinator, PATH, naam="x" * 70_000).status_code == 413
