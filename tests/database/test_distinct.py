"""The different values of a column."""

from flask import Flask

from portal.database import connection
from portal.database.distinct import list_distinct
from portal.directory.models import Kern, School


def test_each_value_comes_once_and_in_order(app: Flask) -> None:
    with connection():
        towns = [school.place_id for school in School.select()]
        assert len(towns) > len(set(towns))
        assert list_distinct(School.place) == sorted(set(towns))
        assert list_distinct(Kern.code) == []  # no row
