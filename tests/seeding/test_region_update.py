"""The files of a region against a directory that people keep: proposed, never imposed."""

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.config import SEEDS
from portal.database import connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import (
    CHILDREN_FIRST,
    ContactDetail,
    ContactPoint,
    Holiday,
    Municipality,
    Person,
    Postcode,
    Responsibility,
    Role,
    School,
)
from portal.directory.undoing import undo
from portal.region import Region, choose_region, read_region
from portal.seeding import files_against_typed_rows
from portal.seeding.export import export_region
from portal.seeding.files_against_typed_rows import FileUpdate, propose
from portal.seeding.region_directory import load_directory
from portal.seeding.seed_files import SeedError
from tests.conftest import CheckedClient
from tests.seeding.test_region_directory import everything

FOLDER = SEEDS / "zuid-kennemerland"


@pytest.fixture
def client(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the region's files, in which a test changes something."""
    return Path(shutil.copytree(FOLDER, tmp_path / "zuid-kennemerland"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def edit(row: Any, **values: Any) -> None:
    """As a coordinator does in the browser; without values the row is removed."""
    with db.atomic():
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, None, reason="gebeld")
        if values:
            change_set.change(row, **values)
        else:
            change_set.remove(row)


def apply(client: CheckedClient, **answers: Any) -> Any:
    page = client.get("/beheer/regio").text
    version = re.search(r'name="versie"[^>]*value="([^"]+)"', page)
    assert version
    return client.submit("/beheer/regio", {"versie": version[1], **answers})


def test_the_export_holds_no_people(portal_copy: Flask, tmp_path: Path) -> None:
    with connection():
        region = exported(tmp_path)
        theirs = ContactDetail.select().where(ContactDetail.person.is_null(False))
        values = {detail.value for detail in theirs}
        names = {person.name for person in Person.select()}
    text = "".join(path.read_text("utf-8") for path in region.folder.glob("*.*"))
    assert values and not [value for value in values | names if value in text]


def test_equal_files_change_nothing(client: CheckedClient) -> None:
    page = client.get("/beheer/regio").text
    assert "0 veranderingen" in page and "Toepassen" not in page


def test_a_coordinator_sees_the_difference_applies_it_and_undoes_it(client: CheckedClient, folder: Path) -> None:
    change(folder, "roles.toml", 'label = "CJG-coach"', 'label = "CJG-adviseur"')
    change(folder, "holidays.csv", "Nieuwjaarsdag", "Nieuwjaar")
    choose_region(read_region(folder))
    with connection():
        before = everything()
    page = client.get("/beheer/regio").text
    assert "naam: eerst CJG-coach, nu CJG-adviseur" in page
    with connection():
        assert everything()["role"] == before["role"]
    assert apply(client).status_code == 302
    assert "CJG-adviseur" in client.get("/?q=CJG-adviseur").text
    assert "0 veranderingen" in client.get("/beheer/regio").text
    with connection():
        number = ChangeSet.get(ChangeSet.kind == ChangeSetKind.REGION_UPDATE).id
    assert client.submit(f"/bewerkingen/{number}/terugdraaien").status_code == 302
    with connection():
        assert Role.get(Role.key == "cjg-coach").label == "CJG-coach"
        assert Holiday.select().where(Holiday.name == "Nieuwjaarsdag").exists()


def test_of_many_changes_a_page_names_the_first_and_counts_all(
    client: CheckedClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_against_typed_rows, "_SHOWN", 1)
    for name in ("CJG-coach", "directeur"):
        change(folder, "roles.toml", f'label = "{name}"', f'label = "{name} nieuw"')
    choose_region(read_region(folder))
    page = client.get("/beheer/regio").text
    assert "2 veranderingen" in page and "Anders (2)" in page
    assert "Hier staan de eerste 1." in page and page.count(": naam: eerst") == 1
    assert apply(client).status_code == 302
    with connection():
        assert Role.select().where(Role.label.endswith(" nieuw")).count() == 2


def test_what_a_seed_proposes_waits_at_beheer_until_it_is_applied(
    client: CheckedClient, portal_copy: Flask, folder: Path
) -> None:
    waits = "De bestanden van de regio zeggen iets anders."
    assert waits not in client.get("/beheer").text
    change(folder, "roles.toml", 'label = "CJG-coach"', 'label = "CJG-adviseur"')
    choose_region(read_region(folder))
    portal_copy.test_cli_runner().invoke(args=["seed"])
    assert waits in client.get("/beheer").text
    assert apply(client).status_code == 302
    assert waits not in client.get("/beheer").text


def test_what_a_person_changed_added_or_removed_stays(portal_copy: Flask, folder: Path) -> None:
    with connection():
        point = ContactPoint.get(ContactPoint.key == "cjg-heemstede")
        edit(point, name="CJG Heemstede-Zuid")
        edit(Holiday.get(Holiday.name == "Koningsdag"))
        with db.atomic():
            change_set = ChangeSet.begin(ChangeSetKind.EDIT, None)
            added = {"valid_from": date(2027, 3, 1), "valid_until": date(2027, 3, 2)}
            change_set.add(Holiday, name="Studiedag", kind="school", **added)
        proposal = propose(ChangeSetKind.REGION_UPDATE, load)
    assert proposal.groups == []
    told = {f"{text.noun} {text.name}: {text.difference}" for _, text in proposal.conflicts}
    assert {words.partition(":")[0] for words in told} == {
        "contactpunt CJG Heemstede-Zuid", "vrije dagen Koningsdag", "vrije dagen Studiedag",
    }  # fmt: skip


def load(update: FileUpdate) -> Any:
    return load_directory(read_region(FOLDER), update)


def test_a_coordinator_may_choose_the_file(client: CheckedClient) -> None:
    with connection():
        point = ContactPoint.get(ContactPoint.key == "cjg-heemstede")
        edit(point, name="CJG Heemstede-Zuid", note="Bel na tien uur.")
    assert apply(client, volg=f"contact_point:{point.id}").status_code == 302
    with connection():
        assert ContactPoint.get_by_id(point.id).name == "CJG Heemstede"
        assert propose(ChangeSetKind.REGION_UPDATE, load).conflicts == []


def test_the_organisation_of_a_school_follows_its_name(client: CheckedClient) -> None:
    def names() -> set[str]:
        with connection():
            school = School.get_by_id("16LF00")
            return {school.name, school.organisation.name}

    (old,) = names()
    with connection():
        edit(School.get_by_id("16LF00"), name="Aan het water", slug="16lf00-aan-het-water")
        edit(School.get_by_id("16LF00").organisation, name="Aan het water")
        ((key, _),) = propose(ChangeSetKind.REGION_UPDATE, load).conflicts
    assert names() == {"Aan het water"}
    assert apply(client, volg=key).status_code == 302
    assert names() == {old}


def test_a_field_that_the_file_changes_beside_one_of_a_person_is_changed(portal_copy: Flask, folder: Path) -> None:
    change(folder, "contacts.toml", 'name = "CJG Bloemendaal"\nsource', 'name = "CJG B."\nsource')
    choose_region(replace(read_region(folder), key="zuid-kennemerland"))
    with connection():
        point = ContactPoint.get(ContactPoint.key == "cjg-bloemendaal")
        edit(point, note="Bel na tien uur.", source="Bewerking 12")
    portal_copy.test_cli_runner().invoke(args=["seed", "--apply"])
    with connection():
        point = ContactPoint.get_by_id(point.id)
        assert (point.name, point.note) == ("CJG B.", "Bel na tien uur.")
        assert point.source == "Bewerking 12"


def test_an_undone_edit_no_longer_counts(portal_copy: Flask) -> None:
    with connection():
        point = ContactPoint.get(ContactPoint.key == "cjg-heemstede")
        edit(point, name="CJG Heemstede-Zuid")
        with db.atomic():
            undo(ChangeSet.select().order_by(ChangeSet.id.desc()).get())
        edit(point, name="CJG Heemstede")
        assert propose(ChangeSetKind.REGION_UPDATE, load).conflicts == []


def test_an_older_file_of_duo_does_not_undo_a_newer_one(portal_copy: Flask) -> None:
    with connection():
        with db.atomic():
            change_set = ChangeSet.begin(ChangeSetKind.DUO_UPDATE, None)
            values = {"phone": "+31235550000", "checked_on": date(2026, 10, 1)}
            change_set.change(School.get_by_id("16LF00"), **values)
            closed = {"closed_on": date(2026, 10, 1), "checked_on": date(2026, 10, 1)}
            change_set.change(School.get_by_id("16AR00"), **closed)
        proposal = propose(ChangeSetKind.REGION_UPDATE, load)
    assert (proposal.groups, proposal.conflicts) == ([], [])


def exported(folder: Path) -> Region:
    export_region(read_region(FOLDER), folder / "zuid-kennemerland")
    return read_region(folder / "zuid-kennemerland")


def test_seeding_from_the_export_changes_nothing(portal_copy: Flask, tmp_path: Path) -> None:
    with connection():
        edit(ContactPoint.get(ContactPoint.key == "cjg-heemstede"), name="CJG \"Heemstede\" 'Zuid'")
        edit(School.get_by_id("16LF00"), name="Camelot aan het water", phone="+31235550000")
        edit(Holiday.get(Holiday.name == "Koningsdag"))
        edit(Responsibility.get(Responsibility.rank == 1), to_confirm=True, source="Bewerking 1")
        edit(Role.get(Role.key == "cjg-coach"), call_about="Regel een.\nRegel twee; met \\ en “x”.")
        region = exported(tmp_path)
        before = everything()
        proposal = propose(ChangeSetKind.REGION_UPDATE, lambda update: load_directory(region, update))
        assert (proposal.found, proposal.groups, proposal.conflicts) == ([], [], [])
        assert everything() == before


def test_an_empty_portal_that_is_seeded_from_the_export_is_the_same(empty_portal: Flask, tmp_path: Path) -> None:
    def directory() -> dict[str, Any]:
        models: tuple[Any, ...] = (
            ContactDetail,
            ContactPoint,
            Holiday,
            Municipality,
            Postcode,
            Responsibility,
            Role,
            School,
        )
        left_out = {"id", "row_version", "organisation", "person", "contact_point", "place", "role"}
        return {
            model.__name__: sorted(
                repr({k: v for k, v in row.items() if k not in left_out}) for row in model.select().dicts()
            )
            for model in models
        }

    run = empty_portal.test_cli_runner()
    run.invoke(args=["seed"])
    with connection():
        before = directory()
        region = exported(tmp_path)
        for model in CHILDREN_FIRST:
            model.delete().execute()
        load_directory(region)
        assert directory() == before


def test_an_export_replaces_no_folder(portal_copy: Flask, tmp_path: Path) -> None:
    (tmp_path / "zuid-kennemerland").mkdir()
    with connection(), pytest.raises(SeedError, match="hier kan geen nieuwe map komen"):
        exported(tmp_path)
    told = portal_copy.test_cli_runner().invoke(args=["export-region", str(tmp_path / "nieuw")])
    assert told.exit_code == 0 and "zonder mensen" in told.output
