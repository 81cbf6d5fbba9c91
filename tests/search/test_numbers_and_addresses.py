"""The owner of a number or mail address: for a viewer who may see it, on the asked day."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.contact_details import viewing_as
from portal.directory.models import ContactDetail, DetailKind, School, Visibility
from portal.search.numbers_and_addresses import DetailOwner, find_by_address, find_by_number
from tests.clock import TODAY
from tests.factories import CAMELOT, make_person


def owners(found: list[DetailOwner]) -> list[str | int | None]:
    return [owner.school or owner.contact_point or owner.person for owner in found]


def test_a_desk_a_school_and_a_person_are_found_by_their_number(app: Flask) -> None:
    with connection():
        school = School.get_by_id(CAMELOT).phone.removeprefix("+31")
        assert owners(find_by_number("235113660", TODAY)) == ["leerplein"]
        assert owners(find_by_number("9001852", TODAY)) == ["leerplicht-haarlemmermeer"]
        assert owners(find_by_number(school, TODAY)) == [CAMELOT]
        assert owners(find_by_number("345005", TODAY)) == [6]


def test_a_hidden_number_or_address_leads_to_nobody(portal_copy: Flask) -> None:
    with connection():
        person = make_person()
        for kind, value in ((DetailKind.PHONE, "+31612999888"), (DetailKind.EMAIL, "x@hidden.example")):
            ContactDetail.create(
                person=person, kind=kind, value=value, visibility=Visibility.MEMBERS,
                source="x", checked_on=TODAY,
            )  # fmt: skip
        for find, asked in (
            (find_by_number, "612999888"),
            (find_by_number, "999888"),
            (find_by_address, "x@hidden.example"),
            (find_by_address, "x@"),
            (find_by_address, "@hidden.example"),
            (find_by_address, "hidden.example"),
        ):
            assert find(asked, TODAY) == []
            with viewing_as(Visibility.MEMBERS):
                assert owners(find(asked, TODAY)) == [person.id]


@pytest.mark.parametrize(
    ("days", "digits", "number"), [(0, "612345005", 1), (0, "612345994", 0), (30, "612345005", 0), (30, "612345994", 1)]
)
def test_a_number_counts_on_the_asked_day(app: Flask, days: int, digits: str, number: int) -> None:
    """Bo Terpstra gets another number in between."""
    with connection():
        assert len(find_by_number(digits, TODAY + timedelta(days=days))) == number


def test_a_number_of_a_closed_school_is_not_found(portal_copy: Flask) -> None:
    with connection():
        digits = School.get_by_id(CAMELOT).phone.removeprefix("+31")
        School.update(closed_on=date(2026, 1, 1)).where(School.code == CAMELOT).execute()
        assert find_by_number(digits, TODAY) == []


@pytest.mark.parametrize("text", ["%", "_", "%@%", "_@_", "\\", "a%@", "@%"])
def test_a_sign_of_the_database_is_a_sign_of_the_text(app: Flask, text: str) -> None:
    with connection():
        assert find_by_address(text, TODAY) == []


def test_a_domain_begins_where_a_name_begins(portal_copy: Flask) -> None:
    with connection():
        School.update(website="https://www.deark.nl/brug").where(School.code == CAMELOT).execute()
        for text in ("deark.nl", "www.deark.nl", "deark", "deark.nl/brug"):
            assert owners(find_by_address(text, TODAY)) == [CAMELOT], text
        for text in ("ark.nl", "rk.nl", "k.nl/brug"):
            assert find_by_address(text, TODAY) == [], text
        School.update(website="https://deark.nl").where(School.code == CAMELOT).execute()
        assert owners(find_by_address("deark.nl", TODAY)) == [CAMELOT]


def test_a_domain_of_everybody_gives_the_first_hundred(portal_copy: Flask) -> None:
    with connection():
        person = make_person()
        ContactDetail.insert_many(
            {
                "person": person.id, "kind": DetailKind.EMAIL, "value": f"p{number}@big.example",
                "visibility": Visibility.OPEN, "source": "x", "checked_on": TODAY,
            }
            for number in range(120)
        ).execute()  # fmt: skip
        assert len(find_by_address("big.example", TODAY)) == 100
        assert len(find_by_address("p1@", TODAY)) == 1
