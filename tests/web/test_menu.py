"""The main menu marks the current page."""

import pytest

from tests.checks import parse, text
from tests.conftest import CheckedClient


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/", [("Zoeken", "page")]),
        ("/scholen", [("Scholen", "page")]),
        ("/scholen/16lf00-basisschool-camelot", [("Scholen", "true")]),
        ("/routeboek/verzuim", [("Routeboek", "true")]),
        ("/aanvragen/thema", [("Aanvragen", "true")]),
        ("/gemeenten/haarlem", []),
    ],
)
def test_the_menu_marks_the_page_or_its_section(
    client: CheckedClient, path: str, marked: list[tuple[str, str]]
) -> None:
    nav = next(e for e in parse(client.get(path).text).iter("nav"))
    links = [e for e in nav.iter("a") if e.get("aria-current")]
    assert [(text(link), link.get("aria-current")) for link in links] == marked
