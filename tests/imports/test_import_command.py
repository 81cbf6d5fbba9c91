"""`flask import`: what it asks, what it would change, and when it writes."""

from pathlib import Path

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.change_sets import ChangeSet
from portal.directory.models import Person
from portal.imports.models import Import, ImportState
from portal.mail.models import OutgoingMail
from tests.imports.files import ASKING, lines

NOOR = "Camelot;CJG-coach;Noor Proef;CJG Kennemerland;0612345981;noor@cjg.example;ma di;;"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "namen.csv"


def run(portal: Flask, file: Path, content: str, *options: str) -> tuple[int, str]:
    file.write_text(content)
    result = portal.test_cli_runner().invoke(args=["import", str(file), *options])
    return result.exit_code, result.output


def count_written() -> tuple[int, int, int]:
    with connection():
        noor = Person.select().where(Person.family_name == "Proef").count()
        return ChangeSet.select().count(), Import.select().count(), noor


def test_it_tells_the_difference_and_writes_it_only_with_apply(portal_copy: Flask, file: Path) -> None:
    before = count_written()
    code, told = run(portal_copy, file, lines(NOOR))
    assert code == 0
    assert "Nieuw: Basisschool Camelot, Haarlem, CJG-coach Noor Proef" in told, told
    assert count_written() == before
    code, told = run(portal_copy, file, lines(NOOR), "--apply", "--sender", "CJG")
    assert (code, "De wijzigingen zijn overgenomen. Er is niemand gemaild." in told) == (0, True)
    assert count_written() == (before[0] + 1, before[1] + 1, 1)
    with connection():
        (row,) = Import.select()
        assert (row.state, row.sender, row.account) == (ImportState.APPLIED, "CJG", None)
        assert not OutgoingMail.select().exists()
    assert "Nieuw of anders: 0." in run(portal_copy, file, lines(NOOR))[1]


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        (ASKING, "Kolom “kleur”: wat staat hierin?"),
        (ASKING, "Welke school is “De Knotwilg”? (1 regels)"),
        (lines(NOOR.replace("CJG-coach", "tovenaar")), "Welke functie is “tovenaar”?"),
        (lines(NOOR.replace("CJG Kennemerland", "Toren")), "Welke organisatie is “Toren”?"),
    ],
)
def test_it_writes_nothing_while_something_is_open(portal_copy: Flask, file: Path, content: str, asked: str) -> None:
    before = count_written()
    code, told = run(portal_copy, file, content, "--apply")
    assert code != 0
    assert asked in told
    assert "Er is niets gewijzigd: beantwoord de vragen eerst, bij Beheer." in told
    assert count_written() == before
