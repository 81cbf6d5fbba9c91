"""Finding a residence from a typed place or postcode."""

import pytest
from flask import Flask

from portal.contacts.residence_form import ResidenceMatch, find_residence
from portal.directory.places import list_municipalities, list_places, list_postcodes


def find(text: str) -> ResidenceMatch:
    return find_residence(text, list_places(), list_postcodes(), list_municipalities())


MUNICIPALITIES = [
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
    ("gemeente Haarlem", "Haarlem"),
    ("haarlem centrum", "Haarlem"),
    ("Haarlem-Oost", "Haarlem"),
    ("H'lem", "Haarlem"),
    ("H’lem", "Haarlem"),
    ("Parkwijk", "Haarlem"),
    ("meerwijk", "Haarlem"),
    ("Zandvoort aan Zee", "Zandvoort"),
    ("Noordwijk aan Zee", "Noordwijk"),
    ("bloemendaal noord", "Bloemendaal"),
    ("de gemeente Velsen", "Velsen"),
    ("Haarlemmerliede en Spaarnwoude", "Haarlemmermeer"),
    ("Nw. Vennep", "Haarlemmermeer"),
    ("Floriande", "Haarlemmermeer"),
    ("Alkemade", "Kaag en Braassem"),
    ("A'dam", "Amsterdam"),
    ("2033CE", "Haarlem"),
    ("2033-CE", "Haarlem"),
    ("2121 Bennebroek", "Bloemendaal"),
    ("Hillegom, 2182 AB", "Hillegom"),
    ("20 15 ab.", "Haarlem"),
    ("postcode 2015", "Haarlem"),
    ("zandvoort a/d zee", "Zandvoort"),
    ("gem. Haarlemmermeer", "Haarlemmermeer"),
    ("Haarlemmer meer", "Haarlemmermeer"),
    ("Vijf huizen", "Haarlemmermeer"),
    ("Aerdenhout (gem. Bloemendaal)", "Bloemendaal"),
    ("Zwanenburg-Halfweg", "Haarlemmermeer"),
    ("schalkwijk haarlem", "Haarlem"),
    ("Spaarndam (Haarlem)", "Haarlem"),
    ("spaarnwoude haarlemmerliede", "Haarlemmermeer"),
    ("Spaarndam 2063", "Haarlem"),
    ("Katwijk a/d Rijn", "Katwijk"),
    ("Amsterdamse buurt", "Haarlem"),
]


def test_a_place_or_postcode_leads_to_its_municipality(app: Flask) -> None:
    found = [(text, residence.name if (residence := find(text).municipality) else "") for text, _ in MUNICIPALITIES]
    assert found == MUNICIPALITIES


@pytest.mark.parametrize("text", ["Spaarndam", "spaarndam", "Schalkwijk", "Spaarnwoude"])
def test_a_name_that_two_municipalities_share_gives_a_choice(app: Flask, text: str) -> None:
    residence = find(text)
    assert residence.municipality is None
    assert len({place.municipality for place in residence.choices}) == 2
    assert not residence.is_guess


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Hilegom", "Hillegom"),
        ("Benebroek", "Bennebroek"),
        ("Lise", "Lisse"),
        ("gemeente Harlem", "Haarlem"),
        ("Heemstede-Aerdenhout", "Heemstede"),
        ("Heemstede-Aerdenhout", "Aerdenhout"),
        ("Haarlem Nieuwewijk", "Haarlem"),
        ("Zuid Overveen strand", "Overveen"),
        ("Hoofddorp Haarlem", "Hoofddorp"),
        ("Haarlemermeer", "Haarlemmermeer"),
        ("Teilingen", "Teylingen"),
        ("2121 Haarlem", "Haarlem"),
        ("Amsterdam Osdorp", "Amsterdam"),
    ],
)
def test_an_unknown_name_is_asked_with_places_of_a_similar_name(app: Flask, text: str, meant: str) -> None:
    residence = find(text)
    assert residence.is_guess
    assert meant in [place.name for place in residence.choices]


@pytest.mark.parametrize("text", ["Groningen", "Ee", "x", "Bergen aan Zee", "gemeente Utrecht", "aan zee"])
def test_an_unknown_name_is_a_municipality_without_code(app: Flask, text: str) -> None:
    residence = find(text)
    assert residence.municipality
    assert residence.municipality.code == ""
    assert not residence.choices


@pytest.mark.parametrize(
    "text", ["1234 AB", "1234ab", "9999", "🙂", "12", "2033 2121", "Bomenbuurt", "Lange straat", "Meidoornlaan 12"]
)
def test_an_unknown_postcode_street_or_quarter_is_asked_again(app: Flask, text: str) -> None:
    residence = find(text)
    assert residence.municipality is None
    assert "kennen we niet. Vul " in residence.question(text)
