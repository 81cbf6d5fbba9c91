"""Editing of the texts of a role, and of where somebody is expected in it."""

import pytest

from portal.database import connection
from portal.directory.models import Role, RoleInSector
from tests.conftest import CheckedClient
from tests.editing.conftest import fill_in, refusals, save, trail, undo

PATH = "/beheer/functies/onderwijsconsulent"


def sectors(key: str) -> dict[str, bool]:
    with connection():
        links = RoleInSector.select().join(Role).where(Role.key == key)
        return {link.sector_id: link.expected for link in links}


def test_the_texts_of_a_role(coordinator: CheckedClient) -> None:
    assert f'href="{PATH}">Wijzig' in coordinator.get("/functies/onderwijsconsulent").text
    saved = save(
        coordinator, PATH, naam="consulent passend onderwijs", andere_namen="CPO; OC",
        waarvoor="Vragen over extra steun in de klas.", verwacht=["po", "so", "vo"],
    )  # fmt: skip
    page = coordinator.get("/functies/onderwijsconsulent").text
    assert "Vragen over extra steun in de klas." in page
    assert "Consulent passend onderwijs" in coordinator.get("/?q=cpo").text
    assert "hiervoor kun je bellen: eerst " in trail(coordinator)
    undo(coordinator, saved)
    assert "Consulent passend onderwijs" not in coordinator.get("/?q=cpo").text


def test_sectors_are_open_only_where_nobody_answers_for_all(coordinator: CheckedClient) -> None:
    page = coordinator.get("/beheer/functies/leerplichtambtenaar").text
    row = page.split('<li id="velsen">')[1].split('<li id="')[0]
    assert "Alle scholen</a>: " in row
    assert "Nog niemand voor" not in row
    assert "Nog niemand voor" in page


def test_an_unchanged_text_needs_no_tick(coordinator: CheckedClient) -> None:
    """The guard would doubt "ouders" in a text that somebody writes now."""
    path, form = "/beheer/functies/cjg-coach", {"verwacht": ["po", "so", "vo"]}
    assert save(coordinator, path, naam="CJG coach", **form).status_code == 302
    (told,) = refusals(coordinator, path, waarom="Sem uit groep 5 heeft adhd.", **form)
    assert told.startswith("Haal gegevens van leerlingen en ouders weg")


def test_where_somebody_is_expected(coordinator: CheckedClient) -> None:
    key, before = "onderwijsconsulent", sectors("onderwijsconsulent")
    saved = save(coordinator, PATH, verwacht=["po"], mag=["so", "vo"])
    assert saved.status_code == 302
    assert sectors(key) == {"po": True, "so": False, "vo": False}
    assert "verwacht: eerst ja, nu nee" in trail(coordinator)
    undo(coordinator, saved)
    assert sectors(key) == before
    assert refusals(coordinator, PATH, verwacht=["po"], mag=["po"]) == ["Kies per soort onderwijs één van de twee."]
    assert refusals(coordinator, PATH, verwacht=["xx"]) == ["Kies iets uit de lijst."]
    # Nobody who works there disappears from the pages.
    assert refusals(coordinator, "/beheer/functies/cjg-coach", verwacht=["po"]) == [
        "Er werken nog mensen in deze functie."
    ]


def test_a_role_keeps_a_name_and_two_see_both_versions(coordinator: CheckedClient) -> None:
    every = ["po", "so", "vo"]
    assert refusals(coordinator, PATH, naam=" ", verwacht=every) == ["Vul de naam van de functie in."]
    form = fill_in(coordinator, PATH, naam="eerste", verwacht=every)
    save(coordinator, PATH, naam="tweede", verwacht=every)
    answer = coordinator.post(PATH, data=form)
    assert answer.status_code == 409
    assert "<strong>tweede</strong>" in answer.text


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ({"andere_namen": "CPO; Directeur"}, "Directeur"), ({"andere_namen": "SMW"}, "SMW"),
        ({"andere_namen": "school-leider"}, "school-leider"), ({"naam": "jeugdarts"}, "jeugdarts"),
    ],
)  # fmt: skip
def test_a_name_of_another_role_is_refused(coordinator: CheckedClient, answers: dict[str, str], name: str) -> None:
    """A file could mean either. A name that two roles have already stays."""
    assert refusals(coordinator, PATH, verwacht=["po", "so", "vo"], **answers) == [
        f"Een andere functie heet al “{name}”. Kies iets anders."
    ]
    jgz = fill_in(coordinator, "/beheer/functies/jeugdarts", verwacht=["po", "so", "vo"])
    assert "JGZ;" in jgz["andere_namen"]
    assert coordinator.post("/beheer/functies/jeugdarts", data=jgz).status_code == 302
