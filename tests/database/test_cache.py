"""A cached answer is never older than the database."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from portal.database import connection, db
from portal.directory import schools as directory
from portal.directory.models import (
    Sector,
)

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
        monkeypatch.setattr(db.obj, "execute_sql", None)
        assert directory.list_roles()
