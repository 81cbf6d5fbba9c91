"""Text from visitors is shown as text and never becomes part of a statement."""

import ast
from pathlib import Path

from markupsafe import escape

from portal.config import ROOT
from tests.fuzz.sending import CANARY
from tests.idempotency.test_once import FORMS, Portal

RAW = {"execute_sql", "execute", "executescript", "SQL"}
# The functions that make statements of names in the code, of the engine and of the migrations.
# The second composes statements of quoted names with psycopg.sql.
OWN = ("portal/database/", "portal/backups/postgres.py")


def raw_statements(code: str) -> list[int]:
    """The lines with a statement that is not a constant."""
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


def test_markup_that_somebody_types_is_shown_as_text(portal_with_rows: Portal) -> None:
    portal = portal_with_rows
    shown = 0
    for form in FORMS:
        typed = {
            name: CANARY if name.endswith(("naam", "uitleg", "bericht", "tekst", "toelichting"))
            else value
            for name, value in form.answers.items()
        }  # fmt: skip
        client, action, fields = portal.fill_in(form._replace(answers=typed))
        answer = client.post(action, data=fields, follow_redirects=True)
        for page in (answer.text, client.get(form.page.format(**portal.ids)).text):
            assert CANARY not in page
            shown += str(escape(CANARY)) in page
    assert shown >= 8
