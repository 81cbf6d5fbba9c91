"""The directory of the real region, loaded from its seeds; faults in the seeds."""

import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.config import SEEDS
from portal.database import connection, db
from portal.directory import schools_and_kernen as directory
from portal.directory.contact_details import list_contact_points
from portal.directory.models import ContactDetail, Municipality, Visibility
from portal.region import Region, read_region
from portal.seeding.region_directory import load_directory
from portal.seeding.seed_files import SeedError
from tests.clock import TODAY

FOLDER = SEEDS / "zuid-kennemerland"


def seed(app: Flask, *args: str) -> str:
    result = app.test_cli_runner().invoke(args=["seed", *args])
    return f"{result.exit_code} {result.output}"


def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, to compare before and after."""
    return {
        table: sorted(db.execute_sql(f'SELECT * FROM "{table}"').fetchall(), key=repr)
        for table in db.get_tables()
        if not table.startswith("search_word")  # the shadow tables of FTS5
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the region's folder, in which a test makes a fault."""
    return Path(shutil.copytree(FOLDER, tmp_path / "seeds"))


def test_the_rule_gives_69_primary_10_special_and_35_secondary_schools(app: Flask) -> None:
    assert Counter(s.sector for s in directory.list_schools()) == {"po": 69, "so": 10, "vo": 35}


@pytest.mark.parametrize(
    ("sector", "expected"),
    [
        ("po", {"Haarlem": 39, "Bloemendaal": 15, "Heemstede": 9, "Zandvoort": 4,
                "Haarlemmermeer": 2}),
        ("so", {"Haarlem": 10}),
        ("vo", {"Haarlem": 18, "Velsen": 11, "Bloemendaal": 3, "Heemstede": 2, "Zandvoort": 1}),
    ],
)  # fmt: skip
def test_the_schools_lie_in_these_municipalities(app: Flask, sector: str, expected: dict[str, int]) -> None:
    schools = directory.list_schools(directory.chosen_schools(sector))
    assert Counter(school.municipality_name for school in schools) == expected


def test_places_read_as_people_write_them(app: Flask) -> None:
    places = {school.place for school in directory.list_schools()}
    assert {"IJmuiden", "Driehuis", "Spaarndam (gemeente Haarlem)", "Velsen-Zuid"} <= places


def test_seeding_again_changes_nothing(portal_copy: Flask) -> None:
    before = everything()
    assert seed(portal_copy, "--demo") == "0 Er is niets veranderd.\n"
    assert everything() == before


def test_seeding_a_filled_directory_says_what_differs_and_changes_it_on_demand(portal_copy: Flask) -> None:
    with connection():
        Municipality.update(name="Harlem").where(Municipality.code == "0392").execute()
    told = seed(portal_copy)
    assert "gemeenten: 1 gewijzigd" in told and "Dit is nog niet veranderd." in told
    with connection():
        assert Municipality.get_by_id("0392").name == "Harlem"
    told = seed(portal_copy, "--apply")
    assert "gemeenten: 1 gewijzigd" in told and "nog niet" not in told
    with connection():
        assert Municipality.get_by_id("0392").name == "Haarlem"


def test_a_school_that_duo_no_longer_lists_is_closed_and_not_found(portal_copy: Flask, folder: Path) -> None:
    path = folder / "schools" / "duo-po-2026-04.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if b";16LF00;" not in line))
    with connection():
        assert "scholen: 1 weg" in map(str, load_directory(read_region(folder)))
        assert directory.find_school("16LF00") is None
        assert load_directory(read_region(folder)) == []
        load_directory(read_region(FOLDER))
        assert directory.find_school("16LF00") is not None


