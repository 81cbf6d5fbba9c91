"""The code and the templates hold no word of a region: what is a region's stands in its folder."""

from functools import cache
from pathlib import Path

import pytest

from portal.config import ROOT, SEEDS
from portal.region import read_region
from tests.regions.words import find_words, list_words

REGIONS = sorted(path.parent for path in SEEDS.glob("*/region.toml"))
FILES = [
    path
    for tree in ("portal", "templates", "static/js", "static/css")
    for path in sorted((ROOT / tree).rglob("*"))
    if path.suffix in (".py", ".html", ".txt", ".js", ".css")
]
# Pieces of text that hold such a word for another reason.
EXCEPTIONS = {
    "Amsterdam": "the time zone of the Netherlands, Europe/Amsterdam",
    "AMSTERDAM": "the same, as a constant",
    "/routeboek": "the address of the guide's pages is the same in every region",
    '("sint", "st")': "spellings of Dutch, in names of schools everywhere",
    '"sint", fold(name)': "the same",
    '"St" is "sint"': "the same",
    'word "sint"': "the same",
    'word != "sint"': "the same",
    'if "sint" in words': "the same",
    '("jozef", "josef", "joseph")': "the same",
    'setting("REGION", "zuid-kennemerland")': "the default that issue 13 asks for",
}


@pytest.mark.parametrize("folder", REGIONS, ids=lambda folder: folder.name)
def test_the_code_and_the_templates_hold_no_word_of_a_region(folder: object) -> None:
    region = read_region(SEEDS / str(folder))
    words = list_words(region)
    assert not [f"{path.relative_to(ROOT)}: {word}" for path in FILES for word in find_words(words, _text_of(path))]


@cache
def _text_of(path: Path) -> str:
    """A file without the exceptions."""
    text = path.read_text("utf-8")
    for exception in EXCEPTIONS:
        text = text.replace(exception, "")
    return text


def test_the_words_are_those_of_the_region() -> None:
    words = list_words(read_region(SEEDS / "zuid-kennemerland"))
    assert {
        "zuid-kennemerland", "kernteamproject", "routeboek", "kernteam@po-zk.nl", "po-zk",
        "verwijsindex@haarlem.nl", "haarlem", "aerdenhout", "altra", "leerplein", "dunamare",
    } <= words  # fmt: skip
    text = "Bel het Leerplein, of mail info@leerplein-mzk.nl. Leerpleinen zijn er meer."
    assert find_words(words, text) == {
        "leerplein", "info@leerplein-mzk.nl", "leerplein-mzk.nl", "leerplein-mzk",
    }  # fmt: skip


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_every_exception_is_still_needed(exception: str) -> None:
    assert any(exception in path.read_text("utf-8") for path in FILES)
