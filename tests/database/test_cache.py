"""What a worker remembers between requests is never older than the database."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.database import connection, db
from portal.directory import change_sets, contact_details, people, timeline
from portal.directory import schools as directory
from portal.directory.models import Absence, Assignment, ContactDetail, Sector, Substitute
from portal.search import index
from tests.conftest import TODAY

PAGE = "/gemeenten/haarlem"


def elsewhere(path: Path, statement: str) -> None:
    """Another process writes in the database."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
    )
    subprocess.run([sys.executable, "-c", code, path, statement], check=True)


def test_a_number_that_another_process_changes_is_on_the_next_page(portal_copy: Flask) -> None:
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


def test_what_this_process_changes_is_known_at_once(portal_copy: Flask) -> None:
    with connection():
        assert ("po", "basisonderwijs") in directory.list_sectors()
        Sector.update(label="anders").where(Sector.key == "po").execute()
        assert ("po", "anders") in directory.list_sectors()


def test_what_is_rolled_back_is_not_remembered(portal_copy: Flask) -> None:
    with connection():
        before = directory.list_sectors()
        with db.atomic() as transaction:
            Sector.update(label="anders").where(Sector.key == "po").execute()
            assert ("po", "anders") in directory.list_sectors()
            transaction.rollback()
        assert directory.list_sectors() == before


def test_nothing_is_asked_twice_while_nothing_changes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection():
        directory.list_roles()
        monkeypatch.setattr(db, "execute_sql", None)
        assert directory.list_roles()


def _values() -> list[tuple[Any, tuple[Any, ...]]]:
    """Every query of which the text is kept, with values that find something."""
    posts = list(Assignment.select().order_by(Assignment.id).limit(40))
    schools = sorted({post.school_id for post in posts})
    holders = sorted({post.person_id for post in posts})
    points = [row.contact_point_id for row in ContactDetail.select() if row.contact_point_id]
    away = Substitute.select().join(Absence).get()
    day = away.absence.valid_from
    at = away.assignment.school_id
    changed = [row.row for row in change_sets.ChangeRecord.select()]
    return [
        (people._holders, (TODAY, schools, None)),
        (people._holders, (TODAY, schools[:1], ["directeur", "cjg-coach"])),
        (people._holders, (TODAY, None, ["directeur"])),
        (people._standing_in, (day, [away.assignment_id])),
        (people._people, (holders[:3],)),
        (people._people, (holders,)),
        (people._checked, (holders,)),
        (people._posts, (TODAY, holders)),
        (people._posts_ahead, (TODAY, holders)),
        (people._vacancies, (TODAY, [row.school_id for row in people.Vacancy.select()])),
        (timeline._post_periods, (schools[0], TODAY.replace(year=2020))),
        (
            timeline._vacancy_periods,
            (people.Vacancy.select().get().school_id, TODAY.replace(year=2020)),
        ),
        (timeline._absence_periods, (at, TODAY.replace(year=2020))),
        (timeline._detail_periods, (_with_a_new_number(), TODAY, ContactDetail.OPEN)),
        (
            contact_details._ROWS["person"],
            (holders, [ContactDetail.OPEN, ContactDetail.MEMBERS], TODAY),
        ),
        (contact_details._ROWS["contact_point"], (points, [ContactDetail.OPEN], TODAY)),
        (directory._with_codes, (schools,)),
        (change_sets._touching, (changed,)),
        (change_sets._beginning, (changed,)),
        (index._matching, ('{title names} : ("de"*)', 0, 10**9, 7)),
    ]


def _with_a_new_number() -> Any:
    """A school where somebody gets a new number."""
    later = ContactDetail.valid_from > TODAY
    query = Assignment.select().join(people.Person).join(ContactDetail).where(later)
    return query.get().school_id


def test_a_query_of_which_the_text_is_kept_gives_the_rows_of_peewee(app: Flask) -> None:
    with connection():
        for query, values in _values():
            plain = list(query.build(*values).tuples())
            assert query(*values) == query(*values) == plain, values
            # Without an order of its own a query that finds nothing proves nothing.
            assert plain or query is change_sets._beginning, values


def test_an_empty_list_asks_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "execute_sql", None)
    assert people._people([]) == []
