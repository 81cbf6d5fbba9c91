"""Long lists come in sheets: each row stands on one of them, and letters lead to the right one. Where a list of choices
is too long to send, one finds in it by typing, also without scripts."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.database import connection
from portal.finder import views
from portal.requests.models import Request
from portal.web import long_lists
from tests.checks import texts
from tests.conftest import CheckedClient
from tests.requests.conftest import ask

FORM = {"naam": "Bo Test", "email": "bo@school.example"}


@pytest.fixture(autouse=True)
def short_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sheets of 20 rows, as no region of the tests fills one of the usual size twice, and choices of five."""
    monkeypatch.setattr(views, "FOUND_PER_PAGE", 20)
    monkeypatch.setattr(long_lists, "LONGEST", 5)


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


def options(page: str, field: str) -> list[str]:
    """The values of the options of a select, and after them the chosen one."""
    select = page.partition(f'name="{field}">')[2] or page.partition(f'name="{field}" ')[2]
    select = select.partition("</select>")[0]
    chosen = re.findall(r'<option selected value="([^"]*)"|value="([^"]*)" selected', select)
    return re.findall(r'value="([^"]*)"', select) + [max(pair) for pair in chosen]


def test_a_long_list_holds_nothing_before_one_types(client: CheckedClient) -> None:
    page = client.get("/aanvragen/thema").text
    assert set(options(page, "school")) == {""}
    assert 'name="zoek-school"' in page


def test_a_text_that_fits_one_school_chooses_it(client: CheckedClient) -> None:
    answer = client.submit("/aanvragen/thema", {**FORM, "zoek-school": "camelot"})
    assert options(answer.text, "school")[-1] == "16LF00"
    assert "vinden we niet" not in answer.text
    assert 'value="Bo Test"' in answer.text


def test_a_request_for_a_school_that_is_found_has_its_level(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("member")
    answer = ask(client, **{"zoek-school": "haemstede", "school": ""})
    assert answer.status_code == 302, texts(answer.text, "error")
    with connection():
        assert Request.select().order_by(Request.id.desc()).get().level == "vo"


def test_of_several_that_are_found_one_chooses(client: CheckedClient) -> None:
    answer = client.submit("/aanvragen/thema", {**FORM, "zoek-school": "ark"})
    assert "2 namen hebben “ark”. Kies hieronder welke je bedoelt." in answer.text
    found = [value for value in options(answer.text, "school") if value]
    assert len(found) == 2
    assert 'value="ark"' in answer.text
    answer = client.submit("/aanvragen/thema", {**FORM, "zoek-school": "ark", "school": found[1]})
    assert options(answer.text, "school")[-1] == found[1]
    assert "namen hebben" not in answer.text


@pytest.mark.parametrize(
    ("text", "message"), [("qqq", "We vinden “qqq” niet."), ("haarlem", "Meer dan 40 namen hebben “haarlem”.")]
)
def test_a_text_that_chooses_nothing_says_what_to_do(client: CheckedClient, text: str, message: str) -> None:
    answer = client.submit("/aanvragen/thema", {**FORM, "zoek-school": text})
    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{text}"' in answer.text


def test_a_text_typed_after_the_choice_counts(client: CheckedClient) -> None:
    answers = {**FORM, "school": "16LF00", "zoek-school": "jong geleerd"}
    answer = client.submit("/aanvragen/thema", answers)
    assert options(answer.text, "school")[-1] == "08VO00"


def test_a_tool_finds_a_school_in_its_address(client: CheckedClient) -> None:
    page = client.get("/routeboek/zorgen-over-veiligheid?zoek-school=camelot").text
    assert options(page, "school")[-1] == "16lf00-basisschool-camelot"
    page = client.get("/routeboek/zorgen-over-veiligheid?zoek-school=ark").text
    assert "2 namen hebben “ark”" in page


def test_people_and_organisations_are_found(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")
    found = {"zoek-persoon": "noor", "zoek-organisatie": "altra"}
    page = client.submit("/beheer/accounts/nieuw", found).text
    assert options(page, "organisatie")[-1] not in ("", "geen")
    assert "Noor" in page
    assert "camelot" not in client.get("/beheer/mensen").text.partition("</form>")[0].lower()
