"""REGION chooses the region; a database belongs to one region for ever."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.config import SEEDS, Config
from portal.database import connection
from portal.database.database_flags import find_region
from portal.region import RegionError, read_region
from tests.conftest import config

REFUSAL = (
    "REGION: in deze database staat zuid-kennemerland, niet elders. Kies die regio, of een andere "
    "database met DATABASE_URL.\n"
)


def elders(settings: Config) -> Flask:
    """An application for another region, with these settings for the rest."""
    return create_app(replace(settings, region=replace(settings.region, key="elders")))


@pytest.mark.parametrize("command", ["seed", "serve", "worker"])
def test_a_database_of_another_region_is_refused(portal_copy: Flask, command: str) -> None:
    other = elders(portal_copy.config["KERNWIJZER"])
    result = other.test_cli_runner().invoke(args=[command])
    assert (result.exit_code, result.output) == (78, REFUSAL)


def test_the_database_knows_its_region(app: Flask) -> None:
    with connection():
        assert find_region() == "zuid-kennemerland"


def test_outside_the_demo_somebody_reads_the_mail_for_help(database: Path) -> None:
    settings = config(database)
    silent = replace(settings, contact_email=f"hulp@{settings.region.key}.example")
    result = create_app(silent).test_cli_runner().invoke(args=["serve"])
    assert result.exit_code == 78
    assert result.output.startswith("CONTACT_EMAIL: vul het adres in")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "Zuid-Kennemerland"\n', "", "seeds/x/region.toml: name ontbreekt."),
        ('project = "', 'naam = 1\nproject = "', "seeds/x/region.toml: naam kennen we niet."),
        ('"KT"', "7", "seeds/x/region.toml: reference_prefix heeft een verkeerde vorm."),
        ('article = "het"', "", "seeds/x/region.toml, guide: article ontbreekt."),
        ('slug = "thema"', 'pad = "thema"', "seeds/x/region.toml, request_kinds: pad kennen"),
        ('"session_form"', '"vorm"', "seeds/x/region.toml, request_kinds: de vraag vorm kennen we"),
        ('mailbox = "verwijsindex"', 'mailbox = "x"', "seeds/x/region.toml, request_kinds: de mail"),
        (', "contact"]', "]", "seeds/x/region.toml, request_kinds: theme moet naar school en con"),
        (
            'name = "Zuid',
            'safe_mail_url = "javascript:"\nname = "Zuid',
            "seeds/x/region.toml: safe_mail_url begint met https://.",
        ),
        ("[guide]", "[guide", "seeds/x/region.toml: dit is geen goed TOML-bestand"),
    ],
)
def test_a_fault_in_the_file_is_one_sentence_with_its_name(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = (SEEDS / "zuid-kennemerland" / "region.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "region.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RegionError) as fault:
        read_region(tmp_path / "x")
    assert str(fault.value).startswith(told)
    assert "\n" not in str(fault.value)


def test_a_folder_without_the_file_is_no_region(tmp_path: Path) -> None:
    with pytest.raises(RegionError, match=r"region\.toml: dit bestand is er niet"):
        read_region(tmp_path)
