"""A cached answer is never older than the directory, and ends with no other write."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from inspect import signature, unwrap
from itertools import chain
from types import FunctionType
from typing import Any

import pytest
from flask import Flask
from peewee import sort_models  # type: ignore[attr-defined]  # not in peewee's own stubs

from portal import clock
from portal.audit import AuditEntry
from portal.config import Config
from portal.database import BaseModel, cache, connection, db
from portal.database.database_flags import DatabaseFlag
from portal.database.directory_version import DirectoryVersion, TableVersion, find_version
from portal.directory import models
from portal.directory import schools_and_kernen as directory
from portal.directory.change_sets import Change, ChangeSet
from portal.directory.models import (
    Employment,
    Kern,
    KernMembership,
    Organisation,
    Person,
    School,
    Sector,
    Setting,
    SettingKey,
    Visibility,
)
from portal.directory.who_works_or_is_absent import list_people_in_role
from portal.jobs.worker import tick
from portal.mail.models import OutgoingMail
from portal.mail.outbox import Mail, enqueue
from portal.quality.models import Confirmation, ConfirmationRound, Report
from portal.quality.round_schedule import Step
from portal.requests.models import Mailbox, Subject
from portal.search import finding
from portal.search.index import SearchDocument
from tests.conftest import CheckedClient
from tests.contracts.test_structure import counted
from tests.factories import make_report

PAGE = "/gemeenten/haarlem"
DIRECTORY: list[Any] = [
    model
    for model in BaseModel.__subclasses__()
    if model in (DatabaseFlag, SearchDocument, Report, ConfirmationRound, Confirmation, Subject, Mailbox)
    or model.__module__ == models.__name__
]


def elsewhere(app: Flask, statement: str) -> None:
    """Write to the database from another program, which needs no more than the driver."""
    settings: Config = app.config["KERNWIJZER"]
    driver = "sqlite3" if settings.sqlite_file else "psycopg"
    code = f"import {driver}, sys; db = {driver}.connect(sys.argv[1]); db.execute(sys.argv[2]); db.commit()"
    url = settings.database_url.removeprefix("sqlite:///")
    subprocess.run([sys.executable, "-c", code, url, statement], check=True)


def test_a_change_by_another_process_is_on_the_next_page(portal_copy: Flask) -> None:
    client = portal_copy.test_client()
    assert "023 511 36 60" in client.get(PAGE).text
    assert "023 511 36 60" in client.get(PAGE).text
    elsewhere(portal_copy, "UPDATE contact_detail SET value = '+31235550000' WHERE value = '+31235113660'")
    text = client.get(PAGE).text
    assert "023 511 36 60" not in text
    assert "023 555 00 00" in text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_change_by_this_request_is_known_at_once(portal_copy: Flask, method: str) -> None:
    with connection(), portal_copy.test_request_context(method=method):
        assert ("po", "basisonderwijs") in directory.list_sectors()
        with db.atomic():
            Sector.update(label="anders").where(Sector.key == "po").execute()
            assert ("po", "anders") in directory.list_sectors()
        if method == "POST":
            assert ("po", "anders") in directory.list_sectors()
    with connection():
        assert ("po", "anders") in directory.list_sectors()


def test_a_change_that_is_rolled_back_is_forgotten(portal_copy: Flask) -> None:
    with connection():
        before = directory.list_sectors()
        with db.atomic() as transaction:
            Sector.update(label="anders").where(Sector.key == "po").execute()
            assert ("po", "anders") in directory.list_sectors()
            transaction.rollback()
        assert directory.list_sectors() == before
        Sector.update(label="nog anders").where(Sector.key == "po").execute()
        assert ("po", "nog anders") in directory.list_sectors()


def test_a_page_asks_nothing_again_while_the_directory_stays(portal_copy: Flask) -> None:
    """Other writes leave what is cached: sending a mail, signing in, and the worker's jobs."""
    client = portal_copy.test_client()

    def statements() -> list[str]:
        with counted() as seen:
            client.get(PAGE)
        return seen

    statements()
    before = statements()
    assert sum("directory_version" in sql for sql in before) == 1
    with connection():
        enqueue(Mail("test:1", "noor@school.example", "Test", "Test"), "kernwijzer.example")
        assert tick(portal_copy.extensions["jobs"])
        assert OutgoingMail.get(OutgoingMail.key == "test:1").done_at
    CheckedClient(portal_copy).sign_in("coordinator")
    assert statements() == before
    with connection():
        Sector.update(label="anders").where(Sector.key == "po").execute()
    assert len(statements()) > len(before)


def renewed(change: Callable[[], Any]) -> list[str]:
    """The tables whose version a change renews."""
    before = find_version()
    change()
    after = find_version()
    tables = [name for name, number in after.tables.items() if before.tables[name] != number]
    assert (before.number != after.number) is bool(tables)
    return tables


