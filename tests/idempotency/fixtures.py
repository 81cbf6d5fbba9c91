"""The portal with something in each list, made once per process and copied for each test."""

from pathlib import Path

import pytest
from flask import Flask

from portal.database import db
from tests.clock import TODAY, stopped_at
from tests.conftest import copied, switch
from tests.idempotency.test_once import Portal

Rows = tuple[Path, dict[str, object]]


@pytest.fixture(scope="session")
def _rows(_application: Flask, seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """A database with something in each list, and the numbers of the rows."""
    path = copied(seeded, tmp_path_factory.mktemp("something"))
    with stopped_at(f"{TODAY} 09:00:00"):
        ids = Portal(switch(_application, path)).ids
    db.close()
    return path, ids


@pytest.fixture
def portal_with_rows(_application: Flask, _rows: Rows, tmp_path: Path) -> Portal:
    path, ids = _rows
    return Portal(switch(_application, copied(path, tmp_path)), ids)