def cut(folder: Path, file: str, share: float) -> None:
    """Keep this share of the lines of a file of DUO."""
    path = folder / "schools" / file
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: round(len(lines) * share)]))
    names = folder / "school_names.csv"  # names a school that is gone: another fault
    names.write_text(names.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")


@pytest.mark.parametrize(
    ("file", "share"),
    [("duo-po-2026-04.csv", 0.5), ("duo-po-2026-04.csv", 0.9), ("duo-vo-2026.csv", 0.7),
     ("duo-so-2026.csv", 0.5)],
)  # fmt: skip
def test_a_file_that_was_cut_short_closes_no_school(portal_copy: Flask, folder: Path, file: str, share: float) -> None:
    cut(folder, file, share)
    before = everything()
    told = r"schools: \d+ van de 114 scholen zouden sluiten\. Is elk bestand van DUO heel\? .*\.$"
    with connection(), pytest.raises(SeedError, match=told):
        load_directory(read_region(folder))
    assert everything() == before
    with connection():
        changes = list(map(str, load_directory(read_region(folder), close_many=True)))
    assert [change for change in changes if re.match(r"scholen: .*\d+ weg", change)]


def test_the_command_says_how_to_close_schools_after_all(
    portal_copy: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(folder, "duo-po-2026-04.csv", 0.5)
    region = replace(read_region(folder), key="zuid-kennemerland")
    monkeypatch.setattr("portal.cli.current_region", lambda: region)
    assert "gebruik dan `flask seed --close-schools`" in seed(portal_copy)
    assert seed(portal_copy, "--close-schools").startswith("0 ")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("schools/duo-vo-2026.csv", b";20DG00;", b";20DG;", "duo-vo-2026.csv, regel 2, kolom 4"),
        ("school_names.csv", b"01KL06,", b"99XX99,", "school_names.csv: 99XX99 is geen school"),
        ("roles.toml", b"call_about", b"call", "roles.toml: call_about ontbreekt"),
        ("roles.toml", b"[[roles]]", b"[[roles]", "roles.toml: dit is geen goed TOML-bestand"),
        ("contacts.toml", b'["cjg-coach"]', b'["cjg"]', "functies: cjg ontbreekt"),
        ("contacts.toml", b"checked_on", b"checked", "contacts.toml: checked_on ontbreekt"),
        ("holidays.csv", b"2025-01-01,2025", b"1 januari,2025", "holidays.csv: hier staat iets"),
        ("boards.csv", b"website", b"site", "boards.csv: website ontbreekt"),
        ("region.toml", b"duo-vo-2026", b"duo-vo-2027", "schools: .*duo-vo-2027.csv"),
        ("places.csv", b",0392,", b",9999,", "plaatsen: .* verwijst naar iets dat ontbreekt"),
        ("places.csv", b"Zandvoort,", b"Zandfoort,", "plaatsen: Zandvoort verdwijnt, maar is nog in gebruik."),
    ],
)
def test_a_failure_changes_nothing(
    portal_copy: Flask, folder: Path, file: str, old: bytes, new: bytes, message: str
) -> None:
    data = (folder / file).read_bytes()
    assert old in data
    (folder / file).write_bytes(data.replace(old, new))
    (folder / "municipalities.csv").write_text(
        (folder / "municipalities.csv").read_text("utf-8").replace("Haarlem\n", "Harlem\n")
    )
    before = everything()
    with connection(), pytest.raises((SeedError, ValueError), match=message):
        load_directory(read_region(folder))
    assert everything() == before


def test_a_failure_is_told_in_one_sentence_by_the_command(portal_copy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(region: Region, **how: bool) -> None:
        raise SeedError("places.csv: de plaats X ontbreekt.")

    monkeypatch.setattr("portal.cli.seed_region", fail)
    assert seed(portal_copy) == "1 places.csv: de plaats X ontbreekt.\n"


def test_a_new_database_gets_its_tables_from_the_command(empty_portal: Flask) -> None:
    assert "scholen: 114 nieuw" in seed(empty_portal)


def test_the_routeboeks_contact_points_are_all_there(app: Flask) -> None:
    desks = {(desk.role, desk.municipality): desk.contact for desk in list_contact_points(TODAY) if not desk.sector}

    def values(role: str, municipality: str) -> list[str]:
        return [detail.value for detail in desks[role, municipality].details if not detail.label]

    haarlem, zandvoort, bloemendaal, heemstede = "0392", "0473", "0377", "0397"
    assert values("cjg-coach", haarlem)[:2] == ["+31889958484", "info@cjgkennemerland.nl"]
    assert values("cjg-coach", zandvoort) == values("cjg-coach", haarlem)
    assert values("cjg-coach", bloemendaal)[0] == "+31889958383"
    assert values("cjg-coach", heemstede)[0] == "cjg@heemstede.nl"
    assert values("schoolcoach", "0394")[0] == "helpdeskschoolcoaches@altra.nl"
    assert values("jeugdarts", haarlem)[0] == "+31237891777"
    for code in (haarlem, zandvoort, bloemendaal, heemstede):
        assert values("leerplichtambtenaar", code)[0] == "+31235113660"
    assert values("leerplichtambtenaar", "0394")[0] == "0900 1852"
    assert desks["leerplichtambtenaar", "0534"].name == "RBL Holland Rijnland"


def test_mobiles_of_the_people_whom_the_routeboek_names_are_not_for_everybody(app: Flask) -> None:
    with connection():
        stored = ContactDetail.select().where(ContactDetail.value == "+31652654625").get()
    assert stored.visibility == Visibility.MEMBERS
    shown = {d.value for desk in list_contact_points(TODAY) for d in desk.contact.details}
    assert "l.kammeijer@altra.nl" in shown
    assert not shown & {"+31652654625", "+31640881026"}


def test_a_website_that_is_none_is_left_out(portal_copy: Flask, folder: Path) -> None:
    path = folder / "schools" / "duo-po-2026-04.csv"
    data = path.read_bytes()
    for wrong, address in ((b"www.camelot-haarlem.nl", b"0235333516"), (b"www.tercleeff.nl", b"www. tercleeff,nl/")):
        assert wrong in data
        data = data.replace(wrong, address)
    path.write_bytes(data)
    with connection():
        load_directory(read_region(folder))
        schools = {school.code: school.website for school in directory.list_schools()}
    assert schools["16LF00"] == ""
    assert schools["16AR00"] == "https://www.tercleeff.nl"
