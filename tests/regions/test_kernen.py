"""Kernen: the schools of a kern, and posts at a kern."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from peewee import IntegrityError

from portal.database import connection, db
from portal.database.validity import valid_on
from portal.directory.models import Assignment, KernMembership, Person, Role, Vacancy

KERN, SCHOOL = "kern-plassendam", "98AA00"
AUGUST, NEXT_AUGUST = date(2026, 8, 1), date(2027, 8, 1)


@pytest.mark.parametrize("at", [{}, {"school": SCHOOL, "kern": KERN}])
@pytest.mark.parametrize("model", [Assignment, Vacancy])
def test_a_post_is_at_one_school_or_kern(merenland: Flask, model: Any, at: dict[str, str]) -> None:
    values = {"role": Role.get(), "valid_from": AUGUST, "source": "test", **at}
    if model is Assignment:
        values["person"] = Person.get()
    with connection(), pytest.raises(IntegrityError), db.atomic():
        model.create(**values)


def test_a_school_is_in_one_kern_per_day(merenland: Flask) -> None:
    with connection():
        for day, kern in ((AUGUST, "kern-waterburen"), (NEXT_AUGUST, "kern-plassendam")):
            (row,) = KernMembership.select().where(
                (KernMembership.school == "98BB00") & valid_on(KernMembership, day)
            )
            assert row.kern_id == kern
