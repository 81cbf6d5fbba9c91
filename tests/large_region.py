"""A region of which the lists are too long to send: 650 more schools and 650 more people."""

from pathlib import Path

import pytest

from portal.database import db
from portal.directory.models import Organisation, Person, School
from portal.search.index import reindex
from tests.conftest import kept_database, make_app
from tests.factories import CAMELOT
from tests.postgres import copy_database

MORE = 650


@pytest.fixture(scope="session")
def large(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeded database with these schools and people."""
    return kept_database("large", tmp_path_factory.mktemp("large"), lambda path: _enlarge(copy_database(seeded, path)))


def _enlarge(path: Path) -> None:
    """Add the schools and people to the database at a path: schools "Grote School 1" in Haarlem, with "Berg Duizend"
    at the first organisation that is no school."""
    with make_app(path).app_context(), db.connection_context(), db.atomic():
        model = School.get_by_id(CAMELOT).__data__
        partner = Organisation.get(Organisation.kind == Organisation.PARTNER)
        first = Organisation.select(Organisation.id).order_by(Organisation.id.desc()).scalar() + 1
        numbers = range(MORE)
        Organisation.insert_many(
            {"id": first + n, "key": f"groot-{n}", "name": f"Grote School {n}",
             "kind": Organisation.SCHOOL, "sort_key": f"grote school {n}"} for n in numbers
        ).execute()  # fmt: skip
        School.insert_many(
            {**model, "code": f"{n % 100:02}ZZ{n // 100:02}", "organisation": first + n,
             "slug": f"groot-{n}", "name": f"Grote School {n}", "duo_name": f"Grote School {n}",
             "sort_key": f"grote school {n}"} for n in numbers
        ).execute()  # fmt: skip
        Person.insert_many(
            {"organisation": partner.id, "given_name": f"Groot{n}", "infix": "van den",
             "family_name": "Duizend", "sort_key": f"duizend groot{n}"} for n in numbers
        ).execute()  # fmt: skip
        reindex()
