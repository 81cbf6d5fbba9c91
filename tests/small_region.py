"""A region of 27 schools instead of 114 and the people who work there, for tests that compare with all there is."""

from pathlib import Path

import pytest

from portal.accounts.models import Account
from portal.database import connection, db
from portal.directory.models import Assignment, Organisation, Person, School, Vacancy
from portal.requests.models import Request
from portal.search.index import reindex
from tests.conftest import kept_database, make_app
from tests.factories import coach, posts
from tests.postgres import copy_database

NAMED = {"16LF00", "07FH00", "08TO00", "18KK00"}  # by the tests


@pytest.fixture(scope="session")
def small(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeded database without most schools and without whoever works at none of the others."""
    return kept_database("small", tmp_path_factory.mktemp("small"), lambda path: _shrink(copy_database(seeded, path)))


def _shrink(path: Path) -> None:
    with make_app(path).app_context(), connection(), db.atomic():
        asking = {request.school_id for request in Request.select()}
        kept = NAMED | asking | {post.school_id for post in posts(coach())}
        codes = sorted(school.code for school in School.select())
        gone = [code for at, code in enumerate(codes) if at % 6 and code not in kept]
        employers = [school.organisation_id for school in School.select().where(School.code.in_(gone))]
        for model in (Assignment, Vacancy):
            model.delete().where(model.school.in_(gone)).execute()
        working = Assignment.select(Assignment.person).union(
            Account.select(Account.person).where(Account.person.is_null(False))
        )
        Person.delete().where(Person.id.not_in(working)).execute()
        School.delete().where(School.code.in_(gone)).execute()
        Organisation.delete().where(
            Organisation.id.in_(employers) & Organisation.id.not_in(Person.select(Person.organisation))
        ).execute()
        reindex()
