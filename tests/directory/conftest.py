"""A school to assign people to."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.database import connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, School


@pytest.fixture
def school(portal_copy: Flask) -> Iterator[School]:
    """Camelot, without any assignment."""
    with connection():
        Assignment.delete().where(Assignment.school == "16LF00").execute()
        yield School.get_by_id("16LF00")


@pytest.fixture
def change_set(school: School) -> ChangeSet:
    """A change set to assign people by."""
    with db.atomic():
        return ChangeSet.begin(ChangeSetKind.EDIT, None)
