"""A newer file of DUO: what it changes, what stays, and what is asked first."""

import csv
import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook

from portal.config import SEEDS
from portal.database import connection, db, fetch_tuples
from portal.database.validity import current_or_future
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, School, Vacancy
from portal.readers.duo import read_duo
from portal.region import Region, choose_region, read_region
from portal.web.form_keys import FIELD
from tests.clock import TODAY
from tests.conftest import CheckedClient, kept_database, make_app
from tests.readers.archives import save

HERE = Path(__file__).parent
OLD, NEW = HERE / "duo_po_2019_region.csv", HERE / "duo_po_2026_region.csv"
COLUMNS = {"duo_name": "name", "street": "street", "postcode": "postcode", "place": "place",
           "phone": "phone", "website": "website"}  # fmt: skip


def region_of_2019(folder: Path) -> Region:
    """The region with the primary schools of September 2019, without schools that were to come."""
    shutil.copytree(SEEDS / "zuid-kennemerland", folder)
    shutil.copy(OLD, folder / "schools" / "duo-po-2026-04.csv")
    settings = (folder / "region.toml").read_text("utf-8")
    settings = settings.replace("basisonderwijs, april 2026", "basisonderwijs, september 2019")
    (folder / "region.toml").write_text(settings.replace("2026-04-01", "2019-09-01"), "utf-8")
    names = (folder / "school_names.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in names if not line.startswith(("31RX00", "32JA00"))]
    (folder / "school_names.csv").write_text("".join(kept), "utf-8")
    return replace(read_region(folder), key="zuid-kennemerland")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo of the region as it was in 2019."""
    folder = tmp_path_factory.mktemp("2019")

    def fill(path: Path) -> None:
        app = make_app(path)
        region = region_of_2019(folder / "zuid-kennemerland")
        choose_region(replace(region, modules=region.modules - {"notices", "requests"}))
        assert app.test_cli_runner().invoke(args=["seed", "--demo"]).exit_code == 0

    return kept_database(f"2019-{hashlib.sha256(OLD.read_bytes()).hexdigest()[:16]}", folder, fill)


@pytest.fixture
def client(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


def upload(client: CheckedClient, data: bytes, day: str = "2026-04-01", name: str = "po.csv") -> Any:
    file = (BytesIO(data), name)
    return client.post("/beheer/duo", data={"csrf_token": client.token(), "dag": day, "bestand": file})


def look(client: CheckedClient, data: bytes, **how: str) -> str:
    """The page of the difference."""
    assert upload(client, data, **how).status_code == 302
    return client.get("/beheer/duo/verschil").text


def take(client: CheckedClient, page: str, **answers: Any) -> Any:
    version = re.search(r'name="versie"[^>]*value="([^"]+)"', page)
    assert version
    return client.submit("/beheer/duo/verschil", {"versie": version[1], "stopt": "y", **answers})


def facts() -> dict[str, dict[str, str]]:
    """The values shown of the open primary schools, by code."""
    with connection():
        found = {}
        for s in School.select().where((School.sector == "po") & School.closed_on.is_null()):
            phone = re.sub(r"^\+31", "0", s.phone)
            website = s.website.removeprefix("https://")
            found[s.code] = {
                "name": s.duo_name, "street": s.street, "postcode": s.postcode.replace(" ", ""),
                "place": s.place.name, "phone": re.sub(r"\D", "", phone), "website": website,
            }  # fmt: skip
        return found


def of_other_sectors() -> list[tuple[Any, ...]]:
    with connection():
        return sorted(fetch_tuples(School.select().where(School.sector != "po")))


def differences(old: dict[str, Any], new: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    found = {(code, "closes", old[code]["name"], "") for code in old.keys() - new.keys()}
    found |= {(code, "new", "", new[code]["name"]) for code in new.keys() - old.keys()}
    return found | {
        (code, what, old[code][what], new[code][what])
        for code in old.keys() & new.keys()
        for what in old[code]
        if old[code][what] != new[code][what]
    }


def expected() -> set[tuple[str, ...]]:
    """Code by code, from the lines of both files, by a script that knows nothing of the portal."""
    with (HERE / "duo_2019_2026.csv").open(encoding="utf-8", newline="") as file:
        return {tuple(row) for row in list(csv.reader(file))[1:]}


def rows() -> list[list[str]]:
    text = NEW.read_bytes().decode("cp1252")
    return list(csv.reader(text.splitlines(), delimiter=";"))


def as_workbook() -> bytes:
    """As a spreadsheet saves it: numbers lose their zeros."""
    book = Workbook()
    for row in rows():
        book.worksheets[0].append([int(v) if v.isdecimal() else v for v in row])
    return save(book)


def as_portal() -> bytes:
    quoted = [",".join('"' + v.replace('"', '""') + '"' for v in row) for row in rows()]
    return "\r\n".join(quoted).encode("utf-8-sig")


@pytest.mark.parametrize("make", [as_portal, as_workbook])
def test_a_file_that_was_saved_again_has_the_same_schools(make: Callable[[], bytes]) -> None:
    assert read_duo("po", make()) == read_duo("po", NEW.read_bytes())


def test_the_difference_from_2019_to_2026_is_right_code_by_code(client: CheckedClient) -> None:
    before, others = facts(), of_other_sectors()
    page = look(client, NEW.read_bytes())
    assert facts() == before
    assert take(client, page, aantal="5").status_code == 302
    assert differences(before, facts()) == expected()
    assert of_other_sectors() == others


def test_what_is_shown_is_what_happens_and_can_be_undone(client: CheckedClient) -> None:
    before = facts()
    page = look(client, NEW.read_bytes())
    assert "Basisschool Camelot" in page and "Vrije School Kleverpark" in page
    assert "gesloten vanaf: eerst geen, nu 1-4-2026" in page
    # 69 schools, of which 2 are new and 18 differ.
    assert "49 rijen zijn gelijk en krijgen de nieuwe datum van controle." in page
    take(client, page, aantal="5")
    trail = client.get("/beheer/spoor?soort=duo update").text
    assert "po.csv, van 1 april 2026" in trail
    with connection():
        change_set = ChangeSet.get(ChangeSet.kind == ChangeSetKind.DUO_UPDATE)
    client.submit(f"/bewerkingen/{change_set.id}/terugdraaien", {"zeker": "ja"})
    assert facts() == before


def open_posts() -> dict[str, list[tuple[Any, ...]]]:
    """The posts of today or later, by school."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with connection():
        for model in (Assignment, Vacancy):
            query = model.select(model.school, model.id).where(current_or_future(model, TODAY))
            for school, number in sorted(fetch_tuples(query)):
                found.setdefault(school, []).append((model, number))
    return found


def test_people_stay_with_their_code_and_nobody_goes_along(client: CheckedClient) -> None:
    """Those of a school that closes stop, as at the page of that school."""
    before = open_posts()
    page = look(client, NEW.read_bytes())
    assert re.search(r"Bij Basisschool Margriet \(03BU00\) werken nog \d+ mensen\.", page)
    refused = take(client, page, aantal="5", stopt="")
    assert refused.status_code == 422 and "Er zijn dan nog plekken." in refused.text
    assert 'name="stopt"' in page and open_posts() == before
    assert take(client, page, aantal="5").status_code == 302
    gone = {line[0] for line in expected() if line[1] == "closes"}
    assert before.keys() & gone
    assert open_posts() == {code: ids for code, ids in before.items() if code not in gone}
    with connection():
        change_set = ChangeSet.get(ChangeSet.kind == ChangeSetKind.DUO_UPDATE)
    client.submit(f"/bewerkingen/{change_set.id}/terugdraaien", {"zeker": "ja"})
    assert open_posts() == before


def test_a_button_pressed_twice_sends_and_applies_once(client: CheckedClient) -> None:
    data, before = as_workbook(), facts()
    for _ in range(2):
        file = (BytesIO(data), "po.xlsx")
        fields = {"csrf_token": client.token(), "dag": "2026-04-01", "bestand": file}
        assert client.post("/beheer/duo", data=fields).status_code == 302
    page = client.get("/beheer/duo/verschil").text
    for _ in range(2):
        assert take(client, page, aantal="5", **{FIELD: "b"}).status_code == 302
    assert differences(before, facts()) == expected()
    with connection():
        kind = ChangeSetKind.DUO_UPDATE
        assert ChangeSet.select().where(ChangeSet.kind == kind).count() == 1


def test_a_file_is_read_outside_a_transaction(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else could write meanwhile."""
    seen: list[bool] = []

    def read(name: str, data: bytes) -> Any:
        seen.append(db.in_transaction())
        return read_duo(name, data)

    monkeypatch.setattr("portal.seeding.views.read_duo", read)
    assert upload(client, NEW.read_bytes()).status_code == 302
    assert seen == [False]


@pytest.mark.parametrize("typed", ["", "4", "x"])
def test_many_schools_close_only_after_their_number_was_typed(client: CheckedClient, typed: str) -> None:
    before = facts()
    answer = take(client, look(client, NEW.read_bytes()), aantal=typed)
    assert answer.status_code == 422 and "Er sluiten veel scholen" in answer.text
    assert facts() == before


def changed(*changes: tuple[str, str]) -> bytes:
    """The file of 2019 with other text."""
    data = OLD.read_bytes()
    for old, new in changes:
        assert old.encode("cp1252") in data
        data = data.replace(old.encode("cp1252"), new.encode("cp1252"))
    return data


def line_of(code: str) -> list[str]:
    return next(line for line in OLD.read_bytes().decode("cp1252").splitlines() if f";{code};" in line).split(";")


def with_line(code: str, **values: str) -> bytes:
    """The file of 2019 with other fields of one school, by the number of the column."""
    old = line_of(code)
    new = [values.get(f"c{at}", value) for at, value in enumerate(old)]
    return changed((";".join(old), ";".join(new)))


def test_a_new_code_that_looks_like_a_school_that_closes_is_pointed_out(client: CheckedClient) -> None:
    page = look(client, with_line("16LF00", c3="99KM05"))
    assert "De Zuiderpolder (99KM05) lijkt op" in page and "Niemand gaat vanzelf mee." in page
    take(client, page)
    with connection():
        assert School.get_by_id("16LF00").closed_on == date(2026, 4, 1)
        assert not Assignment.select().where(Assignment.school == "99KM05").exists()


def test_another_school_in_the_same_place_is_asked_about(client: CheckedClient) -> None:
    page = look(client, with_line("16LF00", c4="De Ster", c5="Nieuwstraat", c6="99", c7="2012 AB"))
    assert "Is 16LF00 nu een andere school?" in page and "0 veranderingen" in page


def test_a_code_of_a_school_of_another_kind_is_asked_about(client: CheckedClient) -> None:
    page = look(client, with_line("16LF00", c3="02KM05"))
    assert "Is 02KM05 nu een andere school?" in page and "Haarlem College" in page


def test_a_school_that_moves_out_of_the_region_closes_here(client: CheckedClient) -> None:
    page = look(client, with_line("16LF00", c7="1011 AA", c8="AMSTERDAM", c9="0363"))
    assert "(16LF00) ligt nu in AMSTERDAM, buiten de regio." in page


def reused() -> bytes:
    return with_line("16LF00", c4="De Nieuwe School", c5="Zeestraat", c6="1", c7="2042 AA",
                     c8="ZANDVOORT", c9="0473")  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "name", "stays"),
    [("", "Openbare Basisschool De Zuiderpolder", True), ("same:16LF00", "De Nieuwe School", True),
     ("other:16LF00", "De Nieuwe School", False)],
)  # fmt: skip
def test_a_code_that_another_school_got_is_asked_about(
    client: CheckedClient, answer: str, name: str, stays: bool
) -> None:
    data = reused().replace(b"0235260003", b"0235260009")  # something else changes too
    page = look(client, data)
    assert "Is 16LF00 nu een andere school?" in page
    assert take(client, page, **{"code-16LF00": answer}).status_code == 302
    with connection():
        assert School.get_by_id("16LF00").duo_name == name
        until = {a.valid_until for a in Assignment.select().where(Assignment.school == "16LF00")}
    assert (None in until) is stays


def test_a_moved_school_with_its_name_is_not_asked_about(client: CheckedClient) -> None:
    page = look(client, with_line("16LF00", c5="Zeestraat", c6="1", c7="2042 AA", c8="ZANDVOORT",
                                  c9="0473"))  # fmt: skip
    assert "andere school" not in page and "straat: eerst" in page


def test_a_bad_row_leaves_its_school_alone(client: CheckedClient) -> None:
    page = look(client, with_line("16LF00", c7="Haarlem"))
    assert "Regel" in page and "hier hoort een postcode" in page
    assert "0 veranderingen" in page


def test_what_a_coordinator_changed_stays_unless_the_file_is_chosen(client: CheckedClient) -> None:
    with connection(), db.atomic():
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, None, reason="gebeld")
        change_set.change(School.get_by_id("16AR00"), phone="+31235550000")
    for chosen, phone in (("", "+31235550000"), ("school:16AR00", "+31235261492")):
        page = look(client, NEW.read_bytes())
        assert "Dat blijft zo, tenzij je kiest voor het bestand." in page
        take(client, page, aantal="5", **({"volg": chosen} if chosen else {}))
        with connection():
            school = School.get_by_id("16AR00")
            assert school.phone == phone
            assert school.duo_name == "Openbare Basisschool Ter Cleeff"


def test_a_difference_that_changed_meanwhile_is_shown_again(client: CheckedClient) -> None:
    page = look(client, NEW.read_bytes())
    before = facts()
    with connection(), db.atomic():
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, None)
        change_set.change(School.get_by_id("16AR00"), phone="+31235550000")
    answer = take(client, page, aantal="5")
    assert answer.status_code == 409 and "Er is intussen iets veranderd" in answer.text
    assert facts().keys() == before.keys()


@pytest.mark.parametrize(
    ("data", "day", "words"),
    [
        (b"naam;adres\nx;y\n", "2026-04-01", "geen bestand “alle vestigingen” van DUO"),
        (b"%PDF-1.7", "2026-04-01", "DUO"),
        (NEW.read_bytes(), "2018-01-01", "nieuwer bestand"),
        (NEW.read_bytes(), f"{TODAY.year + 1}-01-01", "moet nog komen"),
        (NEW.read_bytes().splitlines()[0], "2026-04-01", "geen enkele school"),
    ],
)  # fmt: skip
def test_another_file_is_refused(client: CheckedClient, data: bytes, day: str, words: str) -> None:
    answer = upload(client, data, day)
    assert answer.status_code == 422 and words in answer.text
