"""One press by somebody who called: the number is confirmed today, for everybody."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, CheckedBy, ContactDetail, School
from portal.quality.readers_who_called import CONFIRMATIONS
from tests.checks import texts
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.factories import CAMELOT, coach, holder, make_assignment
from tests.page_forms import read_forms

HTMX = {"HX-Request": "true"}


@pytest.fixture
def reader(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")


@pytest.fixture
def number(portal_copy: Flask) -> ContactDetail:
    """The number of a director, which nobody checked for long."""
    with connection():
        own = (ContactDetail.person == holder("directeur")) & (ContactDetail.kind == "phone")
        ContactDetail.update(checked_on=date(2025, 1, 1)).where(own).execute()
        return ContactDetail.get(own)


def check_of(row: ContactDetail | Assignment) -> tuple[date | None, CheckedBy]:
    with connection():
        found: Any = type(row).get_by_id(row.id)
        return found.checked_on, found.checked_by


def test_a_press_confirms_the_number_for_everybody(
    reader: CheckedClient, number: ContactDetail, portal_copy: Flask
) -> None:
    page = f"/personen/{number.person_id}"
    (form,) = [form for form in read_forms(reader.get(page).text) if form.action == "/klopt"]
    answer = reader.post("/klopt", data={**form.fields, "regel": str(number.id)})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(page)
    assert check_of(number) == (TODAY, CheckedBy.CALL)
    other = CheckedClient(portal_copy, portal_copy.response_class)
    assert "Gecontroleerd op 23 november 2026 aan de telefoon" in texts(other.get(page).text, "checked")[0]
    assert texts(reader.get(page).text, "confirmed") == ["Vandaag bevestigd"]


def test_htmx_gets_what_comes_in_the_place_of_the_button(reader: CheckedClient, number: ContactDetail) -> None:
    answer = reader.submit("/klopt", {"regel": str(number.id)}, headers=HTMX)
    assert texts(answer.text, "confirmed") == ["Vandaag bevestigd"]


def test_a_second_press_of_the_day_records_nothing(reader: CheckedClient, number: ContactDetail) -> None:
    for _ in range(2):
        reader.submit("/klopt", {"regel": str(number.id)})
    with connection():
        checks = ChangeSet.select().where(ChangeSet.kind == ChangeSetKind.CONFIRMATION)
        assert checks.count() == 1


def test_on_the_page_of_a_school_the_post_is_confirmed_too(reader: CheckedClient, number: ContactDetail) -> None:
    post = make_assignment(number.person_id, "gedragsconsulent", valid_from=date(2026, 1, 1))
    with connection():
        Assignment.update(checked_on=None).where(Assignment.id == post.id).execute()
    reader.submit("/klopt", {"regel": f"{number.id} {CAMELOT}"})
    assert check_of(post) == (TODAY, CheckedBy.CALL)


def test_who_confirms_their_own_number_says_so(portal_copy: Flask) -> None:
    with connection():
        own = ContactDetail.get(
            (ContactDetail.person == coach()) & (ContactDetail.kind == "phone")
        )  # fmt: skip
    member = CheckedClient(portal_copy, portal_copy.response_class).sign_in("member")
    member.submit("/klopt", {"regel": str(own.id)})
    assert check_of(own) == (TODAY, CheckedBy.SELF)


def test_the_number_of_a_school_is_confirmed(reader: CheckedClient) -> None:
    reader.submit("/klopt", {"regel": f"s{CAMELOT}"})
    with connection():
        school = School.get_by_id(CAMELOT)
        assert (school.checked_on, school.checked_by) == (TODAY, CheckedBy.CALL)


@pytest.mark.parametrize("line", ["", "0", "999999", "s", "s99ZZ99", "x", "1" * 30, " 16LF00"])
def test_what_is_not_there_is_not_confirmed(reader: CheckedClient, line: str) -> None:
    assert reader.submit("/klopt", {"regel": line}).status_code == 404


def test_nobody_calls_more_than_so_many_in_an_hour(reader: CheckedClient, number: ContactDetail) -> None:
    for _ in range(CONFIRMATIONS.times):
        assert reader.submit("/klopt", {"regel": str(number.id)}, headers=HTMX).status_code == 200
    assert reader.submit("/klopt", {"regel": str(number.id)}).status_code == 429


def test_looking_and_being_in_a_file_confirm_nothing(reader: CheckedClient, number: ContactDetail) -> None:
    reader.get(f"/personen/{number.person_id}")
    assert check_of(number)[0] == date(2025, 1, 1)
