"""The content of the guide is data of the region; errors name the file with the fault."""

import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.config import SEEDS
from portal.guide.attendance_rules import CONDITIONS, NOTES, QUESTIONS, VALUES, Note, Outcome, Result
from portal.guide.content import GuideError, load_content
from portal.guide.tool_views import ATTENDANCE_QUESTIONS
from portal.guide.tools import ATTENDANCE, ENDPOINTS, SAFETY, SCHOOL_TEXT
from portal.region import Region, choose_region, current_region, read_region
from tests.conftest import CheckedClient, config
from tests.guide.content import CARD, CONTENT

TOOLS = frozenset(ENDPOINTS)


@pytest.fixture
def region(app: Flask, tmp_path: Path) -> Iterator[Region]:
    """A copy of the region, to change. The real region is chosen again afterwards."""
    before = current_region()
    yield read_region(Path(shutil.copytree(before.folder, tmp_path / before.key)))
    choose_region(before)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("tools/verzuimkaart.toml", "{times} keer te laat", "{tims} keer te laat", "{tims}"),
        ("tools/verzuimkaart.toml", "[outcomes.late_report]", "[outcomes.late]", "late_report"),
        ("tools/verzuimkaart.toml", "[questions.weg]", "[questions.weg-is]", "weg"),
        ("tools/verzuimkaart.toml", 'unknown = "', 'unknwn = "', "unknown"),
        ("tools/verzuimkaart.toml", '"record", "talk"', '"record", "tlak"', "tlak"),
        ("tools/verzuimkaart.toml", "{sector}", "{sectro}", "sectro"),
        ("tools/intelligentieonderzoek.toml", 'nobody = "', 'noone = "', "nobody"),
        ("tools/tweede-deskundige.toml", 'label = "pedagoog"', 'name = "pedagoog"', "name"),
        ("tools/zorgen-over-veiligheid.toml", 'heading = "Ik', 'head = "Ik', "heading"),
        ("tools/schooltekst.toml", 'title = "', "title = ", "line 4"),
        ("terms.toml", 'name = "TLV"', "", "name"),
        ("attendance_thresholds.toml", "value = 16", "valeu = 16", "valeu"),
    ],
)
def test_the_error_for_a_missing_or_misspelled_text_names_its_file(
    region: Region, file: str, old: str, new: str, why: str
) -> None:
    change(region.folder / "guide" / file, old, new)
    with pytest.raises(GuideError) as error:
        load_content(region.folder / "guide", TOOLS)
    assert f"seeds/{region.key}/guide/{file}" in str(error.value)
    assert why in str(error.value)


def test_the_error_for_a_missing_file_names_it(region: Region) -> None:
    path = region.folder / "guide" / "tools" / "schooltekst.toml"
    path.unlink()
    with pytest.raises(GuideError, match=r"schooltekst\.toml: dit bestand is er niet"):
        load_content(region.folder / "guide", TOOLS)
    assert SCHOOL_TEXT not in load_content(region.folder / "guide", TOOLS - {SCHOOL_TEXT}).tools


def test_the_error_for_an_unknown_tool_names_it(region: Region) -> None:
    with pytest.raises(GuideError, match="tools: glazen-bol kennen we niet"):
        load_content(region.folder / "guide", frozenset({"glazen-bol"}))


@pytest.mark.parametrize("command", ["seed", "serve"])
def test_a_malformed_chapter_stops_filling_and_serving_with_its_name(
    region: Region, database: Path, command: str
) -> None:
    (region.folder / "guide" / "03-proef.md").write_text("zonder begin", "utf-8")
    app = create_app(replace(config(database), region=region))
    result = app.test_cli_runner().invoke(args=[command])
    assert result.exit_code == 78
    assert "03-proef.md" in result.output


def test_a_tool_that_is_switched_off_has_no_page_and_no_links(region: Region, seeded: Path) -> None:
    school = "/scholen/16lf00-basisschool-camelot"
    off = replace(region, tools=region.tools - {ATTENDANCE, "poster"})
    copy = Path(shutil.copytree(seeded.parent, region.folder.parent / "database")) / seeded.name
    app = create_app(replace(config(copy), region=off))
    app.testing = True
    client = CheckedClient(app, app.response_class)
    for address in ("/routeboek/verzuimkaart", f"{school}/poster", f"{school}/poster/2026-11-23"):
        assert client.get(address).status_code == 404
    for address in ("/routeboek", school, "/?q=verzuimkaart"):
        page = client.get(address).text
        assert "/routeboek/verzuimkaart" not in page
        assert "/poster" not in page
    assert client.get("/routeboek/zorgen-over-veiligheid").status_code == 200


def test_every_question_of_the_attendance_card_has_a_rule() -> None:
    assert set(QUESTIONS) == set(ATTENDANCE_QUESTIONS)


def test_every_result_note_and_condition_has_a_complete_text() -> None:
    values: dict[str, object] = dict.fromkeys(VALUES, "x")
    conditions = {"met": True, "unmet": False, "unknown": None}
    for result in Result:
        for condition, answers in CONDITIONS.items():
            for answer in answers:
                advice = CARD.advise(
                    Outcome(
                        result,
                        values,
                        CARD.thresholds,
                        tuple(Note(name) for name in NOTES),
                        {condition: conditions[answer]},
                    )
                )
                assert advice.headline
                assert advice.steps
                assert advice.calls
                assert "{" not in str(advice)


def test_tools_call_only_roles_and_services_of_the_region(app: Flask) -> None:
    roles = tomllib.loads((SEEDS / current_region().key / "roles.toml").read_text())["roles"]
    known = {role["key"] for role in roles} | {role.get("service") for role in roles}
    experts = CONTENT.tools["tweede-deskundige"].texts.experts.values()
    agreement = CONTENT.tools["intelligentieonderzoek"].texts
    calls = {call for texts in CARD.outcomes.values() for call in texts.calls}
    calls |= {expert.call for expert in experts if expert.call}
    calls |= {agreement.care, agreement.budget, *CONTENT.tools[SAFETY].texts.calls}
    assert calls <= known
