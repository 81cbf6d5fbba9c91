"""The events at a school in the next 90 days."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.contacts.timeline import LOOK_AHEAD, TimelineEvent, ValidityPeriod, list_coming, make_events
from portal.database import connection, db
from portal.directory.models import Assignment, ContactDetail
from portal.directory.who_works_or_is_absent import list_posts
from tests.clock import stopped_at
from tests.contracts.test_query_plans import collected
from tests.factories import CAMELOT, coach

TODAY, FEBRUARY = date(2026, 11, 23), date(2027, 2, 1)


def post(name: str, valid_from: date, valid_until: date | None = None) -> ValidityPeriod:
    return ValidityPeriod("assignment", "CJG-coach", name, valid_from, valid_until)


def texts(*periods: ValidityPeriod) -> list[str]:
    return [event.text for event in make_events(periods, TODAY, TODAY + LOOK_AHEAD)]


def test_a_holder_who_ends_where_another_begins_is_succeeded() -> None:
    events = make_events([post("Tim", date(2025, 1, 1), FEBRUARY), post("Noor", FEBRUARY)], TODAY, FEBRUARY)
    assert events == [TimelineEvent(FEBRUARY, "Noor volgt Tim op als CJG-coach.", role="CJG-coach")]


def test_a_beginning_and_an_end_on_other_days_are_two_events() -> None:
    assert texts(post("Tim", date(2025, 1, 1), FEBRUARY), post("Noor", date(2027, 2, 8))) == [
        "Tim stopt als CJG-coach.",
        "Noor begint als CJG-coach.",
    ]


def test_only_the_next_90_days_count_and_not_today() -> None:
    assert texts(post("Nu", TODAY), post("Straks", date(2027, 2, 21))) == ["Straks begint als CJG-coach."]
    assert texts(post("Later", date(2027, 2, 22))) == []


def test_absences_vacancies_and_new_numbers_are_events() -> None:
    assert texts(
        ValidityPeriod("absence", "jeugdarts", "Sam", date(2026, 12, 1), date(2027, 1, 4)),
        ValidityPeriod("vacancy", "directeur", "", date(2027, 1, 10), date(2027, 2, 1)),
        ValidityPeriod("contact_detail", "CJG-coach", "Noor", date(2027, 1, 12), None),
    ) == [
        "Sam (jeugdarts) is afwezig.",
        "Sam (jeugdarts) is terug.",
        "De functie van directeur staat open.",
        "Noor heeft een nieuw nummer of adres.",
        "De functie van directeur staat niet meer open.",
    ]


def test_an_extended_post_is_no_event() -> None:
    assert texts(post("Noor", date(2025, 1, 1), FEBRUARY), post("Noor", FEBRUARY)) == []


def test_an_absence_with_other_substitutes_from_a_day_on_is_no_event() -> None:
    first = ValidityPeriod("absence", "CJG-coach", "Noor", date(2026, 11, 1), FEBRUARY)
    second = ValidityPeriod("absence", "CJG-coach", "Noor", FEBRUARY, date(2027, 2, 10))
    assert texts(first, second) == ["Noor (CJG-coach) is terug."]


def test_a_number_that_ends_is_no_event_and_a_new_number_is_one() -> None:
    old = ValidityPeriod("contact_detail", "CJG-coach", "Noor", date(2025, 1, 1), FEBRUARY)
    new = [ValidityPeriod("contact_detail", role, "Noor", FEBRUARY, None) for role in ("directeur", "jeugdarts")]
    assert texts(old, *new) == ["Noor heeft een nieuw nummer of adres."]


def test_a_new_number_is_an_event_where_its_holder_works(portal_copy: Flask) -> None:
    with connection():
        posts = list_posts(TODAY, [coach().id])
        at = posts[0].school
        people = {row.person_id for row in Assignment.select().where(Assignment.school == at)}
        ContactDetail.update(valid_from=TODAY + timedelta(7)).where(ContactDetail.person.in_(people)).execute()

        def list_told(coming: Mapping[str, list[TimelineEvent]]) -> set[int]:
            return {person for event in coming[at] if "nieuw nummer" in event.text for person in event.people}

        for today in (TODAY, TODAY + timedelta(1)):  # from a past day on numbers are looked for by place
            with stopped_at(today):
                assert len(list_told(list_coming([at], TODAY))) > 1
                assert list_told(list_coming((), TODAY, posts=posts)) == {coach().id}


@pytest.mark.sqlite("reads the plan of SQLite")
def test_new_numbers_are_found_by_their_first_day(app: Flask) -> None:
    with connection(), collected() as statements:
        list_coming([CAMELOT], TODAY + timedelta(30))  # of a day that nothing is kept of
        [numbers] = [sql for sql in statements if 'FROM "contact_detail"' in sql]
        plan = db.execute_sql(f"EXPLAIN QUERY PLAN {numbers}", statements[numbers]).fetchall()
    assert "USING INDEX contact_detail_valid_from" in plan[0][-1]
