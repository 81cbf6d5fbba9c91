"""A new colleague who is in the directory already is noticed before a second one is made."""

import pytest

from portal.database import connection
from portal.directory.models import Assignment, Person
from tests.factories import coach, colleague, holder, make_detail, make_person, role
from tests.notices.conftest import FEBRUARY, Fields, Visit, errors

DAY = FEBRUARY.isoformat()


def arrival(person: Person, **more: str) -> Fields:
    """The arrival of somebody with the name and employer of this person."""
    return {
        "dag": DAY, "functie": str(role("cjg-coach").id), "scholen": ["16LF00"],
        "opvolger": "nieuw", "voornaam": person.given_name, "tussenvoegsel": person.infix,
        "achternaam": person.family_name, "werkgever": str(person.organisation_id),
        "telefoon": "023 511 36 60", "email": "typefout@cjg.example", **more,
    }  # fmt: skip


def count_people() -> int:
    with connection():
        return int(Person.select().count())


def test_who_is_typed_again_is_asked_about_and_can_be_chosen(visit: Visit) -> None:
    coordinator, known, before = visit("coordinator"), colleague(coach()), count_people()
    asked = coordinator.preview("nieuwe-collega", arrival(known))
    assert asked.status_code == 422
    [error] = errors(asked.text)
    assert error.startswith(f"Bedoel je {known.name} (")
    assert "heet ook zo en werkt bij dezelfde organisatie" in asked.text
    for typed in ("023 511 36 60", "typefout@cjg.example", DAY):
        assert f'value="{typed}"' in asked.text

    coordinator.post("nieuwe-collega", arrival(known, bedoeld=str(known.id)))
    assert count_people() == before
    with connection():
        assert Assignment.select().where((Assignment.person == known) & (Assignment.valid_from == FEBRUARY))


def test_somebody_else_of_the_same_name_is_new(visit: Visit) -> None:
    coordinator, known, before = visit("coordinator"), colleague(coach()), count_people()
    coordinator.post("nieuwe-collega", arrival(known, bedoeld="anders"))
    assert count_people() == before + 1


@pytest.mark.parametrize("answer", ["0", "999999", "x", "-1"])
def test_a_forged_answer_is_no_answer(visit: Visit, answer: str) -> None:
    coordinator, known = visit("coordinator"), colleague(coach())
    asked = coordinator.preview("nieuwe-collega", arrival(known, bedoeld=answer))
    assert errors(asked.text)[0].startswith("Bedoel je ")


def test_a_known_mobile_number_is_enough(visit: Visit) -> None:
    coordinator, known = visit("coordinator"), make_person("Zus", "Anders")
    make_detail(known, "+31612345999", visibility="members")
    typed = arrival(make_person("Bo", "Verschillend"), telefoon="06-12345999", achternaam="Uniek")
    assert "heeft hetzelfde nummer" in coordinator.preview("nieuwe-collega", typed).text


def substitute(person: Person) -> Fields:
    """A new substitute of the coach with the name of this person."""
    typed = {key: value for key, value in arrival(person).items() if key not in ("functie", "scholen")}
    return typed | {"werkgever": str(coach().organisation_id), "email": "", "telefoon": ""}


def test_a_substitute_from_elsewhere_cannot_be_chosen(visit: Visit) -> None:
    """Their organisation would have to confirm it; a member may add somebody of their own with the same name."""
    me, known, member = coach(), holder("jeugdarts"), visit("member")
    typed = substitute(known)
    for answer in ({}, {"bedoeld": str(known.id)}):
        asked = member.preview("afwezigheid", typed | answer, me.id)
        assert asked.status_code == 422
        [error] = errors(asked.text)
        assert error.startswith(f"{known.name} (")
        assert "staat hier al, maar jij kunt die hier niet kiezen. Vraag de coördinator, of kies" in error
        assert f'value="{known.family_name}"' in asked.text
        assert "Kies je iemand die er al staat" not in asked.text
    previewed = member.preview("afwezigheid", typed | {"bedoeld": "anders"}, me.id)
    assert previewed.status_code == 200, errors(previewed.text)


def test_a_coordinator_may_choose_a_substitute_from_elsewhere(visit: Visit) -> None:
    known, coordinator, before = holder("jeugdarts"), visit("coordinator"), count_people()
    assert errors(coordinator.preview("afwezigheid", substitute(known), coach().id).text)[0].startswith("Bedoel je ")
    coordinator.post("afwezigheid", substitute(known) | {"bedoeld": str(known.id)}, coach().id)
    assert count_people() == before


def test_a_successor_is_chosen_for_each_post(visit: Visit) -> None:
    me, known = coach(), colleague(coach())
    with connection():
        posts = list(Assignment.select().where(Assignment.person == me))
    typed = {**arrival(known), "opvolger": "vacature", f"plek_{posts[0].id}": "nieuw"}
    del typed["functie"], typed["scholen"]
    previewed = visit("member").preview("vertrek", typed | {"bedoeld": str(known.id)}, me.id)
    assert previewed.status_code == 200, errors(previewed.text)
    assert known.name in previewed.text
    assert "Nieuw in de contactzoeker" not in previewed.text
