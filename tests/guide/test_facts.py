"""Every fact of the source documents is in the guide, and every number, name and address of the
guide is a fact of a source.

`facts.csv` holds for each fact its source (file:line of a source document; `eigen`: our own, which
the page marks as such), the page or file of the region where it must be, and its words there. A
fact that is left out has no page, and a reason.
"""

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from portal.config import SEEDS
from portal.guide.chapters import Chapter
from tests.checks import parse, text
from tests.conftest import CheckedClient
from tests.guide.content import CONTENT

REGION = SEEDS / "zuid-kennemerland"


class Fact(NamedTuple):
    source: str
    page: str
    words: str
    left_out: str


with Path(__file__).with_name("facts.csv").open(encoding="utf-8", newline="") as file:
    FACTS = [Fact(*row) for row in csv.reader(file)][1:]
SHOWN = [fact for fact in FACTS if fact.page]
_LINE = r"00[0-4]:\d+(-\d+)?"


@pytest.mark.parametrize("page", sorted({fact.page for fact in SHOWN}))
def test_every_fact_is_on_its_page(client: CheckedClient, page: str) -> None:
    if page.startswith("/"):
        article = next(parse(client.get(page).text).iter("article"))
        shown = " ".join(text(article).split())
    else:
        shown = (REGION / page).read_text("utf-8")
    assert [fact.words for fact in SHOWN if fact.page == page and fact.words not in shown] == []


def test_every_fact_names_the_line_of_its_source() -> None:
    for fact in FACTS:
        assert re.fullmatch(rf"{_LINE}(, {_LINE})*|eigen", fact.source), fact
        assert bool(fact.page) is not bool(fact.left_out), fact


# ---- every number, name and address -------------------------------------------------------------

# Numbers, addresses and names that are no fact of a source, each with its reason.
OURS = {
    "112": "known to everybody", "1": "the number of a list item", "2": "the same",
    "3": "the same",
    "www.rbl-hollandrijnland.nl": "marked as not from the guide",
    "VO Zuid-Kennemerland": "the name behind kernteam@swv-vo-zk.nl, 001:475",
    "14 0251": "the same", "leerplicht@heemskerk.nl": "the same", "Heemskerk": "the same",
    "Beverwijk": "the same", "Voor": "a word", "IQ": "a word",
}  # fmt: skip
_ADDRESS = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://)?www(?:\.[\w-]+)+(?:/[\w/-]*)?"
_NUMBER = r"\d+(?:[ .:-]?\d+)*"
# A capital within a sentence: behind a word in small letters, a comma or a bracket.
_NAME = r"(?<=[a-zà-ü,(] )[A-Z][\w’&-]*(?: (?:van der |van de |in )?[A-Z][\w’-]*)*"
_TOKEN = re.compile(f"{_ADDRESS}|{_NUMBER}|{_NAME}")


def _texts(values: object, fields: frozenset[str]) -> Iterator[str]:
    if isinstance(values, list):
        for value in values:
            yield from _texts(value, fields)
    elif isinstance(values, dict):
        for key, value in values.items():
            if isinstance(value, str) and key in fields:
                yield value
            elif not isinstance(value, str):
                yield from _texts(value, fields)


def _toml(name: str, *fields: str) -> Iterator[str]:
    yield from _texts(tomllib.loads((REGION / name).read_text("utf-8")), frozenset(fields))


def _chapter_texts(chapter: Chapter) -> Iterator[str]:
    yield f"{chapter.title}. {chapter.summary}"
    yield from (re.sub(r"\]\(/[^)]*\)", "]", block.text) for block in chapter.blocks)


def _written() -> dict[str, str]:
    """The facts of the region, by the file that says them."""
    tools = sorted((REGION / "guide" / "tools").glob("*.toml"))
    texts = {chapter.slug: _chapter_texts(chapter) for chapter in CONTENT.chapters}
    fields = (
        "lead", "text", "task", "headline", "to_confirm", "behind", "label", "about", "unsure",
        "choice", "school", "social", "parents", "nobody", "always",
    )  # fmt: skip
    texts |= {tool.stem: _toml(f"guide/tools/{tool.name}", *fields) for tool in tools}
    texts["thresholds"] = _toml("guide/attendance_thresholds.toml", "text")
    texts["contacts"] = _toml("contacts.toml", "name", "note", "value", "label")
    texts["roles"] = _toml("roles.toml", "label", "why", "call_about")
    texts["region"] = _toml("region.toml", "about", "lead", "note", "address", "note_email")
    return {where: "\n".join(lines) for where, lines in texts.items()}


WRITTEN = _written()
# Bodies that the page names as not from the guide.
NOT_IN_THE_GUIDE = {
    "Gemeente Velsen", "Gemeente Beverwijk", "Gemeente Heemskerk", "Leerplicht gemeente Velsen",
    "Leerplicht gemeente Beverwijk", "Leerplicht gemeente Heemskerk",
    "Samenwerkingsverband VO Zuid-Kennemerland",
}  # fmt: skip
KNOWN = " ".join(fact.words for fact in FACTS)


def unknown_tokens(written: str, known: str) -> set[str]:
    """The numbers, names and addresses in a text that no known fact holds."""
    plain = re.sub(r"[*_|]|\{\w+\}", " ", written)
    return {
        token
        for token in (found.rstrip(".,-") for found in _TOKEN.findall(plain))
        if token not in OURS and not re.search(rf"(?<![\w]){re.escape(token)}(?![\w])", known)
    }


@pytest.mark.parametrize("where", WRITTEN)
def test_every_number_name_and_address_is_a_fact_of_a_source(where: str) -> None:
    assert unknown_tokens(WRITTEN[where], KNOWN) == set()


def test_every_organisation_and_contact_point_is_a_fact_of_a_source() -> None:
    named = set(_toml("contacts.toml", "name")) - NOT_IN_THE_GUIDE
    assert {name for name in named if name not in KNOWN} == set()


@pytest.mark.parametrize(
    ("written", "token"),
    [
        ("Bel 023 511 36 61.", "023 511 36 61"),
        ("Bij meer dan 13 keer.", "13"),
        ("Mail iemand@elders.nl.", "iemand@elders.nl"),
        ("Zoek op www.elders.nl/hulp.", "www.elders.nl/hulp"),
        ("Vraag het aan Jan de Boer.", "Jan"),
    ],
)
def test_a_number_name_or_address_without_a_source_is_found(written: str, token: str) -> None:
    assert unknown_tokens(written, KNOWN) == {token} or token in unknown_tokens(written, KNOWN)


def test_every_exception_is_still_needed() -> None:
    written = " ".join(WRITTEN.values())
    assert {token for token in OURS if token not in written} == set()
