"""The search box finds the pages of the guide too, after schools and people."""

import pytest
from flask import Flask
from rapidfuzz.fuzz import ratio

from portal import clock
from portal.finder.results import search
from portal.guide.searchable_pages import list_tools
from tests.conftest import CheckedClient
from tests.guide.content import CONTENT


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("verzuimkaart", "/routeboek/verzuimkaart"),
        ("meldcode", "/routeboek/veilig-thuis-en-meldcode"),
        ("startgesprek", "/routeboek/samen-rond-een-leerling"),
        ("grijze gebied", "/routeboek/het-grijze-gebied"),
        ("TLV", "/routeboek/tweede-deskundige"),
        ("TLV", "/routeboek/woorden#woord-tlv"),
        ("toelaatbaarheidsverklaring", "/routeboek/woorden#woord-tlv"),
        ("intelligentietest", "/routeboek/intelligentieonderzoek"),
        ("intelligentietest", "/routeboek/wie-betaalt-een-intelligentieonderzoek"),
        ("IQ", "/routeboek/intelligentieonderzoek"),
        ("multisignaal", "/routeboek/verwijsindex"),
        ("OOGO", "/routeboek/de-organisatie-erachter"),
        ("verzuim", "/routeboek/verzuim"),
        ("afkortingen", "/routeboek/woorden"),
    ],
)
def test_a_chapter_or_tool_is_found_by_what_it_is_about(
    client: CheckedClient, asked: str, address: str
) -> None:
    assert f'href="{address}"' in client.get("/", query_string={"q": asked}).text


def test_what_one_can_call_comes_before_what_one_can_read(app: Flask) -> None:
    for asked in ("cjg", "verzuim", "leerplicht", "haarlem", "ggd"):
        kinds = [result.is_page for result in search(asked, clock.today()).results]
        assert kinds == sorted(kinds), asked


def test_a_word_is_explained_in_the_results_themselves(client: CheckedClient) -> None:
    page = client.get("/?q=tlv").text
    assert "Het besluit dat een leerling naar het speciaal onderwijs mag." in page
    for term in CONTENT.terms:
        assert f'id="woord-{term.anchor}"' in client.get("/routeboek/woorden").text


def test_a_chapter_and_a_tool_are_not_called_alike(app: Flask) -> None:
    """Told apart by more than one small word, in the contents and among the results."""
    for tool in list_tools(CONTENT).values():
        for chapter in CONTENT.chapters:
            assert ratio(tool.title, chapter.title) < 85, (tool.title, chapter.title)


def test_a_chapter_shows_no_missing_number(client: CheckedClient) -> None:
    assert "geen nummer bekend" not in client.get("/?q=meldcode").text
