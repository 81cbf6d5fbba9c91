"""The workbook of the division: what it holds, and that an import reads it back unchanged."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from portal.audit import AuditEntry
from portal.database import connection
from portal.directory.models import Assignment, Person, Role, School, Substitute, Vacancy
from portal.imports.directory_snapshot import load_snapshot
from portal.imports.interpreter import interpret
from portal.readers.files import read_tables
from portal.region import current_region
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.factories import CAMELOT, coach, make_assignment, make_detail, make_person, make_vacancy, posts

LATER, LAST = date(2027, 2, 1), date(2027, 7, 31)
Rows = list[tuple[Any, ...]]


@pytest.fixture
def client(portal_copy: Flask) -> Iterator[CheckedClient]:
    with connection():
        yield CheckedClient(portal_copy, portal_copy.response_class)


def read(client: CheckedClient, path: str) -> Rows:
    answer = client.get(path)
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def find(rows: Rows, **wanted: object) -> tuple[Any, ...]:
    headings = [str(heading) for heading in rows[0]]
    (row,) = [r for r in rows if all(r[headings.index(k)] == v for k, v in wanted.items())]
    return row


def test_a_row_says_who_works_where_and_how_to_reach_them(client: CheckedClient) -> None:
    person = make_person("=1+1", "@Formule", "cjg-kennemerland")
    Person.update(working_days="124", hours="8.30-15.00").where(Person.id == person.id).execute()
    make_detail(person, "+31235113660")
    make_detail(person, "+31612345999", visibility="members")
    make_detail(person, "een@cjg.example", "email")
    make_assignment(person, "onderwijsconsulent", "08VO00", LATER, date(2027, 8, 1))
    rows = read(client.sign_in("coordinator"), "/beheer/verdeling.xlsx?functie=onderwijsconsulent")
    school = School.get_by_id("08VO00")
    *texts, first, last = find(rows, Naam="=1+1 @Formule")
    assert texts == [
        "08VO00", school.name, school.place.name, "onderwijsconsulent", "=1+1 @Formule",
        "CJG Kennemerland", "023 511 36 60 / 06 12 34 59 99", "een@cjg.example", "ma, di, do",
        "8.30-15.00",
    ]  # fmt: skip
    assert [first.date(), last.date()] == [LATER, LAST]


def test_an_import_reads_its_own_file_without_a_question_or_a_change(client: CheckedClient) -> None:
    make_vacancy("schoolmaatschappelijk-werker", "20DG00")
    answer = client.sign_in("coordinator").get("/beheer/verdeling.xlsx")
    tables = read_tables("verdeling.xlsx", answer.data)
    found = interpret(tables, load_snapshot(TODAY, current_region().not_names), {})
    assert (found.questions, found.rejected) == ((), ())
    expected = {
        (row.school_id, row.role.key, getattr(row, "person_id", None), row.valid_from,
         row.valid_until)
        for model in (Assignment, Vacancy)
        for row in model.select(model, Role, School).join(Role).switch(model).join(School)
        if row.school.closed_on is None and (row.valid_until or LATER) > TODAY
    }  # fmt: skip
    assert {
        (post.school, post.role, post.person.person if post.person else None, post.valid_from,
         post.valid_until)
        for post in found.posts
    } == expected  # fmt: skip


def test_a_school_where_nobody_holds_a_role_has_a_row_to_fill_in(client: CheckedClient) -> None:
    post = posts(coach())[0]
    path, code = "/beheer/verdeling.xlsx?functie=cjg-coach", post.school_id
    client.sign_in("coordinator")
    before = [row[0] for row in read(client, path)]
    Assignment.delete().where((Assignment.school == code) & (Assignment.role == post.role_id)).execute()
    rows = read(client, path)
    assert [row[0] for row in rows] == before  # in the place where it was
    school = School.get_by_id(code)
    found = find(rows, Vestigingscode=code)
    assert found == (code, school.name, school.place.name, "CJG-coach", *[None] * 8)
    editor = read(client.sign_in("editor"), "/organisatie/verdeling.xlsx")
    assert find(editor, Vestigingscode=code, Functie="CJG-coach")[4] is None


def test_the_list_of_an_empty_portal_is_a_file_to_fill_in(client: CheckedClient) -> None:
    for model in (Substitute, Assignment, Vacancy):
        model.delete().execute()
    client.sign_in("coordinator")
    link = re.search(r'href="(/beheer/verdeling.xlsx[^"]*)"', client.get("/beheer/import/nieuw").text)
    assert link
    book = load_workbook(BytesIO(client.get(link[1]).data))
    sheet = book.active
    assert sheet is not None
    assert len(list(sheet.rows)) > 500
    sheet["E2"], sheet["F2"] = "Nieuwe Naam", "CJG Kennemerland"
    content = BytesIO()
    book.save(content)
    tables = read_tables("lijst.xlsx", content.getvalue())
    found = interpret(tables, load_snapshot(TODAY, current_region().not_names), {})
    assert (found.questions, found.rejected, len(found.posts)) == ((), (), 1)
    # A first filling is for today, a later one for the next school year.
    assert "vanaf 23 november 2026" in client.get("/beheer/verdeling").text


def test_a_school_that_closes_later_counts_until_its_last_day(client: CheckedClient) -> None:
    make_assignment(make_person("Kale", "Kikker"), "onderwijsconsulent", CAMELOT)
    client.sign_in("coordinator")
    for days, is_open in ((1, True), (0, False)):
        closed = School.update(closed_on=TODAY + timedelta(days=days))
        closed.where(School.code == CAMELOT).execute()
        assert (CAMELOT in {row[0] for row in read(client, "/beheer/verdeling.xlsx")}) is is_open
        lacks = client.get("/beheer/mensen?zoek=kale+kikker").text
        assert ("geen plek</span>" not in lacks) is is_open


def test_an_editor_takes_the_own_people_only(client: CheckedClient) -> None:
    rows = read(client.sign_in("editor"), "/organisatie/verdeling.xlsx")
    assert {row[5] for row in rows[1:] if row[4]} == {coach().organisation.name}
    assert len([row for row in rows if row[4] == coach().name]) == len(posts(coach()))
    assert client.get("/beheer/verdeling.xlsx").status_code == 403
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.subject, entry.subject_id) == (
        "exported", "division", str(len(rows) - 1))  # fmt: skip
