"""Long lists come in sheets: each row stands on one of them, and letters lead to the right one."""

import re

import pytest
from flask.testing import FlaskClient

from portal.finder import views


@pytest.fixture(autouse=True)
def short_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sheets of 20 rows: no region of the tests fills one of the usual size twice."""
    monkeypatch.setattr(views, "FOUND_PER_PAGE", 20)


def rows(page: str) -> list[str]:
    """The titles of the rows with a number to call."""
    shown = page.partition('id="scholen"')[2] or page.partition('id="mensen"')[2]
    return re.findall(r'class="list-row__title" href="([^"]+)"', shown)


@pytest.mark.parametrize("path", ["/scholen", "/functies/directeur", "/gemeenten/haarlem"])
def test_each_row_stands_on_one_sheet(client: FlaskClient, path: str) -> None:
    seen: list[str] = []
    address: str | None = path
    while address:
        page = client.get(address).text
        assert 0 < len(rows(page)) <= 20
        seen += rows(page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = following[1] if following else None
    assert len(seen) == len(set(seen)) > 40
    assert rows(client.get(f"{path}?blad=2").text) == seen[20:40]


def test_a_letter_leads_to_the_sheet_where_it_begins(client: FlaskClient) -> None:
    links = re.findall(r'<li><a href="([^"]*#letter-(\w))">', client.get("/scholen").text)
    assert [letter for _, letter in links] == sorted({letter for _, letter in links})
    for address, letter in links:
        assert f'id="letter-{letter}"' in client.get(address.partition("#")[0] or "/scholen").text


@pytest.mark.parametrize(("number", "previous"), [("0", None), ("x", None), ("999", "blad=5")])
def test_a_sheet_that_is_not_there_is_the_nearest(client: FlaskClient, number: str, previous: str | None) -> None:
    page = client.get(f"/scholen?blad={number}").text
    link = re.search(r'href="([^"]+)" rel="prev"', page)
    assert rows(page)
    assert (previous or "") in (link[1] if link else "")
    assert bool(link) == bool(previous)


def test_no_query_breaks_the_addresses_of_sheets(client: FlaskClient) -> None:
    page = client.get("/scholen?endpoint=x&_method=POST&_scheme=javascript")
    assert 'href="/scholen?blad=2' in page.text


def test_the_filter_goes_along_to_the_next_sheet(client: FlaskClient) -> None:
    page = client.get("/scholen?gemeente=haarlem").text
    link = re.search(r'href="([^"]+)" rel="next"', page)
    assert link
    assert "gemeente=haarlem" in link[1]
