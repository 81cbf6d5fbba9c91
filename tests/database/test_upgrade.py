"""The database of every release becomes one of this version, with all that was in it."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playhouse.schema_diff import diff_models

from portal.app import create_app
from portal.config import ROOT, Config
from portal.database import BaseModel, connection, db, migrate
from portal.directory.change_sets import Change
from portal.directory.models import Absence
from portal.notices.models import Notice
from portal.region import read_region
from portal.search.index import SearchDocument
from tests.conftest import CheckedClient
from tests.databases import dump
from tests.factories import find_of_notice
from tests.notices.conftest import Visitor

pytestmark = pytest.mark.sqlite("the releases before this one ran on SQLite only")
DUMPS = sorted(dump.FOLDER.glob("*.sql"))
Old = tuple[Flask, dict[str, int]]  # the portal, and how many rows each table holds


@pytest.fixture(params=DUMPS, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Old:
    """The portal on the database of a release, and how many rows each of its tables holds."""
    text = request.param.read_text("utf-8")
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as loaded:
        loaded.executescript(f"BEGIN; {text} COMMIT;")  # one write to the disk, not four hundred
    rows = {
        table: len(re.findall(f'^INSERT INTO "{table}"', text, re.MULTILINE))
        for table in re.findall(r'^CREATE TABLE "(\w+)"', text, re.MULTILINE)
    }
    region = read_region(ROOT / "tests" / "regions" / "merenland")
    config = replace(Config.from_environment({}), database_url=f"sqlite:///{path}", region=region)
    app = create_app(replace(config, region=replace(region, modules=region.modules | {"notices"})))
    app.testing = True
    app.test_client_class = CheckedClient
    return app, rows


def test_there_is_a_dump_of_every_release() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert [path.stem for path in DUMPS] == sorted(versions)


def test_an_upgrade_makes_the_tables_of_the_models_and_keeps_every_row(old: Old) -> None:
    _, rows = old
    assert sum(rows.values()) > 150
    rows["schema_migration"] += len(migrate())
    models = [model for model in BaseModel.__subclasses__() if model is not SearchDocument]
    with connection():
        assert str(diff_models(db, models)) == ""
        for table in set(rows) & set(db.get_tables()):
            assert db.execute_sql(f"SELECT COUNT(*) FROM {table}").fetchone() == (rows[table],)


@pytest.mark.parametrize("old", [dump.FOLDER / "0.2.0.sql"], indirect=True)
def test_the_changes_of_a_notice_become_those_of_its_change_set(old: Old) -> None:
    app, rows = old
    assert rows["change_record"] == 1
    migrate()
    with connection():
        change_set = find_of_notice(1)
        assert (change_set.source, change_set.author) == ("Melding 1", Notice.get_by_id(1).account_id)
        assert Change.select().where(Change.change_set == change_set).count() == 1
        (absence,) = Absence.select().where(Absence.source == "Melding 1")
        assert Change.get().person == absence.person_id
        assert Change.get().row == str(absence.id)
    visitor = Visitor(app, "coordinator")
    assert visitor.press(1, "intrekken").status_code == 302
    with connection():
        assert not Absence.select().where(Absence.source == "Melding 1").exists()


def test_the_pages_show_what_was_there(old: Old) -> None:
    app, _ = old
    app.test_cli_runner().invoke(args=["invite-administrator", "noor@school.example"])
    client = CheckedClient(app, app.response_class)
    assert ">De <mark>Klaver</mark>" in client.get("/?q=klaver").text
    client.sign_in("coordinator")
    for path in ("/wijzigingen", "/wijzigingen/1", "/beheer/aanvragen", "/beheer/post"):
        assert client.get(path).status_code == 200, path
    assert "Kort afwezig." in client.get("/wijzigingen/1").text
