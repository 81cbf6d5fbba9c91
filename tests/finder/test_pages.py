"""The pages of a school, a municipality, a person and a role."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.database import connection, db
from portal.directory.assignments import assign
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.contact_details import VIEWER_VISIBILITY
from portal.directory.models import Assignment, ContactDetail, DetailKind, Person, School, Visibility
from portal.directory.new_people_and_details import add_detail
from portal.directory.who_works_or_is_absent import list_holders, list_people
from portal.search.index import update_documents
from tests.checks import parse, text, texts
from tests.clock import TODAY
from tests.conftest import FRAGMENT, CheckedClient
from tests.factories import make_absence, make_assignment, make_detail, make_person, make_vacancy, role

CAMELOT = "/scholen/16lf00-basisschool-camelot"


def cards(page: str) -> list[str]:
    """The text of the row of each role of the kernteam."""
    return [text(e) for e in parse(page).iter("li") if e.get("class") == "contact" and e.get("id")]


def rows_of(page: str) -> list[str]:
    """The text of each row that has a name, without what may be said about its number."""
    rows = parse(page).iter("li")
    found = [text(e) for e in rows if e.get("class") == "contact contact--named"]
    return [row.partition(" Klopt niet:")[0] for row in found]


def roles_of(page: str) -> list[str]:
    return re.findall(r'<h3 class="contact__for"><a href="/functies/([\w-]+)"', page)


def test_a_primary_school_shows_one_card_for_each_role(client: FlaskClient) -> None:
    assert roles_of(client.get(CAMELOT).text) == [
        "cjg-coach", "leerplichtambtenaar", "onderwijsconsulent", "jeugdarts",
        "jeugdverpleegkundige", "doktersassistent", "intern-begeleider", "directeur",
    ]  # fmt: skip


def test_a_secondary_school_has_a_zorgcoordinator_instead_of_an_intern_begeleider(client: FlaskClient) -> None:
    roles = roles_of(client.get("/scholen/02sb00-sancta-maria").text)
    assert "zorgcoordinator" in roles
    assert "intern-begeleider" not in roles
    assert "schoolmaatschappelijk-werker" in roles


def test_a_secondary_school_without_a_schoolmaatschappelijk_werker_has_no_gap_for_one(client: FlaskClient) -> None:
    roles = roles_of(client.get("/scholen/19eq00-hartenlustschool").text)
    assert "schoolmaatschappelijk-werker" not in roles


def test_a_special_school_shows_the_primary_roles_to_be_confirmed(client: FlaskClient) -> None:
    page = client.get("/scholen/18gx00-focus").text
    assert "intern-begeleider" in roles_of(page)
    # A fact that holds for every row stands above them, once.
    assert "De documenten zijn niet duidelijk over deze soort school." in page
    assert page.count("Te bevestigen") == 1
    assert all("De documenten zijn hierover niet duidelijk." in card for card in cards(page))


def test_a_school_in_haarlemmermeer_has_a_schoolcoach_instead_of_a_cjg_coach(client: FlaskClient) -> None:
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


def test_a_role_without_holder_shows_its_contact_point(portal_copy: Flask) -> None:
    with connection():
        Assignment.delete().where(Assignment.school == "16LF00").execute()
    page = portal_copy.test_client().get(CAMELOT).text
    assert len(cards(page)) == 8
    for card in cards(page):
        assert "Nog niet ingevuld" in card


def test_an_assignment_is_valid_from_its_first_to_its_last_day(portal_copy: Flask) -> None:
    client = portal_copy.test_client()
    with connection():
        person = make_person("Tijdelijke", "Kracht")
        row = make_assignment(person, valid_until=TODAY + timedelta(days=1))
    assert "Tijdelijke Kracht" in texts(client.get(CAMELOT).text, "contact-name")
    for first, last in ((1, 2), (-1, 0)):
        with connection():
            row.valid_from = TODAY + timedelta(days=first)
            row.valid_until = TODAY + timedelta(days=last)
            row.save()
        assert "Tijdelijke Kracht" not in texts(client.get(CAMELOT).text, "contact-name")


def test_a_number_that_is_only_for_members_is_on_no_page(portal_copy: Flask) -> None:
    with connection():
        ContactDetail.update(visibility=Visibility.MEMBERS).where(
            ContactDetail.person.is_null(False) & (ContactDetail.kind == DetailKind.PHONE)
        ).execute()
        person = list_holders(TODAY, schools=["16LF00"])[0].contact.person_id
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
def test_an_address_that_does_not_exist_gives_a_search_box(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'name="q"' in answer.text


def test_a_municipality_lists_its_cjg_jgz_and_leerplicht(client: FlaskClient) -> None:
    page = client.get("/gemeenten/bloemendaal").text
    for number in ("088 995 83 83", "023 789 17 77", "023 511 36 60"):
        assert number in page
    assert "Bennebroek" in page
    assert "Willinkschool" in page


def test_a_municipality_around_the_region_lists_its_leerplicht(client: FlaskClient) -> None:
    page = client.get("/gemeenten/hillegom").text
    assert "RBL Holland Rijnland" in page
    assert "valt buiten deze regio" in page


def test_a_municipality_that_the_routeboek_does_not_know_says_so(client: FlaskClient) -> None:
    assert "staat niet in het Routeboek" in client.get("/gemeenten/amsterdam").text


def test_a_person_page_lists_roles_and_schools(app: Flask, client: FlaskClient) -> None:
    contact = list_holders(TODAY, schools=["16LF00"], roles=["cjg-coach"])[0].contact
    page = client.get(f"/personen/{contact.person_id}").text
    assert contact.name in page
    assert f'href="{CAMELOT}"' in page
    assert "CJG-coach" in page


def test_a_role_page_lists_its_contact_points_per_municipality(client: FlaskClient) -> None:
    page = client.get("/functies/leerplichtambtenaar").text
    assert "Waar woont de leerling?" in page
    assert "0900 1852" in page
    assert "RBL Holland Rijnland" in page


def test_all_schools_are_listed_and_can_be_filtered(client: FlaskClient) -> None:
    assert "114 scholen" in client.get("/scholen").text
    assert "9 scholen" in client.get("/scholen?soort=po&gemeente=heemstede").text
    assert "Er is geen school met deze keuze" in client.get("/scholen?soort=so&gemeente=velsen").text


def test_the_filtered_list_is_a_fragment_for_htmx(client: FlaskClient) -> None:
    fragment = client.get("/scholen?soort=vo", headers=FRAGMENT).text
    assert "<h1>" not in fragment
    assert "35 scholen" in fragment


@pytest.mark.parametrize(
    ("query", "message"),
    [("soort=xx", "Kies een soort onderwijs uit de lijst."), ("gemeente=xx", "Kies een gemeente uit de lijst.")],
)
def test_a_filter_that_does_not_exist_is_refused(client: FlaskClient, query: str, message: str) -> None:
    answer = client.get(f"/scholen?{query}")
    assert answer.status_code == 422
    assert message in answer.text


def test_schools_are_found_by_words_of_name_street_and_place(client: FlaskClient) -> None:
    assert "1 school" in client.get("/scholen?naam=vrijheidsweg+camelot").text
    assert "2 scholen" in client.get("/scholen?naam=ARK+").text
    assert "Er is geen school met deze keuze" in client.get("/scholen?naam=qqq").text
    assert 'href="#letter-C"' in client.get("/scholen").text


@pytest.mark.parametrize(
    ("path", "most", "found", "letter"),
    [("/gemeenten/haarlem", 40, ["Openbare Basisschool Bos en Vaart"], "letter-C"),
     ("/functies/directeur", 100, ["Basisschool Bos en Duin", "Openbare Basisschool Bos en Vaart"],
      "letter-C"),
     ("/functies/intern-begeleider", 60, ["Basisschool Bos en Duin"], "letter-W")],
)  # fmt: skip
def test_a_long_list_has_a_find_box_and_letters(
    client: FlaskClient, path: str, most: int, found: list[str], letter: str
) -> None:
    page = client.get(path).text
    assert page.count("phone-link") > most
    assert f'href="#{letter}"' in page
    assert f'id="{letter}"' in page
    for asked in ({"naam": "BÓS en"}, {"naam": "bos en", "dag": f"{TODAY}"}):
        fragment = client.get(path, query_string=asked, headers=FRAGMENT).text
        assert "<h1>" not in fragment
        assert len(re.findall("<li", fragment)) <= 3
        for name in found:
            assert name in fragment
    # The day goes along, also without scripts.
    assert '<input type="hidden" name="dag" value="2027-02-01">' in client.get(f"{path}?dag=2027-02-01").text
    assert "Er is " in client.get(f"{path}?naam=qqq").text
    answer = client.get(f"{path}?naam={'x' * 101}")
    assert answer.status_code == 422
    assert "Deze naam is te lang." in answer.text


@pytest.mark.parametrize("path", ["/gemeenten/zandvoort", "/functies/cjg-coach"])
def test_a_short_list_has_no_find_box(client: FlaskClient, path: str) -> None:
    assert 'name="naam"' not in client.get(path).text


WILLINK = "/scholen/07xg00-willinkschool"  # in Bennebroek, gemeente Bloemendaal
HALFWEG = "/scholen/08vo00-jong-geleerd"  # in Haarlemmermeer


def card_text(page: str, role: str) -> str:
    """The text of the row of one role."""
    (card,) = (text(e) for e in parse(page).iter() if e.get("id") == role)
    return card


def test_a_school_in_bloemendaal_finds_holland_rijnland_for_a_pupil_from_hillegom(client: FlaskClient) -> None:
    card = card_text(client.get(f"{WILLINK}?plaats=Hillegom").text, "leerplichtambtenaar")
    assert "RBL Holland Rijnland" in card
    assert "Voor een leerling uit Hillegom is dat: RBL Holland Rijnland." in card
    assert "Routeboek jan. 2024" in card


def test_without_a_residence_the_answer_is_for_pupils_from_the_schools_own_municipality(client: FlaskClient) -> None:
    card = card_text(client.get(WILLINK).text, "leerplichtambtenaar")
    assert "Dit geldt voor een leerling uit Bloemendaal. Woont de leerling ergens anders?" in card


def test_a_pupil_from_haarlemmermeer_brings_the_helpdesk_of_the_schoolcoaches(client: FlaskClient) -> None:
    card = card_text(client.get(f"{CAMELOT}?woont=haarlemmermeer").text, "cjg-coach")
    assert "Ook mogelijk: Helpdesk schoolcoaches Altra" in card


def test_where_the_sources_contradict_each_other_the_card_says_so_and_shows_both(client: FlaskClient) -> None:
    card = card_text(client.get(f"{HALFWEG}?woont=haarlem").text, "leerplichtambtenaar")
    assert "Het Routeboek spreekt zichzelf tegen." in card
    assert "023 511 36 60" in card
    assert "0900 1852" in card
    assert "Te bevestigen" in card


def test_a_card_lists_the_escalation_in_order(client: FlaskClient) -> None:
    card = card_text(client.get(CAMELOT).text, "leerplichtambtenaar")
    escalation = card[card.index("Bel of mail in deze volgorde:") :]
    assert escalation.index("06 12 34") < escalation.index("Leerplein, Bureau CAReL 023 511 36 60")


def test_every_card_has_a_reason_a_source_and_a_check_date(client: FlaskClient) -> None:
    for card in cards(client.get(CAMELOT).text):
        assert "Waarom" in card
        assert "Bron: " in card
        assert re.search(r"(Gecontroleerd op|Bron: .*,) .* geleden\.", card)


def test_a_check_date_is_of_the_number(portal_copy: Flask) -> None:
    """Of a number that changed it is that day; a new post is no check. What stands in the Routeboek
    was not checked, but comes from there."""
    with connection():
        person = list_holders(TODAY, schools=["16LF00"])[0].contact.person_id
        assert person
        make_assignment(person, school="18KK00")
    client = portal_copy.test_client()
    for path in (f"/personen/{person}", CAMELOT, "/scholen/18kk00-openbare-basisschool-bornwaterschool"):
        assert "Gecontroleerd op 24 september 2026 door de organisatie. Dat is 2 maanden geleden." in text(
            parse(client.get(path).text)
        )
    with connection():
        ContactDetail.update(checked_on=TODAY).where(ContactDetail.person == person).execute()
        row = make_detail(make_person("Zonder", "Post"), "+31612345981")
    for path in (f"/personen/{person}", f"/personen/{row.person_id}"):
        assert "Gecontroleerd op 23 november 2026" in text(parse(client.get(path).text))
    desks = text(parse(client.get("/gemeenten/haarlem").text))
    assert "Bron: Routeboek jan. 2024, “De Onderwijs Consulent PO”, ruim 2 jaar geleden." in desks
    assert "Gecontroleerd" not in desks


def test_what_an_import_brings_counts_as_unchecked(portal_copy: Flask) -> None:
    """Of a person with several posts the day of the last check counts, also on PostgreSQL, which
    puts what is empty behind it."""
    person = make_person("Nieuw", "Uitbestand")
    checked = make_assignment(make_person("Twee", "Posten"), school="18KK00")
    with connection(), db.atomic():
        change_set = ChangeSet.begin(ChangeSetKind.IMPORT, None)
        for holder in (person, checked.person):
            assign(change_set, holder, role("cjg-coach"), School.get_by_id("16LF00"), TODAY)
        add_detail(change_set, person, "phone", "+31612345982", None)
    page = text(parse(portal_copy.test_client().get(f"/personen/{person.id}").text))
    assert "Uit een bestand, nog niet gecontroleerd." in page
    assert "Gecontroleerd op" not in page
    with connection():
        (row,) = list_people(TODAY, [checked.person_id])
        assert row.contact.checked_on == TODAY


def test_an_old_check_date_comes_with_advice(client: FlaskClient) -> None:
    page = client.get("/scholen/18kk00-openbare-basisschool-bornwaterschool").text
    assert "8 maanden geleden. Vraag of het nog klopt als je belt." in card_text(page, "jeugdarts")


def test_an_absent_officer_is_shown_with_the_substitute_who_answers(client: FlaskClient) -> None:
    page = client.get("/scholen/18kk00-openbare-basisschool-bornwaterschool").text
    card = card_text(page, "leerplichtambtenaar")
    assert re.search(r"Simone Brouwer 06 12 34 50 \d\d Vervanger van Bo Kalloe, afwezig", card)
    assert "afwezig tot en met 5 januari 2027" in card


def test_a_vacancy_has_its_first_day_and_a_contact_point(client: FlaskClient) -> None:
    page = client.get("/scholen/08qh00-basisschool-bos-en-duin").text
    card = card_text(page, "doktersassistent")
    assert "Frontoffice GGD/JGZ 023 789 17 77 Vacature sinds 14 oktober 2026" in card


def test_a_school_without_any_holder_has_a_number_on_every_card(client: FlaskClient) -> None:
    page = client.get("/scholen/03vs00-rooms-katholieke-basisschool-sint-theresia").text
    assert len(cards(page)) == 8
    for card in cards(page):
        assert "Nog niet ingevuld" in card
        assert re.search(r"\d\d\d \d\d\d|kernteam@po-zk.nl", card)


def test_a_location_without_a_number_falls_back_on_the_board_and_the_mailbox(client: FlaskClient) -> None:
    page = client.get("/scholen/20ek08-vellesan-college").text
    assert "Van deze school is geen nummer bekend." in page
    card = card_text(page, "directeur")
    assert "dunamare.nl" in page
    assert "Kernteamproject VO kernteam@swv-vo-zk.nl" in card


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("plaats=spaarndam", "Er is meer dan één Spaarndam. Kies er een of vul de postcode in."),
        ("plaats=Hilegom", "“Hilegom” kennen we niet. Kies hieronder welke plaats je bedoelt."),
        ("woont=nergens", "Kies een gemeente uit de lijst."),
        ("woont=anders", "Vul in waar de leerling woont: een plaats of een postcode."),
        ("plaats=99999", "“99999” kennen we niet. Vul een plaats of een postcode in."),
        ("dag=morgen", "Vul een dag in, zoals 1-2-2027."),
        ("dag=2027-02-30", "Vul een dag in, zoals 1-2-2027."),
        ("dag=0002-01-01", "Kies een dag tussen 1 januari 2000 en 31 december 2099."),
        ("plaats=" + "x" * 101, "Deze plaats is te lang. Gebruik hoogstens 100 tekens."),
    ],
)
def test_a_wrong_field_has_a_message_and_keeps_its_text(client: FlaskClient, query: str, message: str) -> None:
    answer = client.get(f"{CAMELOT}?{query}")
    assert answer.status_code == 422
    assert message in html.unescape(answer.text)
    name, _, typed = query.rpartition("&")[2].partition("=")
    assert f'value="{typed}"' in answer.text or name == "woont"


def test_an_invalid_form_gives_a_whole_page(client: FlaskClient) -> None:
    for path in (f"{CAMELOT}?dag=morgen", "/?q=camelot&dag=morgen", "/scholen?soort=xx"):
        answer = client.get(path, headers=FRAGMENT)
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (422, path)
        # A corrected form also gives a whole page, without the old faults.
        assert "hx-get" not in client.get(path).text


def test_a_choice_between_two_places_is_one_click(client: FlaskClient) -> None:
    page = client.get(f"{CAMELOT}?plaats=spaarndam&dag=2027-02-01").text
    links = [e.get("href") for e in parse(page).iter("a") if "plaats=" in (e.get("href") or "")]
    assert len(links) == 2
    for link in links:
        assert link
        assert "dag=2027-02-01" in link
        assert client.get(link).status_code == 200


def test_a_holiday_stands_beside_the_asked_day(client: FlaskClient) -> None:
    for address in (f"{CAMELOT}?dag=2027-03-29", "/?q=camelot&dag=2027-03-29"):
        assert "maandag 29 maart 2027</strong> (Tweede Paasdag)" in client.get(address).text


def test_an_unknown_place_is_outside_the_routeboek(client: FlaskClient) -> None:
    page = client.get(f"{CAMELOT}?plaats=Groningen").text
    assert "“Groningen” staat niet in het Routeboek." in page
    assert "De gemeente van de leerling" in card_text(page, "leerplichtambtenaar")
    assert "CJG-coach" in card_text(page, "cjg-coach")


def test_the_redirect_to_the_right_slug_keeps_the_query(client: FlaskClient) -> None:
    answer = client.get("/scholen/16lf00-oud?woont=heemstede&dag=2027-02-01")
    assert answer.headers["Location"] == f"{CAMELOT}?woont=heemstede&dag=2027-02-01"


def test_the_kernteam_is_a_fragment_for_htmx(client: FlaskClient) -> None:
    fragment = client.get(f"{CAMELOT}?woont=heemstede", headers=FRAGMENT).text
    assert "<h1>" not in fragment
    assert "voor een leerling uit Heemstede" in fragment


def test_a_search_for_another_day_with_a_wrong_day_is_refused(client: FlaskClient) -> None:
    answer = client.get("/?q=camelot&dag=gisteren")
    assert answer.status_code == 422
    assert "Vul een dag in, zoals 1-2-2027." in answer.text


def test_a_municipality_from_the_list_overrides_a_typed_place(client: FlaskClient) -> None:
    page = client.get(f"{CAMELOT}?woont=heemstede&plaats=Hillegom").text
    assert "voor een leerling uit Heemstede" in page
    assert 'value="Hillegom"' not in page


def test_a_person_who_is_absent_names_the_substitute(app: Flask, client: FlaskClient) -> None:
    (bo,) = {h.contact.person_id for h in list_holders(TODAY) if h.contact.name == "Bo Kalloe"}
    page = client.get(f"/personen/{bo}").text
    assert "Simone Brouwer 06 12 34 50 20 In plaats van Bo Kalloe, 10 scholen" in rows_of(page)
    assert "Afwezig tot en met 5 januari 2027" in text(parse(page))
    (own,) = (text(e) for e in parse(page).iter("details") if "adres van Bo Kalloe" in text(e))
    assert "06 12 34 50 19" in own
    simone = re.search(r'href="(/personen/\d+)">Simone Brouwer', page)
    assert simone
    assert "Vervangt" in client.get(simone[1]).text
    news = "Afwezig tot en met 5 januari 2027 dit nummer is van Simone Brouwer"
    about = "Leerplein Zuid-Kennemerland en IJmond · 10 scholen"
    role = client.get("/functies/leerplichtambtenaar").text
    assert f"Bo Kalloe 06 12 34 50 20 {about} {news}" in rows_of(role)
    found = client.get("/?q=bo+kalloe").text
    assert f"Bo Kalloe 06 12 34 50 20 Leerplichtambtenaar · {about} {news}" in rows_of(found)
    # The answer to the question whose number it is names the owner, and who answers.
    (asked,) = rows_of(client.get("/?q=0612345019").text)
    assert asked.startswith("Bo Kalloe 06 12 34 50 19 ")
    assert asked.endswith("bel Simone Brouwer 06 12 34 50 20")
    assert "leerplichtambtenaar (vervanger) Simone Brouwer" in html.unescape(
        client.get("/?q=leerplicht+bornwaterschool").text
    ).replace("Leerplicht", "leerplicht")


def test_an_absent_person_has_the_number_of_each_who_answers(portal_copy: Flask) -> None:
    """A substitute at one school, nobody at the two others: there the contact point answers."""
    with connection():
        person, substitute = make_person("Ada", "Weg"), make_person("Bea", "Invalster")
        make_detail(person, "+31612345981")
        make_detail(substitute, "+31612345982")
        for code in ("16LF00", "18KK00", "07XG00"):
            Assignment.delete().where(Assignment.school == code).execute()
        first, *_ = [make_assignment(person, school=code) for code in ("16LF00", "18KK00", "07XG00")]
        make_absence(person, substitutes={first: substitute})
        with db.atomic():
            update_documents([(Person, person.id)])
    client = portal_copy.test_client()
    news = "Afwezig dit nummer is van CJG Bloemendaal (2 scholen) bel Bea Invalster 06 12 34 59 82 (1 school)"
    for path in ("/?q=ada+weg", "/functies/cjg-coach"):
        (row,) = (row for row in rows_of(client.get(path).text) if row.startswith("Ada Weg"))
        assert row.startswith("Ada Weg 088 995 83 83 ")
        assert row.endswith(news)
    assert rows_of(client.get(f"/personen/{person.id}").text) == [
        "CJG Bloemendaal 088 995 83 83 In plaats van Ada Weg, 2 scholen",
        "Bea Invalster 06 12 34 59 82 In plaats van Ada Weg, 1 school",
    ]


def test_what_changes_soon_stands_in_the_row_of_today(portal_copy: Flask) -> None:
    """A part of the schools to somebody else, an absence, a new number; not what is far away."""
    december, january = TODAY + timedelta(days=10), TODAY + timedelta(days=40)
    with connection():
        old, new = make_person("Ada", "Gaatweg"), make_person("Bea", "Komt")
        make_assignment(old, school="16LF00", valid_until=january)
        make_assignment(old, school="18KK00")
        make_assignment(new, school="16LF00", valid_from=january)
        make_absence(old, december, december + timedelta(days=7))
        with db.atomic():
            update_documents([(Person, old.id)])
    client = portal_copy.test_client()
    absence = "3 december 2026: Ada Gaatweg is afwezig"
    handover = "2 januari 2027: Bea Komt volgt Ada Gaatweg op"
    for path in ("/?q=ada+gaatweg", "/functies/cjg-coach", f"/personen/{old.id}"):
        assert absence in text(parse(client.get(path).text)), path
    assert f"{handover} (1 school)" in text(parse(client.get(f"/personen/{old.id}").text))
    assert handover in text(parse(client.get(f"/personen/{new.id}").text))
    card = card_text(client.get(CAMELOT).text, "cjg-coach")
    assert absence in card
    assert "4 februari" not in text(parse(client.get(f"/personen/{old.id}?dag=2026-01-01").text))


def test_a_number_of_a_municipality_says_for_which_role(client: FlaskClient) -> None:
    for question, said in (("bennebroek", "CJG-coach: CJG Bloemendaal"),
                           ("leerplicht haarlem", "Leerplichtambtenaar: Leerplein, Bureau CAReL"),
                           ("hillegom", "Leerplichtambtenaar: RBL Holland Rijnland")):  # fmt: skip
        assert any(said in row for row in rows_of(client.get(f"/?q={question}").text)), question


def test_a_contact_point_without_a_number_is_reached_through_the_next(client: FlaskClient) -> None:
    page = client.get("/?q=leerplicht+velsen").text
    assert "Leerplicht gemeente Velsen, via Leerplein, Bureau CAReL" in page


def test_an_ib_er_at_a_secondary_school_is_the_zorgcoordinator(client: FlaskClient) -> None:
    assert "Zorgcoördinator" in client.get("/?q=IBer+de+schakel").text


def test_a_printed_page_has_its_date(client: FlaskClient) -> None:
    assert "Afgedrukt op 23 november 2026" in client.get(CAMELOT).text


def test_an_unknown_postcode_is_asked_again(client: FlaskClient) -> None:
    answer = client.get(f"{CAMELOT}?plaats=1234AB")
    assert answer.status_code == 422
    assert "“1234AB” kennen we niet. Vul een plaats of een postcode in." in answer.text


def test_the_schools_own_municipality_may_be_chosen(client: FlaskClient) -> None:
    assert client.get(f"{CAMELOT}?woont=haarlem").status_code == 200


def test_a_dutch_date_is_kept_in_the_field(client: FlaskClient) -> None:
    assert 'value="2027-02-01"' in client.get(f"{CAMELOT}?dag=1-2-2027").text


def test_a_contact_point_for_several_sectors_is_listed_once(client: FlaskClient) -> None:
    card = card_text(client.get("/gemeenten/haarlem").text, "onderwijsconsulent")
    assert card.count("Kernteamproject PO voor basisonderwijs en speciaal (basis)onderwijs") == 1
    assert "Kernteamproject VO voor voortgezet onderwijs" in card
    page = client.get("/functies/onderwijsconsulent").text
    assert "daarna Kernteamproject" not in page


def test_a_closed_school_is_on_no_page_of_a_person(portal_copy: Flask) -> None:
    with connection():
        person = list_holders(TODAY, schools=["16LF00"])[0].contact.person_id
        School.update(closed_on=TODAY).where(School.code == "16LF00").execute()
    client = portal_copy.test_client()
    assert "Camelot" not in client.get(f"/personen/{person}").text
    assert client.get(CAMELOT).status_code == 404


def test_a_holder_outside_the_kernteam_stands_below_it(portal_copy: Flask) -> None:
    with connection():
        person = make_person("Gea", "Gedrag")
        make_detail(person, "+31612345981")
        make_assignment(person, "gedragsconsulent")
        make_absence(person, TODAY + timedelta(days=7))
    page = portal_copy.test_client().get(CAMELOT).text
    assert "gedragsconsulent" not in roles_of(page[: page.index("Meer hulp")])
    assert "Meer hulp, buiten het kernteam: gedragsconsulent" in page
    card = card_text(page, "gedragsconsulent")
    assert "Gea Gedrag 06 12 34 59 81 30 november 2026: Gea Gedrag is afwezig" in card
    # The others have a contact point.
    assert "Consulent Ouders" in page[page.index("Meer hulp") :]


def test_a_school_that_closed_answers_on_its_days(portal_copy: Flask) -> None:
    with connection():
        person = list_holders(TODAY, schools=["16LF00"], roles=["directeur"])[0].contact
        School.update(closed_on=TODAY).where(School.code == "16LF00").execute()
    client = portal_copy.test_client()
    for path in (CAMELOT, f"{CAMELOT}?dag={TODAY}"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "De laatste dag was zondag 22 november 2026." in answer.text
        assert f'href="{CAMELOT}?dag=2026-11-22"' in answer.text
    before = client.get(f"{CAMELOT}?dag=2026-11-22")
    assert before.status_code == 200
    assert person.name in card_text(before.text, "directeur")
    assert client.get(f"{CAMELOT[:-8]}?dag=2026-11-22").status_code == 301
    assert client.get("/scholen/16lf00/kernteam.vcf?dag=2026-11-22").status_code == 200
    assert client.get("/scholen/16lf00/kernteam.vcf").status_code == 404
    for path in ("/scholen/16lf00/poster/2026-10-01", "/scholen/16lf00/poster"):
        assert "gesloten" in client.get(path, follow_redirects=True).text
    page = f"/personen/{person.person_id}"
    assert "Camelot" not in client.get(page).text.partition("Functies en scholen")[2]
    assert "Camelot" in client.get(f"{page}?dag=2026-11-22").text.partition("Functies en scholen")[2]
    assert "Camelot" not in client.get("/scholen").text


def test_a_vacancy_in_an_optional_role_is_shown(portal_copy: Flask) -> None:
    school = "19eq00-hartenlustschool"
    make_vacancy("schoolmaatschappelijk-werker", "19EQ00")
    page = portal_copy.test_client().get(f"/scholen/{school}").text
    card = card_text(page, "schoolmaatschappelijk-werker")
    assert "Vacature" in card
    assert "Te bevestigen" in card


def test_the_asked_day_goes_along_to_the_page_of_a_person(client: FlaskClient) -> None:
    day = TODAY + timedelta(days=14)
    new = next(
        h.contact for h in list_holders(day, roles=["cjg-coach"])
        if h.contact.of_kind("phone")[0].value.startswith("+316123459")
    )  # fmt: skip
    number = f"/personen/{new.person_id}"
    assert "06 12 34 59" not in client.get(number).text
    assert f'href="{number}?dag={day}"' in client.get(f"/?q={new.name}&dag={day}").text
    assert "06 12 34 59" in client.get(f"{number}?dag={day}").text
    assert client.get(f"{number}?dag=morgen").status_code == 200


def test_a_person_page_lists_posts_that_begin_later(app: Flask, client: FlaskClient) -> None:
    holders = list_holders(TODAY + timedelta(days=80), roles=["cjg-coach"])
    new = next(h.contact for h in holders if h.since > TODAY)
    assert "vanaf 1 februari 2027" in client.get(f"/personen/{new.person_id}").text


def test_after_a_request_of_a_member_its_thread_reads_as_everybody(client: CheckedClient) -> None:
    client.sign_in("member").get(CAMELOT)
    assert VIEWER_VISIBILITY.get() is Visibility.OPEN
