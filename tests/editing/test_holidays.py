"""Editing of the holidays, with which the aids reckon at once."""

import pytest

from portal.database import connection
from portal.directory.models import Holiday
from portal.directory.schools_and_kernen import get_calendar
from tests.conftest import CheckedClient
from tests.editing.conftest import refusals, save, trail, undo

NEW = "/beheer/vakanties/nieuw"
AUTUMN = {"naam": "Herfstvakantie", "soort": "school", "van": "16-10-2027", "tot": "24-10-2027"}


def path_of(name: str, year: int) -> str:
    with connection():
        found = [row for row in Holiday.select() if row.name == name]
        (holiday,) = [row for row in found if row.valid_from.year == year]
        return f"/beheer/vakanties/{holiday.id}"


def test_a_holiday_is_added_changed_and_removed(coordinator: CheckedClient) -> None:
    assert save(coordinator, NEW, **AUTUMN).status_code == 302
    page = coordinator.get("/beheer/vakanties").text
    assert "Schooljaar 2027-2028" in page
    path = path_of("Herfstvakantie", 2027)
    assert path in page
    with connection():
        assert get_calendar().known_until.isoformat() == "2027-10-25"
    assert save(coordinator, path, tot="2027-10-25").status_code == 302
    assert "tot en met: eerst 24-10-2027, nu 25-10-2027" in trail(coordinator)
    removed = save(coordinator, f"{path}/weg")
    assert removed.headers["Location"].startswith("/beheer/vakanties?bewaard=")
    assert coordinator.get(path).status_code == 404
    undo(coordinator, removed)
    assert coordinator.get(path).status_code == 200


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"van": "24-10-2027", "tot": "16-10-2027"}, "De laatste dag ligt voor de eerste dag."),
        ({"tot": "24-10-2028"}, "Dit is langer dan drie maanden. Kijk het jaar na."),
        ({"van": "20-8-2027", "tot": "25-8-2027"}, "Op deze dagen staat al: Zomervakantie."),
        ({"van": "", "tot": ""}, "Vul de eerste dag in."),
        ({"naam": ""}, "Vul een naam in, zoals Herfstvakantie."),
        ({"soort": "vrij"}, "Kies iets uit de lijst."),
    ],
)
def test_a_wrong_holiday_is_refused(coordinator: CheckedClient, answers: dict[str, str], message: str) -> None:
    assert refusals(coordinator, NEW, **(AUTUMN | answers))[0] == message


def test_a_public_holiday_may_be_in_a_school_holiday(coordinator: CheckedClient) -> None:
    day = {"naam": "Feest", "soort": "public", "van": "2027-07-20", "tot": "2027-07-20"}
    assert save(coordinator, NEW, **day).status_code == 302
    assert refusals(coordinator, NEW, **day) == ["Op deze dagen staat al: Feest."]
