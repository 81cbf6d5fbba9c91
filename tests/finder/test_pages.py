"""The pages of a school, a municipality, a person and a role."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.database import connection
from portal.directory import queries
from portal.directory.models import Assignment, ContactDetail, Organisation, Person, Role
from tests.checks import texts
from tests.conftest import FRAGMENT, TODAY

CAMELOT = "/scholen/16lf00-basisschool-camelot"


def cards(page: str) -> list[str]:
    """What each card of the kernteam says."""
    return texts(page, "card")


def roles_of(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/functies/([\w-]+)"', page)


def test_a_primary_school_shows_one_card_for_each_role(client: FlaskClient) -> None:
    assert roles_of(client.get(CAMELOT).text) == [
        "cjg-coach", "leerplichtambtenaar", "onderwijsconsulent", "jeugdarts",
        "jeugdverpleegkundige", "doktersassistent", "intern-begeleider", "directeur",
    ]  # fmt: skip


def test_a_secondary_school_has_a_zorgcoordinator_instead_of_an_intern_begeleider(
    client: FlaskClient,
) -> None:
    roles = roles_of(client.get("/scholen/02sb00-sancta-maria").text)
    assert "zorgcoordinator" in roles
    assert "intern-begeleider" not in roles
    assert "schoolmaatschappelijk-werker" in roles


def test_a_secondary_school_without_a_schoolmaatschappelijk_werker_has_no_gap_for_one(
    client: FlaskClient,
) -> None:
    roles = roles_of(client.get("/scholen/19eq00-hartenlustschool").text)
    assert "schoolmaatschappelijk-werker" not in roles


def test_a_special_school_shows_the_primary_roles_to_be_confirmed(client: FlaskClient) -> None:
    page = client.get("/scholen/18gx00-focus").text
    assert "intern-begeleider" in roles_of(page)
    assert all("Te bevestigen" in card for card in cards(page))


def test_a_school_in_haarlemmermeer_has_a_schoolcoach_instead_of_a_cjg_coach(
    client: FlaskClient,
) -> None:
    roles = roles_of(client.get("/scholen/08vo00-jong-geleerd").text)
    assert "schoolcoach" in roles
    assert "cjg-coach" not in roles


def test_on_a_card_the_number_comes_first_and_can_be_dialled(client: FlaskClient) -> None:
    page = client.get(CAMELOT).text
    card = cards(page)[0]
    number, mail, employer = (card.index(part) for part in ("06 12 34", "@", "CJG Kennemerland"))
    assert number < mail < employer
    assert re.search(r'href="tel:\+31612345\d{3}" aria-label="Bel [^"]+: 06 12 34 5', page)


def test_the_contact_points_stand_below_the_kernteam(client: FlaskClient) -> None:
    page = client.get(CAMELOT).text
    below = page[page.index("Neemt niemand op") :]
    for number in ("088 995 84 84", "023 511 36 60", "023 789 17 77", "023 533 35 16"):
        assert number in below


def test_a_role_that_nobody_holds_shows_whom_to_turn_to(portal_copy: Flask) -> None:
    with connection():
        Assignment.delete().where(Assignment.school == "16LF00").execute()
    page = portal_copy.test_client().get(CAMELOT).text
    assert len(cards(page)) == 8
    for card in cards(page):
        assert "Nog niet ingevuld" in card
        assert "Neem contact op met:" in card


def test_an_assignment_counts_from_its_first_day_to_its_last(portal_copy: Flask) -> None:
    client = portal_copy.test_client()
    with connection():
        person = Person.create(
            organisation=Organisation.get(), given_name="Tijdelijke", family_name="Kracht"
        )
        row = Assignment.create(
            person=person, role=Role.get(Role.key == "cjg-coach"), school="16LF00",
            valid_from=TODAY, valid_until=TODAY + timedelta(days=1), source="x",
            checked_on=TODAY,
        )  # fmt: skip
    assert "Tijdelijke Kracht" in client.get(CAMELOT).text
    for first, last in ((1, 2), (-1, 0)):
        with connection():
            row.valid_from = TODAY + timedelta(days=first)
            row.valid_until = TODAY + timedelta(days=last)
            row.save()
        assert "Tijdelijke Kracht" not in client.get(CAMELOT).text


def test_a_number_that_is_only_for_members_is_on_no_page(portal_copy: Flask) -> None:
    with connection():
        ContactDetail.update(visibility=ContactDetail.MEMBERS).where(
            ContactDetail.person.is_null(False) & (ContactDetail.kind == ContactDetail.PHONE)
        ).execute()
        person = queries.list_holders(TODAY, schools=["16LF00"])[0].party.person_id
    client = portal_copy.test_client()
    for path in (CAMELOT, f"/personen/{person}", "/functies/cjg-coach", "/?q=camelot"):
        assert "06 12 34 5" not in client.get(path).text


def test_a_wrong_name_behind_the_code_leads_to_the_right_address(client: FlaskClient) -> None:
    answer = client.get("/scholen/16lf00-oude-naam")
    assert (answer.status_code, answer.headers["Location"]) == (301, CAMELOT)


@pytest.mark.parametrize(
    "path",
    ["/scholen/99zz99-niets", "/scholen/x", "/gemeenten/nergens", "/personen/999999",
     "/personen/x", "/functies/niets", "/niets"],
)  # fmt: skip
def test_what_does_not_exist_is_told_with_a_search_box(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'name="q"' in answer.text


def test_a_municipality_tells_who_does_cjg_jgz_and_leerplicht(client: FlaskClient) -> None:
    page = client.get("/gemeenten/bloemendaal").text
    for number in ("088 995 83 83", "023 789 17 77", "023 511 36 60"):
        assert number in page
    assert "Bennebroek" in page
    assert "Willinkschool" in page


def test_a_municipality_around_the_region_tells_who_does_leerplicht(client: FlaskClient) -> None:
    page = client.get("/gemeenten/hillegom").text
    assert "RBL Holland Rijnland" in page
    assert "valt buiten deze regio" in page


def test_a_municipality_that_the_routeboek_does_not_know_says_so(client: FlaskClient) -> None:
    assert "staat niet in het Routeboek" in client.get("/gemeenten/amsterdam").text


def test_a_person_page_lists_roles_and_schools(app: Flask, client: FlaskClient) -> None:
    party = queries.list_holders(TODAY, schools=["16LF00"], roles=["cjg-coach"])[0].party
    page = client.get(f"/personen/{party.person_id}").text
    assert party.name in page
    assert f'href="{CAMELOT}"' in page
    assert "CJG-coach" in page


def test_a_role_page_tells_what_to_call_for_and_who_answers_where(client: FlaskClient) -> None:
    page = client.get("/functies/leerplichtambtenaar").text
    assert "Waar woont de leerling?" in page
    assert "0900 1852" in page
    assert "RBL Holland Rijnland" in page


def test_all_schools_are_listed_and_can_be_filtered(client: FlaskClient) -> None:
    assert "114 scholen" in client.get("/scholen").text
    assert "9 scholen" in client.get("/scholen?soort=po&gemeente=heemstede").text
    assert (
        "Er is geen school met deze keuze" in client.get("/scholen?soort=so&gemeente=velsen").text
    )


def test_the_filtered_list_is_a_fragment_for_htmx(client: FlaskClient) -> None:
    fragment = client.get("/scholen?soort=vo", headers=FRAGMENT).text
    assert "<h1>" not in fragment
    assert "35 scholen" in fragment


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("soort=xx", "Kies een soort onderwijs uit de lijst."),
        ("gemeente=xx", "Kies een gemeente uit de lijst."),
    ],
)
def test_a_filter_that_does_not_exist_is_refused(
    client: FlaskClient, query: str, message: str
) -> None:
    answer = client.get(f"/scholen?{query}")
    assert answer.status_code == 422
    assert message in answer.text
