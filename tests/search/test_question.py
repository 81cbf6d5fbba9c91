"""Parsing a search text: its number or address, its roles, its places and the words that remain."""

import pytest

from portal.search.question import Home, Names, Question, parse_question

ROLES = {
    "leerplicht": ["leerplichtambtenaar"],
    "leerplichtambtenaar": ["leerplichtambtenaar"],
    "jgz": ["jeugdarts", "jeugdverpleegkundige"],
    "jeugdarts": ["jeugdarts"],
    "cjgcoach": ["cjg-coach"],
    "schoolmaatschappelijkwerk": ["smw"],
    "iber": ["ib"],
    "consulentoudersenschool": ["ouders"],
}
PLACES = {"noordwijk": "0002", "aandekust": "0001", "1234": "0001", "zuidwijk": "0003"}


def parse(text: str) -> Question:
    return parse_question(text, Names(ROLES, PLACES))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wie is de leerplichtambtenaar van Camelot", ["camelot"]),
        ("Hoe bereik ik mw. van der Goot?", ["goot"]),
        ("dhr. X. Koster", ["x", "koster"]),
        ("drs Koster", ["koster"]),
        ("S. van der Steen", ["s", "steen"]),
        ("V v d Steen", ["v", "steen"]),
        ("v d Steen", ["steen"]),
        ("v/d Steen", ["steen"]),
        ("Goot, Jeroen van der", ["goot", "jeroen"]),
        ("bos & vaart", ["bos", "vaart"]),
        ("de ark", ["ark"]),
        ("van de", ["van", "de"]),
        ("camelot telefoonnummer", ["camelot"]),
        ("telefoonnummer", ["telefoonnummer"]),
        ("vrijheidsweg 84", ["vrijheidsweg"]),
        ("2033 CE", ["2033ce"]),
        ("camelot 2033 ce", ["camelot", "2033ce"]),
        ("16 LF 00", ["16lf00"]),
        ("leerplicht", []),
        ("wie is mijn cjg coach", []),
    ],
)
def test_words_around_a_name_fall_away(text: str, words: list[str]) -> None:
    assert parse(text).words == words


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("leerplicht de ark", ("leerplichtambtenaar",)),
        ("JGZ", ("jeugdarts", "jeugdverpleegkundige")),
        ("jeugdarts van de JGZ", ("jeugdarts",)),
        ("jeugdarts leerplicht", ("jeugdarts", "leerplichtambtenaar")),
        ("cjgcoach camelot", ("cjg-coach",)),
        ("CJG-coach camelot", ("cjg-coach",)),
        ("school maatschappelijk werk", ("smw",)),
        ("schoolmaatschappelijkwerk ecl", ("smw",)),
        ("i.b.er camelot", ("ib",)),
        ("camelot consulent ouders en school", ("ouders",)),
        ("camelot", ()),
    ],
)
def test_a_role_is_found_with_and_without_blanks(text: str, roles: tuple[str, ...]) -> None:
    assert parse(text).roles == roles


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("0235550123", "235550123"),
        ("(023) 555 01 23", "235550123"),
        ("+31 23-555 01 23", "235550123"),
        ("+31 (0)23 555 01 23", "235550123"),
        ("0031235550123", "235550123"),
        ("023/5550123", "235550123"),
        ("023.555.01.23", "235550123"),
        ("wie belde met 06 12 34 50 05?", "612345005"),
        ("tel. 06-12345005 mobiel", "612345005"),
        ("345005", "345005"),
        ("0900 1234", "9001234"),
        ("14 020", "14020"),
        ("140251", "140251"),
    ],
)
def test_a_number_in_any_notation_is_read(text: str, digits: str) -> None:
    assert parse(text).number == digits


@pytest.mark.parametrize(
    "text", ["2033 CE", "16LF00", "84", "06 84", "vrijheidsweg 84", "groep 7", "14", "12345", "(", "+"]
)
def test_a_code_a_postcode_or_a_house_number_is_no_telephone_number(text: str) -> None:
    assert parse(text).number == ""


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Info@Desk.Example", "info@desk.example"),
        ("mail van info@desk.example?", "info@desk.example"),
        ("@desk.example", "@desk.example"),
        ("noor.laan@", "noor.laan@"),
        ("www.desk.example", "desk.example"),
        ("https://www.desk.example/team", "desk.example"),
        ("mw. van der Goot", ""),
        ("@", ""),
        ("camelot", ""),
    ],
)
def test_a_mail_address_or_its_domain_is_read(text: str, address: str) -> None:
    assert parse(text).address == address


def test_a_place_beside_a_school_may_be_where_the_pupil_lives() -> None:
    question = parse("leerplicht de ark aan de kust")
    assert question.homes == (Home(("aan", "de", "kust"), "0001"),)
    assert question.residences == ["0001"]


def test_a_postcode_names_a_place_too() -> None:
    assert parse("de ark 1234 ab").residences == ["0001"]


def test_places_alone_say_nothing_about_a_pupil() -> None:
    question = parse("leerplicht noordwijk zuidwijk")
    assert [home.municipality for home in question.homes] == ["0002", "0003"]
    assert question.residences == []


def test_a_word_for_a_detail_is_kept_apart() -> None:
    assert parse("telefoonnummer leerplicht").asked_for == ("telefoonnummer",)
    assert parse("mail van de ark").asked_for == ("mail",)
    assert parse("nummer").asked_for == ()
