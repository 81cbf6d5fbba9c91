"""What somebody types as the place where a pupil lives."""

import pytest
from flask import Flask

from portal.contacts.residence import Residence, find_residence
from portal.directory.schools import list_municipalities, list_places, list_postcodes


def home(text: str) -> Residence:
    return find_residence(text, list_places(), list_postcodes(), list_municipalities())


@pytest.mark.parametrize(
    ("text", "municipality"),
    [
        ("Hillegom", "Hillegom"),
        ("hillegom ", "Hillegom"),
        ("Bennebroek", "Bloemendaal"),
        ("Santpoort", "Velsen"),
        ("santpoort noord", "Velsen"),
        ("Velsen", "Velsen"),
        ("de zilk", "Noordwijk"),
        ("Nieuw Vennep", "Haarlemmermeer"),
        ("Haarlem", "Haarlem"),
        ("Haarlem-Noord", "Haarlem"),
        ("Bentveld", "Zandvoort"),
        ("2063", "Haarlem"),
        ("2064 XT", "Haarlemmermeer"),
        ("2182ab", "Hillegom"),
        ("Spaarndam-West", "Haarlem"),
        ("Amsterdam", "Amsterdam"),
    ],
)
def test_a_place_or_postcode_leads_to_its_municipality(
    app: Flask, text: str, municipality: str
) -> None:
    found = home(text)
    assert found.municipality
    assert found.municipality.name == municipality


@pytest.mark.parametrize("text", ["Spaarndam", "spaarndam", "Schalkwijk"])
def test_a_name_that_two_municipalities_share_gives_a_choice(app: Flask, text: str) -> None:
    found = home(text)
    assert found.municipality is None
    assert len({place.municipality for place in found.choices}) == 2
    assert not found.instead_of


@pytest.mark.parametrize(
    ("text", "meant"), [("Hilegom", "Hillegom"), ("Benebroek", "Bennebroek"), ("Lise", "Lisse")]
)
def test_a_typing_error_gives_what_was_probably_meant(app: Flask, text: str, meant: str) -> None:
    found = home(text)
    assert found.instead_of
    assert meant in [place.name for place in found.choices]


@pytest.mark.parametrize("text", ["Groningen", "Ee", "x"])
def test_what_nobody_knows_is_taken_as_it_is(app: Flask, text: str) -> None:
    found = home(text)
    assert found.municipality
    assert found.municipality.code == ""
    assert not found.choices


@pytest.mark.parametrize("text", ["1234 AB", "9999", "🙂", "12"])
def test_a_postcode_that_nobody_knows_is_asked_again(app: Flask, text: str) -> None:
    found = home(text)
    assert found.municipality is None
    assert "kennen we niet. Vul " in found.question(text)
