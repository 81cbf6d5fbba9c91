"""Searching for part of a name: the results and the contact to call."""

import csv
import gzip
import html
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import clock
from portal.directory import schools_and_kernen as directory
from portal.directory.contact_details import viewing_as
from portal.directory.models import Visibility
from portal.finder.result_lines import Result, search
from portal.search import finding
from portal.search.corrections import Vocabulary
from tests.conftest import FRAGMENT
from tests.contracts.test_structure import counted

GOLD = list(csv.DictReader((Path(__file__).parent / "gold.csv").read_text("utf-8").splitlines()))


@pytest.fixture(autouse=True)
def _asked_within(app: Flask) -> Iterator[None]:
    """The application whose pages are found too."""
    with app.app_context():
        yield


def list_results(text: str) -> list[Result]:
    return search(text, clock.today()).results


def titles(text: str) -> list[str]:
    return [result.title for result in list_results(text)]


def test_words_that_are_found_as_typed_need_no_words_of_the_index(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Vocabulary:
        raise AssertionError("asked")

    with app.test_request_context():
        monkeypatch.setattr(finding, "list_words", fail)
        assert titles("camelot")[0] == "Basisschool Camelot"


KINDS = {
    "naam van een school": 25, "schrijfwijze": 30, "typefout": 20, "code of straat": 8,
    "plaats": 15, "functie": 30, "persoon": 30, "nummer": 30, "adres": 10, "vraagzin": 10,
    "overbodig woord": 10, "drie delen": 10, "synoniem": 10, "loket": 10,
}  # fmt: skip


def test_the_gold_list_has_questions_of_every_kind() -> None:
    kinds = Counter(row["soort"] for row in GOLD)
    assert len({row["zoekvraag"] for row in GOLD}) == len(GOLD) >= 250
    assert kinds.keys() == KINDS.keys()
    assert {kind: kinds[kind] for kind in KINDS if kinds[kind] < KINDS[kind]} == {}


@pytest.mark.sqlite("tests/test_moving_database.py compares the first three with those of PostgreSQL")
def test_97_percent_of_the_gold_list_has_the_right_contact_in_the_top_3(app: Flask) -> None:
    """And no question of it is a dead end."""
    wrong = {}
    with app.test_request_context():
        for row in GOLD:
            found = list_results(row["zoekvraag"])
            assert found, row
            if not any(
                result.title.casefold() == row["resultaat"].casefold()
                and row["gebeld"].casefold() in result.caller.casefold()
                for result in found[:3]
            ):
                wrong[row["zoekvraag"]] = [result.title for result in found[:3]]
    assert len(wrong) <= 0.03 * len(GOLD), wrong


def test_a_plain_question_costs_no_more_statements_than_before(client: FlaskClient) -> None:
    """As many as on 25 November, when a question could not hold a number or a home yet; and one
    for the version of the directory, and one for what changes soon where schools or people are
    found."""
    for text, most in (
        ("camelot", 13), ("haarlem", 8), ("leerplicht haarlem", 8), ("noor laan", 9),
        ("jeugdarts camelot", 13), ("leerplicht", 2), ("2033 ce", 10), ("de ark heemstede", 10),
    ):  # fmt: skip
        client.get(f"/?q={text}", headers=FRAGMENT)
        with counted() as statements:
            client.get(f"/?q={text}", headers=FRAGMENT)
        assert len(statements) <= most + 1, text


def test_the_found_number_is_shown_with_its_owner(app: Flask) -> None:
    for text in ("023 533 35 16", "0031235333516", "5333516"):
        (school,) = list_results(text)
        assert (school.title, school.detail and school.detail.value) == (
            "Basisschool Camelot", "+31235333516",
        )  # fmt: skip


def test_a_number_that_only_members_see_finds_its_desk_for_members_only(app: Flask) -> None:
    for text in ("06 40881026", "0640881026", "+31640881026", "881026"):
        assert list_results(text) == []
        with viewing_as(Visibility.MEMBERS):
            (desk,) = list_results(text)
            assert desk.title == "Helpdesk schoolcoaches Altra"
            assert "Maud van der Horst" in desk.caller


def test_a_dropped_word_is_named(client: FlaskClient) -> None:
    for text, word in (
        ("camelot telefoonnummer", "telefoonnummer"),
        ("wie heeft het 06-nummer van Noor van der Laan", "nummer"),
        ("leerplicht xyzzyxyzzy", "xyzzyxyzzy"),
    ):
        page = client.get("/", query_string={"q": text}).text
        assert "zonder" in page, text
        assert f"“{word}”" in page, text


def test_a_home_in_the_question_is_named_and_goes_along_to_the_school(client: FlaskClient) -> None:
    page = html.unescape(client.get("/?q=leerplicht willink hillegom").text)
    assert "Voor een leerling uit Hillegom." in page
    assert "RBL Holland Rijnland" in page
    assert "?woont=anders&plaats=Hillegom" in page
    page = html.unescape(client.get("/?q=leerplicht hageveld hoofddorp").text)
    assert "?woont=haarlemmermeer" in page
    assert "Voor een leerling uit" not in client.get("/?q=leerplicht camelot haarlem").text


def test_who_holds_the_asked_role_comes_before_namesakes(app: Flask) -> None:
    assert titles("karim leerplicht")[0] == "Karim Maduro"
    assert titles("sander jeugdarts")[0] == "Sander van der Steen"


def test_both_spellings_find_both_schools(app: Flask) -> None:
    for texts in (("sint bavo", "st bavo", "St. Bavo"), ("beatrixschool", "beatrix school", "beatrix")):
        found = [{r.title for r in list_results(text) if r.kind == "school"} for text in texts]
        assert len(found[0]) >= 2
        assert all(one == found[0] for one in found)


def test_a_result_of_a_school_shows_the_owner_of_its_number(app: Flask) -> None:
    (first, *_) = list_results("camelot")
    assert first.caller.startswith("CJG-coach ")
    assert first.detail
    assert first.detail.value.startswith("+31612345")


def test_a_role_in_the_question_decides_whose_number_is_shown(app: Flask) -> None:
    assert list_results("jeugdarts camelot")[0].caller.startswith("jeugdarts ")
    assert list_results("leerplicht camelot")[0].caller.startswith("leerplichtambtenaar ")


def test_no_two_results_read_the_same(app: Flask) -> None:
    for text in ("noordzee", "isk", "vellesan", "christelijk lyceum", "de ark", "haarlem college"):
        lines = Counter((result.title, result.about) for result in list_results(text))
        assert len(lines) > 1, text
        assert max(lines.values()) == 1, text


def test_all_schools_can_be_told_apart(app: Flask) -> None:
    lines = Counter(
        (school.name, school.street, school.place, school.other_name) for school in directory.list_schools()
    )
    assert max(lines.values()) == 1


def test_spaarndam_asks_which_one(client: FlaskClient) -> None:
    page = client.get("/?q=spaarndam").text
    assert "Er is meer dan één Spaarndam. Kies hieronder, of zoek op postcode." in page
    assert "postcode 2063" in page
    assert "postcode 2064" in page


def test_a_postcode_chooses_between_the_two_sides_of_spaarndam(client: FlaskClient) -> None:
    assert "Er is meer dan één" not in client.get("/?q=2063").text


@pytest.mark.parametrize(
    ("text", "help_text"),
    [
        ("santpoort", "Er is meer dan één Santpoort."),
        ("schalkwijk", "Er is meer dan één Schalkwijk."),
        ("velsen", "Kernteamproject VO"),
        ("amsterdam", "Gemeente buiten deze regio"),
    ],
)
def test_an_ambiguous_or_outside_place_comes_with_help(client: FlaskClient, text: str, help_text: str) -> None:
    assert help_text in html.unescape(client.get(f"/?q={text}").text)


def test_a_typing_error_gives_results_for_similar_words(client: FlaskClient) -> None:
    page = client.get("/?q=camelott").text
    assert "Niets gevonden voor “camelott”. Bedoelde je …?" in page
    assert "Basisschool" in page


def test_a_search_without_results_gives_advice(client: FlaskClient) -> None:
    page = client.get("/?q=qqqqqqqq").text
    assert "We vonden niets voor “qqqqqqqq”." in page
    assert "lijst van alle scholen" in page
    assert "mailto:kernteam@po-zk.nl" in page
    assert "/functies/cjg-coach" in page
    assert "/functies/leerplichtambtenaar" in page


def test_a_search_without_results_is_counted_without_its_words(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="portal"):
        client.get("/?q=qqqqqqqq")
        client.get("/?q=camelot")
    assert [r.name for r in caplog.records if r.message == "search without results"] == ["portal.finder.views"]
    assert "qqqq" not in "".join(str(vars(record)) for record in caplog.records)


def test_a_desk_is_found_in_a_question_with_the_name_of_a_role(app: Flask) -> None:
    for text in ("leerplein", "bel nummer leerplein", "telefoonnummer van het Leerplein", "steunpunt"):
        assert "loket" in [result.kind for result in list_results(text)[:2]], text


def test_a_page_is_found_with_a_place_beside_it(app: Flask) -> None:
    assert titles("veilig thuis haarlem")[0] == titles("veilig thuis")[0]
    assert titles("meldkode")[0] == titles("meldcode")[0]
    assert titles("verwijs index")[0] == titles("verwijsindex")[0]


def test_a_desk_says_why_it_answers_to_another_name(app: Flask) -> None:
    for text, hint in (
        ("politie", "Ook voor: politie."),
        ("wie is de wijkagent", "Ook voor: wijkagent."),
        ("joyce van der zwart", "Ook voor: Joyce van der Zwart."),
        ("kernteamproject", ""),
        ("helpdesk", ""),
    ):
        desk = next(result for result in list_results(text) if result.kind == "loket")
        assert desk.hint == hint, text


def test_a_full_postcode_without_a_school_gives_the_place(app: Flask) -> None:
    assert titles("2114 ZZ")[0] == "Vogelenzang"


@pytest.mark.parametrize("text", ["84", "06 84", "023 5 84", "5 84", "0235", "023 555 01 23"])
def test_a_piece_of_a_telephone_number_finds_no_house(app: Flask, text: str) -> None:
    """Camelot stands at number 84."""
    assert "Basisschool Camelot" not in titles(text)
    assert not [result for result in list_results(text) if result.kind == "plaats"]


@pytest.mark.parametrize("text", ["0612345678", "020551234", "2355501"])
def test_a_telephone_number_is_no_typing_error_and_no_postcode(app: Flask, text: str) -> None:
    assert list_results(text) == []


def test_the_page_holds_the_same_results_as_the_fragment(client: FlaskClient) -> None:
    page = client.get("/?q=bennebroek").text
    fragment = client.get("/?q=bennebroek", headers=FRAGMENT).text
    part = re.sub(r'<div hx-swap-oob="innerHTML:#melding">.*?</div>', "", fragment, flags=re.S)
    assert "<h1>" not in fragment
    assert part.strip() in page


def test_the_count_is_announced_in_the_fragment(client: FlaskClient) -> None:
    fragment = client.get("/?q=camelot", headers=FRAGMENT).text
    assert 'hx-swap-oob="innerHTML:#melding"' in fragment
    assert "3 resultaten gevonden" in fragment


@pytest.mark.parametrize(
    "extra", [{"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}], ids=["boost", "back"]
)
def test_a_boosted_link_and_a_restored_page_get_the_whole_page(app: Flask, extra: dict[str, str]) -> None:
    from flask.testing import FlaskClient as PlainClient

    answer = PlainClient(app, app.response_class).get("/?q=camelot", headers=FRAGMENT | extra)
    assert "<h1>" in answer.text


def test_page_and_fragment_are_kept_apart_by_a_cache(client: FlaskClient) -> None:
    assert "HX-Request" in client.get("/").headers["Vary"]


def test_a_search_text_that_is_too_long_is_refused_and_kept(client: FlaskClient) -> None:
    text = "x" * 101
    answer = client.get(f"/?q={text}")
    assert answer.status_code == 422
    assert "Je zoekvraag is te lang. Gebruik hoogstens 100 tekens." in answer.text
    assert f'value="{text}"' in answer.text


def test_a_keystroke_costs_at_most_4_kb(client: FlaskClient) -> None:
    for text in ("h", "haarlem", "de", "school"):
        fragment = client.get(f"/?q={text}", headers=FRAGMENT).data
        assert len(gzip.compress(fragment, 6)) <= 4096, text


@pytest.mark.parametrize(
    "text",
    ["\0", "a\0b", '"', "'", '"" OR *', "NEAR(a b)", "title:x", "-x", "(", "*", "🙂", "AND", "^",
     "x" * 10_000, "%", "_", "{title}: a", "\r\n", "0" * 9, "2033", "16LF OR 1=1"],
)  # fmt: skip
def test_any_text_gives_a_page(client: FlaskClient, text: str) -> None:
    assert client.get("/", query_string={"q": text}).status_code in (200, 422)
    assert client.get("/", query_string={"q": text}, headers=FRAGMENT).status_code in (200, 422)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=110))
def test_no_text_at_all_gives_an_error(client: FlaskClient, text: str) -> None:
    assert client.get("/", query_string={"q": text}).status_code in (200, 422)
