"""Ten calls a month: the draw, the outcomes, and the figure on the front of Beheer."""

import re
from datetime import date

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.models import Assignment, CheckedBy, ContactDetail, Person
from portal.quality import monthly_calls
from portal.quality.models import Call, Report
from tests.clock import stopped_at
from tests.conftest import CheckedClient
from tests.factories import CAMELOT, make_assignment, make_detail, make_person


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    """A coordinator, after the draw of the month."""
    with connection():
        assert monthly_calls.draw() == 10
        assert monthly_calls.draw() == 0  # stable once drawn
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


def post_of(address: str) -> Assignment:
    """The post behind the address of a call."""
    post = Call.get_by_id(int(address.rpartition("/")[2])).assignment
    assert post
    return post


def addresses_in(page: str) -> list[str]:
    return re.findall(r'action="(/beheer/bellen/\d+)"', page)


def right(client: CheckedClient, address: str) -> dict[str, str]:
    """The form that says that what the page shows is right."""
    page = client.get("/beheer/bellen").text.partition(f'action="{address}"')[2]
    found = re.search(r'name="versie" value="([^"]+)"', page.partition("</form>")[0])
    return {"uitkomst": "right", "versie": found[1] if found else ""}


def test_two_posts_of_one_person_are_told_apart(coordinator: CheckedClient) -> None:
    """In the names of their forms, which a screen reader lists (tests/checks.py); also where both schools have the same
    name."""
    person = make_person("Noor", "Terpstra")
    with connection():
        for call, school in zip(Call.select(), (CAMELOT, "20EK00", "20EK07", "20EK08"), strict=False):
            call.assignment = make_assignment(person, school=school)
            call.save()
    names = re.findall(r'<form [^>]*aria-label="([^"]+)"', coordinator.get("/beheer/bellen").text)
    assert len({name for name in names if name.startswith("Noor Terpstra: ")}) == 4


def test_a_number_that_changed_meanwhile_is_not_confirmed(coordinator: CheckedClient) -> None:
    """Nobody called the new one. Of a page of an earlier day, of a form without a version."""
    first = addresses_in(coordinator.get("/beheer/bellen").text)[0]
    form = right(coordinator, first)
    with connection():
        person = post_of(first).person_id
        ContactDetail.update(position=9).where(ContactDetail.person == person).execute()
    make_detail(person, "+31612345996")
    for old in (form, {"uitkomst": "right"}):
        answer = coordinator.submit(first, old)
        assert (answer.status_code, "Er is iets veranderd" in answer.text) == (409, True)
    with connection():
        details = ContactDetail.select().where(ContactDetail.person == person)
        assert CheckedBy.CALL not in {detail.checked_by for detail in details}
        assert post_of(first).checked_by is not CheckedBy.CALL
        assert not Call.select().where(Call.outcome.is_null(False)).exists()
    assert coordinator.submit(first, right(coordinator, first)).status_code == 302


def test_ten_rows_a_month_are_drawn_at_random(portal_copy: Flask) -> None:
    drawn = []
    with connection():
        for month in ("2026-12-01", "2027-01-01", "2027-02-01"):
            with stopped_at(month):
                monthly_calls.draw()
            rows = Call.select().where(Call.month == date.fromisoformat(month))
            drawn.append({row.assignment_id for row in rows})
    assert [len(ids) for ids in drawn] == [10, 10, 10]
    assert drawn[0] != drawn[1] != drawn[2]


def test_a_right_number_is_checked_and_counts(coordinator: CheckedClient) -> None:
    page = coordinator.get("/beheer/bellen").text
    first, second, *_ = addresses_in(page)
    assert len(addresses_in(page)) == 10 and "nog niet gebeld" in page
    assert coordinator.submit(first, {"uitkomst": "missed"}).status_code == 302
    assert coordinator.submit(first, right(coordinator, first)).status_code == 302  # later that day
    assert coordinator.submit(second, {"uitkomst": "wrong"}).status_code == 422
    wrong = coordinator.submit(second, {"uitkomst": "wrong", "wat": "gone"})
    assert "niet meer werkt" in coordinator.get(wrong.headers["Location"]).text
    assert coordinator.submit(second, {"uitkomst": "right"}).status_code == 302  # in another tab
    with connection():
        assert post_of(first).checked_by is CheckedBy.CALL
        reported = post_of(second).person_id
        assert Report.select().where(Report.person == reported).count() == 1
    said = "1 van de 2 klopten, november 2026"
    assert said in coordinator.get("/beheer/bellen").text
    assert f"{said}. 8 rijen nog te bellen." in coordinator.get("/beheer").text


def test_a_figure_outlives_the_person_and_the_month(coordinator: CheckedClient) -> None:
    first = addresses_in(coordinator.get("/beheer/bellen").text)[0]
    coordinator.submit(first, right(coordinator, first))
    with connection():
        person = post_of(first).person_id
        Assignment.delete().where(Assignment.person == person).execute()
        Person.delete().where(Person.id == person).execute()
    assert "1 van de 1 klopten" in coordinator.get("/beheer/bellen").text
    assert coordinator.submit(first, {"uitkomst": "wrong"}).status_code == 404
    with stopped_at("2026-12-01 09:00:00"):
        coordinator.sign_in("coordinator")
        page = coordinator.get("/beheer/bellen").text
        assert "1 van de 1 klopten, november 2026" in page and "nog geen rijen" in page


def test_an_unknown_outcome_is_refused(coordinator: CheckedClient) -> None:
    first = addresses_in(coordinator.get("/beheer/bellen").text)[0]
    for outcome in ("", "misschien", "right\x00"):
        assert coordinator.submit(first, {"uitkomst": outcome}).status_code == 400
