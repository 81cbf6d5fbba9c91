"""The plans of the statements that requests run: no table that only grows is read whole, and the
tables of a select are told from its text."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from portal.database import connection, db
from portal.database.directory_version import TableVersion
from portal.database.noted_reads import tables_of
from portal.requests.models import Request

pytestmark = pytest.mark.sqlite("reads the plans of SQLite")

# Tables with a row per event, by the name in the database. The history of the mailboxes is not
# among them: a few rows a year, all of which its page shows.
GROWING = {
    "attempt", "audit_entry", "change", "change_set", "done_form", "follow_link", "meeting",
    "meeting_slot", "notice", "notice_event", "notice_line", "notice_school", "outgoing_mail",
    "participant", "pending_form", "recipient",
    "recipient_school", "request", "request_details", "request_step", "sign_in_request",
    "sign_in_session",
}  # fmt: skip
# The archive of the board, which somebody asks for, is read from the newest notice on.
ARCHIVE = re.compile(r'FROM "notice" AS "t1" .* WHERE \(+"t1"."id" > \?')
# Data of one person are looked for in every table, and after a leak all who are signed in
# are shown: both seldom.
EVERYWHERE = ("/beheer/mensen/1/vergeten", "/account/gegevens", "/beheer/gezien")
Statements = dict[str, Any]


@contextmanager
def collected() -> Iterator[Statements]:
    """The statements that are executed inside, with the parameters of one time."""
    seen: Statements = {}
    execute: Callable[..., object] = db.execute_sql

    def note(sql: str, params: Any = None, *args: object) -> object:
        seen.setdefault(sql, params)
        return execute(sql, params, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db.obj, "execute_sql", note)
        yield seen


def full_scans(statements: Statements) -> set[tuple[str, str]]:
    """Each growing table that a statement reads whole, with the statement."""
    found = set()
    with connection():
        for sql, params in statements.items():
            if "(0 = 1)" in sql or not re.match(r"(SELECT|UPDATE|DELETE|INSERT|WITH)\b", sql.lstrip("( ")):
                continue
            names = {alias: name for name, alias in re.findall(r'"(\w+)" AS "(\w+)"', sql)}
            plan = db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()
            for *_, step in plan:
                if scan := re.match(r'SCAN "?(\w+)"?', step):
                    table = names.get(scan[1], scan[1])
                    if table in GROWING and not ARCHIVE.search(sql):
                        found.add((table, sql))
    return found


def assert_no_scans(statements: Statements) -> None:
    """That none of the statements reads a growing table whole."""
    found = full_scans(statements)
    assert not found, "\n".join(f"{table}: {sql}" for table, sql in sorted(found))


def misread(statements: Statements) -> list[tuple[set[Any], str]]:
    """The selects that read tables of the directory which `tables_of` does not name, with these:
    after a change of one, a page that is remembered would stay as it was."""
    found = []
    with connection():
        names = {row.name for row in TableVersion.select()}
        pages = dict(db.execute_sql("SELECT rootpage, tbl_name FROM sqlite_schema").fetchall())
        for sql, params in statements.items():
            if re.match(r"SELECT|WITH", sql.lstrip("( ")):
                program = db.execute_sql(f"EXPLAIN {sql}", params).fetchall()
                read = {pages.get(page) for _, step, _, page, *_ in program if step == "OpenRead"}
                if missing := (read & names) - tables_of(sql):
                    found.append((missing, sql))
    return found


def test_a_scan_is_found(app: Flask) -> None:
    with connection(), collected() as statements:
        list(Request.select().where(Request.planned_on.is_null(False)))
        list(Request.select().where(Request.reference == "x"))
    assert [table for table, _ in full_scans(statements)] == ["request"]


def test_a_table_that_the_text_of_a_select_hides_is_found(app: Flask) -> None:
    hidden = 'SELECT 1 FROM "role" AS t1, person'
    assert misread({hidden: ()}) == [({"person"}, hidden)]
