"""Many rows in one statement."""

from datetime import date

from flask import Flask

from portal.database import connection, db
from portal.database.many_rows import insert_each, write_each
from portal.directory.models import CheckedBy, Holiday, School


def test_rows_are_written_as_their_model_writes_them(portal_copy: Flask) -> None:
    new = {
        "aliases": '"Het Ké" \\ %s, {}',
        "checked_on": date(2026, 4, 1),
        "checked_by": CheckedBy.SOURCE,
        "closed_on": None,
    }
    with connection(), db.atomic():
        rows = [{**school.__data__, **new} for school in School.select().order_by(School.code)]
        assert len(rows) > 1
        write_each(School, list(new), rows)
        assert [school.__data__ for school in School.select().order_by(School.code)] == rows


def test_rows_are_inserted_with_the_defaults_of_their_model(portal_copy: Flask) -> None:
    model = Holiday.select().first().__data__
    row = {name: value for name, value in model.items() if name not in ("id", "row_version")}
    with connection(), db.atomic():
        insert_each(Holiday, [row, row])
        insert_each(Holiday, [])
        *_, one, other = Holiday.select().order_by(Holiday.id)
        assert (one.__data__ | {"id": 0}) == (other.__data__ | {"id": 0})
        assert {**row, "row_version": 1, "id": one.id} == one.__data__
