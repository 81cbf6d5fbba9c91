"""In a large region a notice asks for people, organisations and schools by a part of their name."""

import re
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.database import connection
from portal.directory.models import Assignment, Person
from portal.notices.kinds import TYPED
from portal.notices.permissions_and_confirmation import get_author, may_be_subject, may_post_about
from tests.factories import coach, posts, role
from tests.notices.conftest import Fields, Visit, errors, hidden, leave
from tests.web.test_long_lists import options

LIMIT = 100_000  # bytes


@pytest.fixture
def template(large: Path) -> Path:
    return large


def large_person(number: int) -> Person:
    with connection():
        found: Person = Person.get(Person.given_name == f"Groot{number}")
    return found


def test_the_questions_of_each_kind_fit_on_a_page(visit: Visit) -> None:
    coordinator = visit("coordinator")
    for kind in TYPED:
        page = coordinator.ask(kind, coach().id)
        assert "Melding controleren" in page, kind
        assert len(page.encode()) < LIMIT, kind


def test_the_person_is_found_by_a_part_of_the_name(visit: Visit) -> None:
    coordinator = visit("coordinator")
    page = coordinator.get("/wijzigingen/nieuw?soort=vertrek")
    assert set(options(page, "persoon")) == {""}
    asked = "/wijzigingen/nieuw?soort=vertrek&verder=ja&zoek-persoon="
    several = coordinator.client.get(f"{asked}groot64")
    assert several.status_code == 422
    assert errors(several.text) == ["11 namen hebben “groot64”. Kies hieronder welke je bedoelt."]
    nobody = coordinator.client.get(f"{asked}qqq").text
    assert errors(nobody) == ["We vinden “qqq” niet. Typ een ander deel van de naam."]
    assert 'value="qqq"' in nobody
    assert "Wie is de opvolger?" in coordinator.get(f"{asked}groot649")


def test_the_successor_who_is_typed_takes_over(visit: Visit) -> None:
    coordinator, leaves = visit("coordinator"), coach()
    answer = coordinator.preview("vertrek", leave(**{"zoek-opvolger": "groot649"}), leaves.id)
    assert answer.status_code == 200, errors(answer.text)
    coordinator.publish("vertrek", answer, leaves.id)
    with connection():
        came = Assignment.select().where(Assignment.person == large_person(649))
        assert came.count() == len(posts(leaves))
    answer = coordinator.preview("vertrek", leave(**{"zoek-opvolger": "groot64"}), leaves.id)
    assert answer.status_code == 422
    assert str(large_person(649).id) in options(answer.text, "opvolger")


def test_a_post_gets_the_person_who_is_typed_there(visit: Visit) -> None:
    coordinator, leaves = visit("coordinator"), coach()
    field = f"plek_{posts(leaves)[0].id}"
    answer = coordinator.preview("vertrek", leave(**{f"zoek-{field}": "groot649"}), leaves.id)
    assert "Groot649 van den Duizend" in answer.text


def test_the_employer_who_is_typed_counts_more_than_the_usual_one(visit: Visit) -> None:
    coordinator, leaves = visit("coordinator"), coach()
    new: Fields = {"opvolger": "nieuw", "voornaam": "Ada", "achternaam": "Nieuw"}
    new |= {"werkgever": str(leaves.organisation_id), "zoek-werkgever": "grote school 649"}
    answer = coordinator.preview("vertrek", leave(**new), leaves.id)
    assert answer.status_code == 200, errors(answer.text)
    coordinator.publish("vertrek", answer, leaves.id)
    with connection():
        assert Person.get(Person.given_name == "Ada").organisation.name == "Grote School 649"


def test_what_one_chooses_counts_while_the_text_stays(visit: Visit) -> None:
    coordinator, leaves = visit("coordinator"), coach()
    typed = leave(**{"zoek-opvolger": "groot64"})
    answer = coordinator.preview("vertrek", typed, leaves.id)
    assert hidden(answer.text)["_zoek-opvolger"] == ["groot64"]
    typed |= {"_zoek-opvolger": "groot64", "opvolger": "vacature"}
    answer = coordinator.preview("vertrek", typed, leaves.id)
    assert answer.status_code == 200, errors(answer.text)
    nobody = {"zoek-opvolger": "groot649", "_zoek-opvolger": "groot649", "opvolger": ""}
    answer = coordinator.preview("vertrek", leave(**nobody), leaves.id)
    assert answer.status_code == 200, errors(answer.text)
    assert "Groot649 van den Duizend" not in answer.text


def test_schools_are_found_by_name_and_by_who_works_there(visit: Visit) -> None:
    coordinator, there = visit("coordinator"), coach()
    fields = {"functie": str(role("cjg-coach").id), "dag": "2027-02-01", "tekst": "x"}

    def find(text: str, **more: object) -> list[str]:
        sought: Fields = {**fields, "zoek": text, "stap": "zoeken", **more}
        page = coordinator.client.submit("/wijzigingen/nieuw?soort=vacature", sought).text
        return re.findall(r'name="scholen" value="(\w+)"', page)

    assert find("") == []
    assert find("grote school 649") == ["49ZZ06"]
    assert len(find("grote school")) == 120
    assert {post.school_id for post in posts(there)} <= set(find(there.family_name))
    assert set(find("grote school 649", scholen=["48ZZ06"])) == {"48ZZ06", "49ZZ06"}
    filled = {**fields, "scholen": ["48ZZ06"]}
    answer = coordinator.preview("vacature", filled)
    assert answer.status_code == 200, errors(answer.text)
    wrong = coordinator.preview("vacature", {**fields, "scholen": ["nergens"]})
    assert errors(wrong.text) == ["Kies ten minste een school."]


def test_who_may_be_chosen_is_who_may_be_posted_about(portal_copy: Flask) -> None:
    """The condition for the database and the rule say the same, for each role."""
    with connection():
        for account in Account.select().where(Account.role != AccountRole.READER):
            author = get_author(account)
            found = {row.id for row in Person.select().where(may_be_subject(author))}
            allowed = {row.id for row in Person.select() if may_post_about(author, row.id, row.organisation_id)}
            assert found == allowed, account.email
