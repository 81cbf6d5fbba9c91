"""The search box finds the pages of the guide too, after schools and people."""

import pytest
from flask import Flask
from rapidfuzz.fuzz import ratio

from portal import clock
from portal.finder.result_lines import search
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
def test_a_chapter_or_tool_is_found_by_what_it_is_about(client: CheckedClient, asked: str, address: str) -> None:
    assert f'href="{address}"' in client.get("/", query_string={"q": asked}).text


def test_contacts_come_before_pages_to_read(app: Flask) -> None:
    with app.app_context():
        for asked in ("cjg", "verzuim", "leerplicht", "haarlem", "ggd"):
            kinds = [result.is_page for result in search(asked, clock.today()).results]
            assert kinds == sorted(kinds), asked


def test_the_results_explain_a_term(client: CheckedClient) -> None:
    page = client.get("/?q=tlv").text
    assert "Het besluit dat een leerling naar het speciaal onderwijs mag." in page
    for term in CONTENT.terms:
        assert f'id="woord-{term.anchor}"' in client.get("/routeboek/woorden").text


def test_titles_of_chapters_and_tools_differ_clearly(app: Flask) -> None:
    """By more than one small word, so that readers of the contents and of the results do not
    confuse them."""
    for tool in list_tools(CONTENT).values():
        for chapter in CONTENT.chapters:
            assert ratio(tool.title, chapter.title) < 85, (tool.title, chapter.title)


def test_a_chapter_shows_no_missing_number(client: CheckedClient) -> None:
    assert "geen nummer bekend" not in client.get("/?q=meldcode").text
