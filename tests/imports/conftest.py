"""The region's directory before anybody is in it, as an import reads it."""

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.similar_people import KnownPeople
from portal.imports.directory_snapshot import Snapshot, load_snapshot
from portal.region import current_region
from tests.clock import TODAY


@pytest.fixture
def empty_directory(app: Flask) -> Snapshot:
    """Its schools, roles and organisations, and no people."""
    with app.app_context(), connection():
        snapshot = load_snapshot(TODAY, current_region().not_names)
    return snapshot._replace(people=KnownPeople(()))
