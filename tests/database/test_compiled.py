"""A prepared query gives the rows of plain peewee, and a column its text."""

import json
from datetime import time
from functools import partial
from typing import Any

import pytest
from flask import Flask
from peewee import SCOPE_NORMAL, SCOPE_SOURCE, SCOPE_VALUES, SQL, CharField, DateField, ForeignKeyField, fn

from portal import clock
from portal.contacts import timeline
from portal.database import BaseModel, connection, db, fetch_each, fetch_lines, fetch_tuples
from portal.database.fields import TimestampField
from portal.directory import contact_details, who_works_or_is_absent
from portal.directory import schools_and_kernen as directory
from portal.directory.change_sets import Change
from portal.directory.models import Absence, Assignment, ContactDetail, Person, Role, Substitute, Vacancy, Visibility
from portal.meetings.models import Meeting
from tests.clock import TODAY
from tests.factories import CAMELOT


def _prepared_queries() -> list[tuple[Any, tuple[Any, ...]]]:
    """Every prepared query with values for which it finds rows."""
    posts = list(Assignment.select().order_by(Assignment.id).limit(40))
    schools = sorted({post.school_id for post in posts})
    holders = sorted({post.person_id for post in posts})
    substitute = Substitute.select().join(Absence).get()
    vacancy = Vacancy.select().get()
    new_number = ContactDetail.valid_from > TODAY
    long_ago = TODAY.replace(year=2020)
    return [
        (who_works_or_is_absent._holders, (TODAY, schools, None)),
        (who_works_or_is_absent._holders, (TODAY, schools[:1], ["directeur", "cjg-coach"])),
        (who_works_or_is_absent._holders, (TODAY, None, ["directeur"])),
        (who_works_or_is_absent._substitutes, (substitute.absence.valid_from, [substitute.assignment_id])),
        (who_works_or_is_absent._people, (holders[:3],)),
        (who_works_or_is_absent._people, (holders,)),
        (who_works_or_is_absent._posts, (TODAY, holders)),
        (who_works_or_is_absent._posts_ahead, (TODAY, holders)),
        (who_works_or_is_absent._vacancies, (TODAY, [row.school_id for row in Vacancy.select()])),
        (who_works_or_is_absent._vacancies, (TODAY, [vacancy.school_id, "'{\"\\', ", "}"])),
        (timeline._periods, (*[schools[:1]] * 2, [0], long_ago, True, None)),
        (timeline._periods, (*[schools[:1]] * 2, [0], long_ago, None, None)),
        (timeline._periods, (*[[vacancy.school_id]] * 2, [0], long_ago, None, True)),
        (timeline._periods, (*[[substitute.assignment.school_id]] * 2, [0], long_ago, None, True)),
        (timeline._periods, (*[[_school_of_holder(new_number)]] * 2, [0], TODAY, None, True)),
        (timeline._changes, (["assignment"], [row.row for row in Change.select()])),
        (contact_details._person_details, (holders, list(Visibility), TODAY)),
        (directory._schools_by_code, (schools, None)),
        (directory._schools_by_code, (schools, TODAY)),
    ]


def _school_of_holder(has_detail: Any) -> Any:
    """A school where somebody with such a contact detail works."""
    return Assignment.select().join(Person).join(ContactDetail).where(has_detail).get().school_id


def test_a_prepared_query_gives_the_rows_of_peewee(app: Flask) -> None:
    with connection():
        for query, values in _prepared_queries():
            built = query.build(*values)
            in_order = list if built._order_by else partial(sorted, key=repr)
            plain, *found = (in_order(rows) for rows in (built.tuples(), query(*values), query(*values)))
            assert found == [plain, plain] != [[], []], values


def test_the_prepared_periods_cover_every_table(app: Flask) -> None:
    with connection():
        found = {
            table for query, values in _prepared_queries() if query is timeline._periods for table, *_ in query(*values)
        }
    assert found == {"assignment", "vacancy", "absence", "contact_detail"}


def test_tuples_are_read_as_peewee_reads_them(app: Flask) -> None:
    with connection():
        for model in BaseModel.__subclasses__():
            query = model.select().limit(50)
            assert fetch_tuples(query) == list(query.clone().tuples()), model
        last = Assignment.select(fn.MAX(Assignment.valid_from), fn.COUNT(Assignment.id))
        assert fetch_tuples(last) == list(last.clone().tuples())


def test_the_lines_of_several_selects_hold_their_rows(portal_copy: Flask) -> None:
    with connection(), db.atomic():
        Person.update(infix='"Ké"\n\\ %s').where(Person.id == Person.select(fn.MAX(Person.id))).execute()
        people: Any = Person.select(Person.id, SQL("NULL"), Person.infix, Person.reached_by)
        none = Absence.select().where(Absence.id < 0)
        queries: list[Any] = [people, none, Vacancy.select(Vacancy.valid_from)]
        found = [[json.loads(line) for line in lines] for lines in fetch_lines(queries)]
        days = [[str(day)] for (day,) in queries[2].tuples()]
        assert [*map(sorted, found)] == [sorted([*row] for row in people.tuples()), [], sorted(days)]
        assert days


def test_every_table_is_read_as_lines_as_it_is_read_as_rows(portal_copy: Flask) -> None:
    seen, fields = set(), set()
    with connection(), db.atomic():
        leader = Role.select(fn.MIN(Role.id)).scalar()
        hours = {"begins": time(15), "ends": time(16, 30, 5)}
        Meeting.create(school=CAMELOT, day=TODAY, place="", leader=leader, changed_at=clock.now(), **hours)
        for model in BaseModel.__subclasses__():
            [rows] = fetch_each([model.select()])
            # As text: True is not 1.
            assert sorted(map(repr, rows)) == sorted(map(repr, fetch_tuples(model.select()))), model
            columns = model._meta.sorted_fields
            fields |= {type(column) for column in columns}
            seen |= {(type(column), value is None) for row in rows for column, value in zip(columns, row, strict=True)}
    assert {field for field, is_null in seen if not is_null} == fields
    assert {CharField, DateField, TimestampField, ForeignKeyField} <= {field for field, is_null in seen if is_null}


def test_a_prepared_query_with_an_empty_list_runs_no_statement(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.obj, "execute_sql", None)
    assert who_works_or_is_absent._people([]) == []


def test_a_column_is_written_as_peewee_would_write_it(app: Flask) -> None:
    for model in BaseModel.__subclasses__():
        for field in model._meta.sorted_fields:
            for scope in (SCOPE_NORMAL, SCOPE_SOURCE, SCOPE_VALUES):
                contexts = [db.get_sql_context(scope=scope) for _ in range(2)]
                ours, theirs = (
                    context.sql(one).query() for context, one in zip(contexts, (field, field.column), strict=True)
                )
                assert ours == theirs
