"""People who may be the same."""

from datetime import date

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.models import Employment, Person
from portal.directory.similar_people import KnownPeople, KnownPerson, load_people
from tests import factories
from tests.clock import TODAY

CJG, GGD = 1, 2
KNOWN = KnownPeople(
    KnownPerson(
        number, given, family, place, {CJG: "CJG", GGD: "GGD"}[place],
        frozenset(numbers), frozenset(emails),
    )
    for number, (given, family, place, numbers, emails) in enumerate([
        ("Noor", "van der Laan", CJG, ["+31612345911", "+31235110000"], ["noor@cjg.example"]),
        ("Jet", "Kooijman", CJG, ["+31235110000"], []),
        ("Joyce", "van der Zwart-Jansen", GGD, [], []),
        ("Anaïs", "d’Hondt", CJG, [], []),
        ("Anne-Marie", "de Vries", GGD, [], []),
        ("Vera", "v. Dam", GGD, [], []),
        ("Bram", "", GGD, [], []),
    ])
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Noor van der Laan", "heet ook zo en werkt bij dezelfde organisatie"),
        ("noor V.D. LAAN", "heet ook zo en werkt bij dezelfde organisatie"),
        ("Noor Vanderlaan", "heet ook zo en werkt bij dezelfde organisatie"),
        ("Anais D'Hondt", "heet ook zo en werkt bij dezelfde organisatie"),
        ("N. van der Laan", "heet bijna zo en werkt bij dezelfde organisatie"),
        ("van der Laan", "heet bijna zo en werkt bij dezelfde organisatie"),
        ("J. (Jet) Kooijman", "heet bijna zo en werkt bij dezelfde organisatie"),
        ("Jet Kooyman", "heet ook zo en werkt bij dezelfde organisatie"),
        ("Jette Kooiman", "heet bijna zo en werkt bij dezelfde organisatie"),
        ("Piet Kooijman", None),
        ("Noor van der Laat-Mulder", None),
        ("-", None),
        ("", None),
    ],
)
def test_a_colleague_is_found_by_name(name: str, found: str | None) -> None:
    reasons = [similar.reason for similar in KNOWN.find_similar(name, CJG)]
    assert reasons == ([found] if found else [])


@pytest.mark.parametrize("name", ["Joyce Jansen", "Joyce van der Zwart", "A.M. de Vries", "Anne de Vries", "V van Dam"])
def test_parts_of_a_name_and_initials_are_alike(name: str) -> None:
    [similar] = KNOWN.find_similar(name, GGD)
    assert similar.reason.startswith("heet bijna zo")
    assert not similar.is_certain


def test_one_name_is_a_whole_name() -> None:
    [similar] = KNOWN.find_similar("Bram", GGD)
    assert (similar.label, similar.is_certain) == ("Bram (GGD)", True)


def test_somebody_elsewhere_has_to_have_the_same_name() -> None:
    assert [one.reason for one in KNOWN.find_similar("Jet Kooijman", GGD)] == ["heet ook zo"]
    assert KNOWN.find_similar("J. Kooijman", GGD) == []
    assert [one.reason for one in KNOWN.find_similar("J. Kooijman")] == ["heet bijna zo"]


def test_a_mobile_number_or_an_address_is_enough() -> None:
    for details in ({"phones": ["+31612345911"]}, {"emails": ["Noor@CJG.example"]}):
        [similar] = KNOWN.find_similar("Bo de Boer", GGD, **details)  # type: ignore[arg-type]  # one of two
        assert (similar.person, similar.is_certain) == (0, False)
    [similar] = KNOWN.find_similar("N. Laan", None, emails=["noor@cjg.example"])
    assert similar.is_certain


def test_a_shared_line_counts_for_who_is_called_alike() -> None:
    assert KNOWN.find_similar("Bo de Boer", CJG, ["+31235110000"]) == []
    [similar] = KNOWN.find_similar("J. Kooijman", GGD, ["+31235110000"])
    assert similar.reason == "heet bijna zo en heeft hetzelfde nummer"


def test_the_same_name_with_another_address_is_not_certain() -> None:
    [similar] = KNOWN.find_similar("Noor van der Laan", CJG, emails=["n.laan@cjg.example"])
    assert not similar.is_certain


def test_nobody_is_their_own_duplicate() -> None:
    assert KNOWN.find_similar("Noor van der Laan", CJG, but=0) == []


def test_the_people_of_the_demo_are_told_apart(app: Flask) -> None:
    with connection():
        people = load_people(TODAY)
        everybody = list(Person.select())
        for person in everybody:
            [similar] = people.find_similar(person.name, person.organisation_id)
            assert (similar.person, similar.is_certain) == (person.id, True)


def test_a_person_is_found_at_the_organisation_of_that_day(portal_copy: Flask) -> None:
    with connection():
        person = factories.coach()
        other = factories.holder("jeugdarts").organisation_id
        Employment.create(
            person=person, organisation=other, valid_from=date(2027, 1, 1), source="x",
            checked_on=TODAY,
        )  # fmt: skip
        [before] = load_people(TODAY).find_similar(person.name, person.organisation_id)
        [after] = load_people(date(2027, 1, 1)).find_similar(person.name, other)
        assert before.is_certain
        assert after.is_certain
