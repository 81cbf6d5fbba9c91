"""`flask new-region` makes the folder of a region that `flask seed --demo` loads as it is."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.config import SEEDS
from portal.database import connection
from portal.directory.models import Assignment, KernMembership, Place, School
from portal.meetings.models import Meeting
from portal.region import read_region
from portal.seeding.new_region import _spell
from portal.seeding.seed_files import read_csv
from tests.conftest import config, make_app

SCHOOLS = SEEDS / "zuid-kennemerland" / "schools"
FILES = [f"--file={SCHOOLS / name}" for name in ("duo-po-2026-04.csv", "duo-vo-2026.csv")]


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of seeds with the files of one region, to make another beside it."""
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS / "zuid-kennemerland", folder / "zuid-kennemerland")
    monkeypatch.setattr("portal.cli.SEEDS", folder)
    return folder


def make(app: Flask, *arguments: str) -> str:
    """The output of the command."""
    return app.test_cli_runner().invoke(args=["new-region", *arguments]).output


def test_a_new_region_starts_with_schools_places_and_invented_people(app: Flask, seeds: Path, tmp_path: Path) -> None:
    told = make(app, "De Mond", "heemstede", "Zandvoort", *FILES)
    assert told == "De regio staat in seeds/de-mond. Kijk: make run REGION=de-mond\n"
    region = read_region(seeds / "de-mond")
    assert region.municipalities == ("0397", "0473")
    assert [sector.key for sector in region.sectors] == ["po", "vo"]
    # Modules that are off have their files too: a kern per place, and a meeting in the demo.
    region = replace(region, modules=region.modules | {"kernen", "meetings"})
    new = make_app(replace(config(tmp_path / "new.sqlite"), region=region))
    seeded = new.test_cli_runner().invoke(args=["seed", "--demo"])
    assert seeded.exit_code == 0, seeded.output
    with connection():
        assert {s.place.municipality_id for s in School.select()} == {"0397", "0473"}
        assert Assignment.select().count() > School.select().count()
        assert KernMembership.select().count() == School.select().count()
        assert Meeting.select().count() == 3
        # Pupils also live in the municipalities of the same RMC region.
        assert Place.get(Place.name == "Aerdenhout").municipality_id == "0377"


def test_a_new_region_has_the_holidays_of_its_schools(app: Flask, seeds: Path) -> None:
    make(app, "Meer", "Haarlemmermeer", FILES[0])
    assert [r["kind"] for r in read_csv(seeds / "meer" / "holidays.csv")].count("summer") == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Zuid-Kennemerland", "Velsen"), "seeds/zuid-kennemerland: deze map is er al."),
        (("Nieuw", "Velsen", "Utrecht"), "De gemeente Utrecht heeft geen school in dit bestand"),
        (("Nieuw", "Velzen"), "De gemeente Velzen heeft geen school in dit bestand van DUO. Bedoel je Velsen?"),
        (
            ("Nieuw", "Den", "Helder"),
            "De gemeente Den heeft geen school in dit bestand van DUO. Schrijf de naam zoals DUO; "
            "twee woorden staan tussen aanhalingstekens.",
        ),
    ],
)
def test_a_fault_is_one_sentence_and_makes_nothing(
    app: Flask, seeds: Path, arguments: tuple[str, ...], told: str
) -> None:
    assert make(app, *arguments, FILES[0]).startswith(told)
    assert [path.name for path in seeds.iterdir()] == ["zuid-kennemerland"]


def test_another_file_is_refused(app: Flask, seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("naam;nummer\nNoor;1\n")
    told = make(app, "Nieuw", "Velsen", f"--file={tmp_path / 'x.csv'}")
    assert told.startswith("x.csv, regel 1, kolom 1: de kolom ")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("WIJK AAN ZEE", "Wijk aan Zee"),
        ("IJMUIDEN", "IJmuiden"),
        ("KATWIJK ZH", "Katwijk"),
        ("VELSEN-NOORD", "Velsen-Noord"),
        ("DE ZILK", "De Zilk"),
        ("'S-GRAVENHAGE", "'s-Gravenhage"),
        ("S GRAVENHAGE", "'s-Gravenhage"),
        ("'T ZANDT", "'t Zandt"),
        ("NIEUWERKERK AAN DEN IJSSEL", "Nieuwerkerk aan den IJssel"),
    ],
)
def test_a_place_in_capitals_is_spelled_as_people_do(given: str, name: str) -> None:
    assert _spell(given) == name
