"""A day begins at midnight in Amsterdam, in winter and in summer, and a last day is inclusive."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from portal.database import connection
from portal.database.validity import day_after
from portal.directory.assignments import assign
from portal.directory.change_sets import ChangeSet
from portal.directory.models import Assignment, Role, School
from tests.checks import texts
from tests.clock import stopped_at
from tests.factories import make_detail, make_person

PAGE = "/scholen/16lf00-basisschool-camelot"


@pytest.fixture
def handover(portal_copy: Flask) -> Iterator[Flask]:
    """A portal where coaches at Camelot succeed each other on days around clock changes."""
    with connection():
        Assignment.delete().where(Assignment.school == "16LF00").execute()
        school, coach = School.get_by_id("16LF00"), Role.get(Role.key == "cjg-coach")
        periods = {
            "Herfst": (date(2026, 10, 1), date(2026, 10, 25)),  # the clock goes back
            "Winter": (date(2026, 10, 26), date(2027, 1, 31)),
            "Lente": (date(2027, 2, 1), date(2027, 3, 27)),
            "Zomer": (date(2027, 3, 28), date(2028, 2, 29)),  # the clock goes forward
            "Maart": (date(2028, 3, 1), None),
        }
        for name, (first, last) in periods.items():
            person = make_person(name)
            last_day = day_after(last) if last else None
            assign(ChangeSet.select().get(), person, coach, school, first, last_day)
            make_detail(person, "+31612345000")
    yield portal_copy


@pytest.mark.parametrize(
    ("moment", "coach"),
    [
        ("2027-01-31 22:59:59", "Winter"),  # 23:59:59 in Amsterdam
        ("2027-01-31 23:00:00", "Lente"),  # 1 February 00:00:00
        ("2026-10-25 00:30:00", "Herfst"),  # 02:30, for the first time
        ("2026-10-25 01:30:00", "Herfst"),  # 02:30, for the second time
        ("2026-10-25 22:59:59", "Herfst"),
        ("2026-10-25 23:00:00", "Winter"),
        ("2027-03-27 22:59:59", "Lente"),
        ("2027-03-27 23:00:00", "Zomer"),
        ("2027-03-28 21:59:59", "Zomer"),
        ("2028-02-28 23:00:00", "Zomer"),  # 29 February
        ("2028-02-29 22:59:59", "Zomer"),
        ("2028-02-29 23:00:00", "Maart"),
    ],
)
def test_the_coach_changes_at_midnight_in_amsterdam(handover: Flask, moment: str, coach: str) -> None:
    with stopped_at(moment):
        card = texts(handover.test_client().get(PAGE).text, "contact-name")[0]
    assert f"{coach} Proef" in card


@pytest.mark.parametrize(
    ("day", "coach"),
    [("2027-01-31", "Winter"), ("2027-02-01", "Lente"), ("1-2-2027", "Lente"),
     ("29-2-2028", "Zomer"), ("2028-03-01", "Maart"), ("2026-10-01", "Herfst")],
)  # fmt: skip
def test_any_day_can_be_asked_also_in_the_past(handover: Flask, day: str, coach: str) -> None:
    page = handover.test_client().get(PAGE, query_string={"dag": day}).text
    assert f"{coach} Proef" in texts(page, "contact-name")[0]
    assert 'class="asked-day"' in page


def test_before_the_first_day_nobody_is_known(handover: Flask) -> None:
    page = handover.test_client().get(f"{PAGE}?dag=2026-09-30").text
    assert "Nog niet ingevuld" in texts(page, "contact")[0]


def test_the_search_answers_for_the_asked_day(handover: Flask) -> None:
    client = handover.test_client()
    assert "CJG-coach Winter Proef" in client.get("/?q=camelot").text
    page = client.get("/?q=camelot&dag=2027-02-01").text
    assert "CJG-coach Lente Proef" in page
    assert "Winter" not in page
    assert "Je bekijkt <strong>maandag 1 februari 2027</strong>" in page
    assert f"{PAGE}?dag=2027-02-01" in page


def test_a_coming_event_is_on_the_page(handover: Flask) -> None:
    page = handover.test_client().get(PAGE).text
    assert "Lente Proef volgt Winter Proef op als CJG-coach." in page
