"""Schools in a list: by the name that people use, and told apart."""

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.school_sort_names import sort_name
from portal.directory.schools_and_kernen import label_schools, list_schools


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        ("Basisschool Camelot", "camelot"),
        ("Rooms Katholieke Basisschool De Ark", "ark"),
        ("De Ark", "ark"),
        ("Basisschool St Franciscus", "sint franciscus"),
        ("School voor Speciaal Basisonderwijs Hildebrand", "hildebrand"),
        ("Dr. A. van Voorthuijsenschool", "voorthuijsenschool"),
        ("Depot", "depot"),
        ("Basisschool", "basisschool"),
    ],
)
def test_the_sort_of_a_school_does_not_decide_its_place(name: str, sorted_as: str) -> None:
    assert sort_name(name) == sorted_as


def test_schools_of_the_same_name_and_place_are_told_apart(app: Flask) -> None:
    with connection():
        schools = list_schools()
    labels = label_schools(schools)
    assert len(set(labels.values())) == len(schools) == 114
    assert labels["16LF00"] == "Basisschool Camelot, Haarlem"
    assert [sort_name(school.name) for school in schools] == sorted(sort_name(school.name) for school in schools)
