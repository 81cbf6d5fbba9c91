"""The one search box finds the routeboek too, after the schools and people."""

import pytest
from flask import Flask
from rapidfuzz.fuzz import ratio

from portal import clock
from portal.finder.results import search
from portal.guide.chapters import ChapterError, load_chapters
from portal.guide.glossary import load_terms
from portal.guide.searchable_pages import TOOLS
from tests.conftest import GUIDE, CheckedClient


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
def test_a_chapter_or_aid_is_found_by_what_it_is_about(
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
    for term in load_terms(GUIDE).values():
        assert f'id="woord-{term.anchor}"' in client.get("/routeboek/woorden").text


def test_a_text_and_an_aid_are_not_called_alike() -> None:
    """Told apart by more than one small word, in the contents and among the results."""
    for aid in TOOLS:
        for chapter in load_chapters(GUIDE):
            assert ratio(aid.title, chapter.title) < 85, (aid.title, chapter.title)


def test_a_chapter_shows_no_missing_number(client: CheckedClient) -> None:
    assert "geen nummer bekend" not in client.get("/?q=meldcode").text


def test_a_chapter_that_is_not_right_ends_the_seeding_with_its_name(
    empty_portal: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ChapterError("03-proef.md: het begin is niet goed.")

    monkeypatch.setattr("portal.guide.searchable_pages.load_chapters", fail)
    result = empty_portal.test_cli_runner().invoke(args=["seed"])
    assert result.exit_code == 1
    assert "03-proef.md" in result.output
