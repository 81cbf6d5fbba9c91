"""A cached answer is never older than the database, and a prepared query is plain peewee."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.database import connection, db
from portal.directory import contact_details, people, timeline
from portal.directory import schools as directory
from portal.directory.models import (
    Absence,
    Assignment,
    ChangeRecord,
    ContactDetail,
    Person,
    Sector,
    Substitute,
    Vacancy,
    Visibility,
)
from portal.search import index
from tests.conftest import TODAY

PAGE = "/gemeenten/haarlem"


def elsewhere(path: Path, statement: str) -> None:
    """Write to the database from another process."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
    )
    subprocess.run([sys.executable, "-c", code, path, statement], check=True)


def test_a_change_by_another_process_is_on_the_next_page(portal_copy: Flask) -> None:
    client = portal_copy.test_client()
    assert "023 511 36 60" in client.get(PAGE).text
    assert "023 511 36 60" in client.get(PAGE).text
    elsewhere(
        Path(str(db.database)),
        "UPDATE contact_detail SET value = '+31235550000' WHERE value = '+31235113660'",
    )
    text = client.get(PAGE).text
    assert "023 511 36 60" not in text
    assert "023 555 00 00" in text


def test_a_change_by_this_process_is_known_at_once(portal_copy: Flask) -> None:
    with connection():
        assert ("po", "basisonderwijs") in directory.list_sectors()
        Sector.update(label="anders").where(Sector.key == "po").execute()
        assert ("po", "anders") in directory.list_sectors()


def test_a_change_that_is_rolled_back_is_not_cached(portal_copy: Flask) -> None:
    with connection():
        before = directory.list_sectors()
        with db.atomic() as transaction:
            Sector.update(label="anders").where(Sector.key == "po").execute()
            assert ("po", "anders") in directory.list_sectors()
            transaction.rollback()
        assert directory.list_sectors() == before


def test_a_cached_query_is_not_run_again_while_nothing_changes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection():
        directory.list_roles()
        monkeypatch.setattr(db, "execute_sql", None)
        assert directory.list_roles()


def _prepared_queries() -> list[tuple[Any, tuple[Any, ...]]]:
    """Every prepared query with values for which it finds rows."""
    posts = list(Assignment.select().order_by(Assignment.id).limit(40))
    schools = sorted({post.school_id for post in posts})
    holders = sorted({post.person_id for post in posts})
    substitute = Substitute.select().join(Absence).get()
    vacancy = Vacancy.select().get()
    new_number = ContactDetail.valid_from > TODAY
    long_ago = TODAY.replace(year=2020)
    return [
        (people._holders, (TODAY, schools, None)),
        (people._holders, (TODAY, schools[:1], ["directeur", "cjg-coach"])),
        (people._holders, (TODAY, None, ["directeur"])),
        (people._substitutes, (substitute.absence.valid_from, [substitute.assignment_id])),
        (people._people, (holders[:3],)),
        (people._people, (holders,)),
        (people._posts, (TODAY, holders)),
        (people._vacancies, (TODAY, [row.school_id for row in Vacancy.select()])),
        (timeline._periods, (schools[0], long_ago)),
        (timeline._periods, (vacancy.school_id, long_ago)),
        (timeline._periods, (substitute.assignment.school_id, long_ago)),
        (timeline._periods, (_school_of_holder(new_number), TODAY)),
        (timeline._changes, ([row.row for row in ChangeRecord.select()],)),
        (contact_details._person_details, (holders, list(Visibility), TODAY)),
        (directory._schools_by_code, (schools,)),
        (index._matching, ('{title names} : ("de"*)', 0, 10**9, 7)),
    ]


def _school_of_holder(has_detail: Any) -> Any:
    """A school where somebody with such a contact detail works."""
    return Assignment.select().join(Person).join(ContactDetail).where(has_detail).get().school_id


def test_a_prepared_query_gives_the_rows_of_peewee(app: Flask) -> None:
    with connection():
        for query, values in _prepared_queries():
            plain = list(query.build(*values).tuples())
            assert query(*values) == query(*values) == plain != [], values


def test_the_periods_of_every_table_are_among_them(app: Flask) -> None:
    with connection():
        found = {
            table
            for query, values in _prepared_queries()
            if query is timeline._periods
            for table, *_ in query(*values)
        }
    assert found == {"assignment", "vacancy", "absence", "contact_detail"}


def test_a_prepared_query_with_an_empty_list_runs_no_statement(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "execute_sql", None)
    assert people._people([]) == []