@pytest.mark.parametrize(("heaviest", "statements"), [(64, 0), (1, 1)])
def test_rows_are_kept_unless_they_would_take_the_place_of_all_others(
    portal_copy: Flask, monkeypatch: pytest.MonkeyPatch, heaviest: int, statements: int
) -> None:
    monkeypatch.setattr(cache, "_HEAVIEST", heaviest)
    query = School.select(School.code).where(School.name != str(heaviest))
    with connection():
        first = cache.fetch_kept(query)
        assert 100 < len(first) < 800
        with counted() as seen:
            assert cache.fetch_kept(query) == first
    assert sum('"school"' in sql for sql in seen) == statements


def test_a_large_answer_is_kept_and_takes_more_room(portal_copy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = cache.Memory(64)
    monkeypatch.setattr(cache, "_shared", memory)

    @cache.cached_until_change
    def ask(rows: int) -> list[int]:
        return list(range(rows))

    with connection():
        for rows in (10, 11, 10_000, 10_001):
            ask(rows)
        assert ask(10_001) is ask(10_001)
    assert len(memory.kept) == 1


def test_every_change_of_the_directory_renews_the_version(portal_copy: Flask) -> None:
    watched = sort_models(DIRECTORY)
    with connection(), db.atomic() as transaction:
        Setting.create(key=SettingKey.VEILIG_THUIS, value="0800 2000")
        organisation = Organisation.select().first()
        Employment.create(
            person=Person.select().first(), organisation=organisation, valid_from=clock.today(),
            source="test", checked_on=clock.today(),
        )  # fmt: skip
        Kern.create(code="kern-west", name="Kern West", sort_key="kern west")
        KernMembership.create(
            kern="kern-west", school=School.select().first(), valid_from=clock.today(),
            source="test", checked_on=clock.today(),
        )  # fmt: skip
        make_report(Person.select().first())
        begun = ConfirmationRound.create(begins_on=clock.today())
        Confirmation.create(round=begun, person=Person.select().first(), step=Step.ASKED, since=clock.today())
        rows = {model: list(model.select().dicts()) for model in watched}
        for model in reversed(
            sort_models({*BaseModel.__subclasses__()} - {AuditEntry, Change, ChangeSet, DirectoryVersion, TableVersion})
        ):
            name = model._meta.table_name
            assert renewed(model.delete().execute) == [name] * (model in watched), model
        for model in watched:
            own = [model._meta.table_name]
            assert renewed(model.insert_many(rows[model]).as_rowcount().execute) == own
            key = model._meta.primary_key
            row = rows[model][0]
            assert renewed(model.update(row).where(key == row[key.name]).execute) == own
        transaction.rollback()


def test_cached_answers_are_made_of_the_directory_alone(app: Flask) -> None:
    """A table that is read without renewing the version would give old answers."""
    arguments = {
        "on": clock.today(), "after": clock.today(), "viewer": Visibility.OPEN, "key": SettingKey.VEILIG_THUIS,
            "listed": frozenset(),
            "codes": frozenset(["16LF00"]),
            "ids": frozenset([1]),
            "role": "cjg-coach", "workplaces": frozenset(["16LF00"]),
            "region": app.config["KERNWIJZER"].region, "stamps": frozenset(),
    }  # fmt: skip
    cached = {
        function
        for module in [name for name in sys.modules if name.startswith("portal.")]
        for function in vars(sys.modules[module]).values()
        if isinstance(function, FunctionType) and function.__code__ is directory.list_roles.__code__
    }
    read: set[str] = set()
    for function in cached:
        with connection(), counted() as seen:
            unwrap(function)(*map(arguments.__getitem__, signature(function).parameters))
        tables = set(chain.from_iterable(re.findall(r'(?:FROM|JOIN) "(\w+)"', sql) for sql in seen))
        if unwrap(function).__name__ == "_propose_files":  # these change with the directory
            tables -= {"change", "change_set", "database_flag", "directory_version"}
        read |= tables
    assert len(read) > 10
    assert read <= {model._meta.table_name for model in (*DIRECTORY, TableVersion)}


def test_the_words_of_the_search_are_read_again_after_a_change_of_them_only(portal_copy: Flask) -> None:
    with connection():
        words = finding.list_words()
        Sector.update(label="anders").where(Sector.key == "po").execute()
        assert finding.list_words() is words
        SearchDocument.update(title="schelpenmeester").where(SearchDocument.ref == "cjg-coach").execute()
        assert "schelpenmeester" in finding.list_words()


def test_a_cached_query_is_not_run_again_while_nothing_changes(app: Flask) -> None:
    with connection():
        directory.list_roles()
        with counted() as seen:
            assert directory.list_roles()
    assert len(seen) == 1


def test_the_people_in_a_role_are_kept_for_today_only(app: Flask) -> None:
    """Anybody may ask for any other day."""
    with connection():
        for day, is_kept in ((clock.today(), True), (clock.today() + timedelta(days=9), False)):
            list_people_in_role(day, "cjg-coach")
            with counted() as seen:
                assert list_people_in_role(day, "cjg-coach")
            assert any('FROM "person"' in sql for sql in seen) is not is_kept
