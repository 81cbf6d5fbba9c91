"""The region's directory before anybody is in it, as an import reads it; and a portal with nobody at Camelot."""

from pathlib import Path

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.models import Assignment, Substitute, Vacancy
from portal.directory.similar_people import KnownPeople
from portal.imports.directory_snapshot import Snapshot, load_snapshot
from portal.region import current_region
from tests.clock import TODAY
from tests.factories import CAMELOT


@pytest.fixture
def empty_directory(app: Flask) -> Snapshot:
    """The schools, roles and organisations of the region, and no people."""
    with app.app_context(), connection():
        snapshot = load_snapshot(TODAY, current_region().not_names)
    return snapshot._replace(people=KnownPeople(()))


@pytest.fixture
def template(small: Path) -> Path:
    """Few schools: reading a file compares it with all of them."""
    return small


@pytest.fixture
def nobody_at_camelot(portal_copy: Flask) -> Flask:
    """A portal in which nobody holds anything at Camelot, so that a test says who does."""
    with connection():
        Substitute.delete().execute()
        Assignment.delete().where(Assignment.school == CAMELOT).execute()
        Vacancy.delete().execute()
    return portal_copy
