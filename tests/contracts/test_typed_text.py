"""Text from visitors is shown as text and never becomes part of a statement."""

import ast
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from markupsafe import escape

from portal.config import ROOT
from tests.clock import TODAY, stopped_at
from tests.conftest import copied, switch
from tests.contracts.test_query_plans import Statements, assert_no_scans, collected, misread
from tests.fuzz.sending import CANARY
from tests.idempotency.test_once import FORMS, Portal

RAW = {"execute_sql", "execute", "executescript", "SQL"}
# The functions that make statements of names in the code, of the engine and of the migrations.
# The second composes statements of quoted names with psycopg.sql.
OWN = ("portal/database/", "portal/backups/postgres.py")


def raw_statements(code: str) -> list[int]:
    """The lines with a statement that is not a constant."""
    if not any(name in code for name in RAW):
        return []  # reading every tree would take a second
    return [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and node.args
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in RAW
        and not isinstance(node.args[0], ast.Constant)
    ]


def test_no_statement_is_made_of_text() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in Path(ROOT / "portal").rglob("*.py")
        if not str(path.relative_to(ROOT)).startswith(OWN) and (lines := raw_statements(path.read_text("utf-8")))
    }
    assert found == {}


def test_a_statement_made_of_text_is_found() -> None:
    assert raw_statements('db.execute_sql(f"SELECT {name}")\nSQL("a")\ndb.execute(a + b)') == [1, 3]


class Sent(NamedTuple):
    """Every form of which a test knows the answers, sent with markup in the place of words, and with
    these answers where the markup is refused."""

    refused: list[str]
    pages: list[str]  # what each leads to, and the page that it stands on
    statements: Statements


@pytest.fixture(scope="module")
def sent(_application: Flask, seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    portal = switch(_application, copied(seeded, tmp_path_factory.mktemp("sent")))
    with stopped_at(f"{TODAY} 09:00:00"):
        return _send_all(Portal(portal))


def _send_all(portal: Portal) -> Sent:
    made = Sent([], [], {})
    for form in FORMS:
        typed = {
            name: CANARY if name.endswith(("naam", "uitleg", "bericht", "tekst", "toelichting"))
            else value
            for name, value in form.answers.items()
        }  # fmt: skip
        for answers in (typed, form.answers):
            client, action, fields = portal.fill_in(form._replace(answers=answers))
            with collected() as statements:
                answer = client.post(action, data=fields)
            made.statements.update(statements)
            shown = answer if answer.status_code == 422 else client.get(answer.headers["Location"])
            made.pages.extend((shown.text, client.get(form.page.format(**portal.ids)).text))
            if answer.status_code == 302:
                break
            made.refused.append(form.action)
    return made


def test_every_form_is_accepted_with_markup_or_else_without(sent: Sent) -> None:
    """The first form for an organisation gave another this name."""
    assert sent.refused == ["/beheer/organisaties/altra"]


def test_markup_that_somebody_types_is_shown_as_text(sent: Sent) -> None:
    assert not [page for page in sent.pages if CANARY in page]
    assert sum(str(escape(CANARY)) in page for page in sent.pages) >= 8


def test_no_form_reads_a_growing_table_whole(sent: Sent, app: Flask) -> None:
    """The pages: tests/contracts/test_access.py."""
    assert len(sent.statements) > 150
    assert_no_scans(sent.statements)
    assert not misread(sent.statements)
