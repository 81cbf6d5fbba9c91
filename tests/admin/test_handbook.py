"""The handbook: a coordinator finds each job, every step is named as on screen, and every link
leads somewhere."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask

from portal.admin import handbook
from portal.config import ROOT, SEEDS, Config
from portal.region import read_region
from portal.web.formatting import capital
from tests.checks import parse
from tests.conftest import CheckedClient
from tests.contracts.test_readability import list_faults
from tests.guide import readability
from tests.regions.words import find_words, list_words

FILES = [*sorted(handbook.FOLDER.glob("*.md")), *(handbook.DOCS / f"{n}.md" for n in handbook.PAPERS)]
JOBS = {
    "eerste-week", "schooljaar", "collega-weg", "mail-komt-niet-aan", "verkeerd-nummer", "datalek",
    "portal-ligt-eruit", "terugzetten",
}  # fmt: skip


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


@cache
def words_on_screen() -> set[str]:
    """Every piece of text in a template, and every text in the code, as a label is one."""
    pieces: list[str] = []
    for path in (ROOT / "templates").rglob("*.html"):
        source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)
        pieces += re.split(r"<[^>]*>|\{[%{].*?[%}]\}", source)
        pieces += re.findall(r'"([^"<>{}]+)"', source)  # given to a macro
    for path in (ROOT / "portal").rglob("*.py"):
        pieces += re.findall(r'"([^"\n]+)"', path.read_text("utf-8"))
    texts = (" ".join(piece.split()).removesuffix(" (optioneel)").rstrip(":") for piece in pieces)
    return {form for text in texts for form in (text, capital(text))}


def list_bold(text: str) -> Iterator[str]:
    return (found[1] for found in re.finditer(r"\*\*(.+?)\*\*", text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_step_names_what_is_on_the_screen(path: object) -> None:
    unknown = set(list_bold((ROOT / str(path)).read_text("utf-8"))) - words_on_screen()
    assert not unknown


def list_dead_links(portal: Flask) -> list[str]:
    """The links of the handbook to a page that this portal lacks, or to a heading that is gone."""
    addresses = portal.url_map.bind("localhost")
    with portal.app_context():
        pages = {f"{handbook.ADDRESS}/{topic}": handbook.read_page(topic).body for topic in handbook.list_topics()} | {
            handbook.ADDRESS: handbook.read_page().body
        }
    dead = []
    for page, body in pages.items():
        for link in re.findall(r'href="(/[^"]*)"', body):
            path, _, anchor = link.partition("#")
            if anchor:
                is_alive = f'id="{anchor}"' in pages.get(path, "")
            else:
                is_alive = addresses.test(path, "GET") and (path in pages or not path.startswith(handbook.ADDRESS))
            dead += [] if is_alive else [f"{page}: {link}"]
    return dead


def test_every_link_of_the_handbook_leads_somewhere(app: Flask) -> None:
    assert list_dead_links(app) == []


def test_the_index_leads_to_every_page(coordinator: CheckedClient) -> None:
    assert set(handbook.list_topics()) >= JOBS
    index = coordinator.get("/beheer/handboek").text + coordinator.get("/beheer/handboek/papieren").text
    for topic in handbook.list_topics():
        assert f'href="/beheer/handboek/{topic}"' in index


@pytest.mark.parametrize("topic", [handbook.INDEX, *handbook.list_topics()])
def test_a_page_is_whole_and_reads_easily(coordinator: CheckedClient, topic: str) -> None:
    """With the names of this installation in the place of every word between braces."""
    with coordinator.application.app_context():
        page = handbook.read_page(topic)
    assert not re.search(r"\{\w*\}", page.title + page.body)
    assert list_faults(readability.full_sentences(parse(page.body))) == []


def test_a_page_names_this_installation(coordinator: CheckedClient) -> None:
    page = coordinator.get("/beheer/handboek/portal-ligt-eruit").text
    config = Config.from_environment({})
    assert f"Het adres is {config.base_url}." in page
    assert capital(config.region.project) in page
    assert re.search(f"{capital(config.region.project)}: ____", page)  # no number is set


def test_an_address_of_no_page_is_not_found(coordinator: CheckedClient) -> None:
    for name in ("niets", "README", "..%2Fsecurity", "security"):
        assert coordinator.get(f"/beheer/handboek/{name}").status_code == 404, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_file_holds_a_word_of_a_region(path: object) -> None:
    text = (ROOT / str(path)).read_text("utf-8").replace("/routeboek", "")
    for folder in SEEDS.glob("*/region.toml"):
        assert not find_words(list_words(read_region(folder.parent)), text)
