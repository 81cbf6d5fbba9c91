"""The shape of the house: imports, tables, statements."""

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from playhouse.schema_diff import diff_models

from portal.config import ROOT
from portal.database import BaseModel, connection, db
from portal.database.cache import _shared
from portal.directory import schools_and_kernen as directory
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, Role, School
from portal.directory.who_works_or_is_absent import list_holders
from portal.notices.models import Notice, NoticeLine, NoticeSchool, Recipient, RecipientSchool
from portal.search.index import SearchDocument
from tests.clock import TODAY
from tests.conftest import CheckedClient, copied, switch
from tests.factories import make_notice
from tests.files_per_request import AIMS, count_all
from tests.routes import ROUTES


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_go_down_the_layers() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


def test_what_breaks_the_layers_is_found(tmp_path: Path) -> None:
    """Imports that go up, a library where it may not be, and a package without a layer."""
    shutil.copytree(ROOT / "portal", tmp_path / "portal")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    broken = {
        "search/index.py": "portal.finder.forms", "web/menu.py": "portal.database",
        "finder/views.py": "peewee",
    }  # fmt: skip
    for module, imported in broken.items():
        with (tmp_path / "portal" / module).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")
    (tmp_path / "portal" / "extra.py").write_text("")
    result = lint_imports(tmp_path)
    assert result.returncode == 1
    for module, imported in broken.items():
        name = "portal." + module.removesuffix(".py").replace("/", ".")
        assert f"{name} -> {imported} (l." in result.stdout, result.stdout
    assert "portal.extra" in result.stdout


def test_the_migrations_make_exactly_the_tables_of_the_models(app: Flask) -> None:
    models = [m for m in BaseModel.__subclasses__() if m is not SearchDocument]
    with connection():
        assert str(diff_models(db, models)) == ""


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are executed inside."""
    seen: list[str] = []
    execute: Callable[..., object] = db.execute_sql

    def note(sql: str, *args: object, **kwargs: object) -> object:
        seen.append(sql)
        return execute(sql, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db.obj, "execute_sql", note)
        yield seen


def forget(app: Flask) -> None:
    """Count a page that is made anew, without the reads that show what has changed."""
    app.extensions["pieces"].forget()
    _shared.forget()


def assign(number: int) -> None:
    """Leave one assignment at Camelot, and give its holder `number` of them."""
    Assignment.delete().where(Assignment.school == "16LF00").execute()
    person = Assignment.select().get().person
    Assignment.delete().where(Assignment.person == person).execute()
    schools = ["16LF00", *(s.code for s in School.select() if s.code != "16LF00")]
    roles = list(Role.select())
    Assignment.insert_many(
        {
            "person": person,
            "role": roles[0 if at == 0 else at % len(roles)],
            "school": schools[at % len(schools)] if at % 3 else "16LF00",
            "valid_from": TODAY - timedelta(days=1),
            "source": "x",
            "checked_on": TODAY,
        }
        for at in range(number)
    ).execute()


def test_a_page_costs_as_many_statements_with_1_as_with_200_assignments(portal_copy: Flask) -> None:
    costs: dict[str, list[int]] = defaultdict(list)
    for number in (1, 200):
        with connection(), db.atomic():
            assign(number)
            person = list_holders(TODAY, schools=["16LF00"])[0].contact.person_id
            notice = Notice.select().get().id
        for where in [path for route in ROUTES.values() for path in route.counted]:
            role, _, path = where.rpartition(" ")
            client = CheckedClient(portal_copy, portal_copy.response_class, checks=False)
            if role:
                client.sign_in(role)
            forget(portal_copy)
            with counted() as statements:
                answer = client.get(path.format(person=person, notice=notice))
            assert answer.status_code == 200, where
            costs[where].append(len(statements))
    assert {where: cost for where, cost in costs.items() if not cost[0] == cost[1] <= 36} == {}


def post(number: int) -> int:
    """`number` notices about Camelot, each to everybody there; gives the last."""
    holders = list_holders(TODAY, schools=["16LF00"])
    audience = {person for holder in holders if (person := holder.contact.person_id)}
    first = Assignment.select().where(Assignment.school == "16LF00").get()
    Assignment.update(valid_from=TODAY).where(Assignment.id == first.id).execute()
    made = [
        make_notice(2, key=str(at), kind="vacature", title="Vacature", valid_from=TODAY).id
        for at in range(Notice.select().count(), number)
    ]
    NoticeSchool.insert_many({"notice": notice, "school": "16LF00"} for notice in made).execute()
    line = {"school": "16LF00", "role": "x", "before": "x", "after": "x"}
    NoticeLine.insert_many({"notice": notice, **line} for notice in made).execute()
    Recipient.insert_many(
        {"notice": notice, "person": person, "email": "x", "mailed": True}
        for notice in made for person in audience
    ).execute()  # fmt: skip
    mailed = Recipient.select(Recipient.id).where(Recipient.notice.in_(made))
    RecipientSchool.insert_many({"recipient": row.id, "school": "16LF00"} for row in mailed).execute()
    change_sets = ChangeSet.select(ChangeSet.id).where(
        (ChangeSet.kind == ChangeSetKind.NOTICE) & ChangeSet.ref.in_(made)
    )
    Change.insert_many(
        {"change_set": row.id, "table": "assignment", "row": first.id, "row_version": 1} for row in change_sets
    ).execute()
    return int(made[-1])


@pytest.fixture
def board(app: Flask, empty_board: Path, tmp_path: Path) -> Flask:
    """A portal with a board on which nothing stands."""
    return switch(app, copied(empty_board, tmp_path))


def test_a_page_costs_as_many_statements_with_1_as_with_200_notices(board: Flask) -> None:
    costs: dict[tuple[str, str], list[int]] = defaultdict(list)
    paths = ("/wijzigingen", "/wijzigingen/{notice}", "/scholen/16lf00-basisschool-camelot")
    for number in (1, 200):
        with connection(), db.atomic():
            notice = post(number)
        for role, path in product(("member", "coordinator"), paths):
            client = CheckedClient(board, board.response_class).sign_in(role)
            forget(board)
            with counted() as statements:
                assert client.get(path.format(notice=notice)).status_code == 200
            costs[role, path].append(len(statements))
    assert {page: cost for page, cost in costs.items() if not cost[0] == cost[1] <= 36} == {}


def test_a_query_per_row_raises_the_count_of_statements(app: Flask) -> None:
    with connection(), app.test_request_context(), counted() as statements:
        schools = directory.list_schools(directory.chosen_schools("so"))
        before = len(statements)
        for school in schools:
            directory.find_school(school.code)
    assert len(statements) - before == len(schools) > 1


@pytest.mark.sqlite("which files a request enters does not depend on the database")
def test_who_reads_one_request_opens_few_files(own_portal: Flask) -> None:
    entered = {each.request: len(each.own) for each in count_all(own_portal)}
    assert {request: entered[request] for request, aim in AIMS.items() if entered[request] > aim} == {}


def test_every_test_that_the_page_on_calendars_names_exists() -> None:
    text = (ROOT / "docs" / "calendars.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)`|`(test_\w+)`", text)  # a file, or a test of the file before it
    tests = ""
    for path, name in named:
        tests = (ROOT / path).read_text("utf-8") if path else tests
        assert f"def {name}(" in tests or path, name
    assert len(named) > 11


def test_every_test_that_the_page_on_security_names_exists() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    assert len(named) > 25
    for path, function in named:
        assert f"def {function}" in (ROOT / path).read_text("utf-8"), (path, function)
