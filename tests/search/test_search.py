"""Searching for part of a name: the results and the contact to call."""

import csv
import gzip
import html
import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import clock
from portal.directory import schools as directory
from portal.finder.results import Result, search
from tests.conftest import FRAGMENT

GOLD = list(csv.DictReader((Path(__file__).parent / "gold.csv").read_text("utf-8").splitlines()))


def list_results(text: str) -> list[Result]:
    return search(text, clock.today()).results


def titles(text: str) -> list[str]:
    return [result.title for result in list_results(text)]


def test_the_gold_list_is_long_enough() -> None:
    assert len(GOLD) >= 60


def test_at_least_95_percent_of_the_gold_list_has_the_right_contact_in_the_top_3(
    app: Flask,
) -> None:
    def right(row: dict[str, str]) -> bool:
        return any(
            result.title.casefold() == row["resultaat"].casefold()
            and row["gebeld"].casefold() in result.caller.casefold()
            for result in list_results(row["zoekvraag"])[:3]
        )

    wrong = [(row["zoekvraag"], titles(row["zoekvraag"])[:3]) for row in GOLD if not right(row)]
    assert len(wrong) <= 0.05 * len(GOLD), wrong


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
        (school.name, school.street, school.place, school.other_name)
        for school in directory.list_schools()
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
        ("amsterdam", "gemeente buiten deze regio"),
    ],
)
def test_an_ambiguous_or_outside_place_comes_with_help(
    client: FlaskClient, text: str, help_text: str
) -> None:
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
def test_a_boosted_link_and_a_restored_page_get_the_whole_page(
    app: Flask, extra: dict[str, str]
) -> None:
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


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=110))
def test_no_text_at_all_gives_an_error(client: FlaskClient, text: str) -> None:
    assert client.get("/", query_string={"q": text}).status_code in (200, 422)
