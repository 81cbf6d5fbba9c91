"""The contracts of the whole portal hold for a second region: every page, every answer, no word of
the other region."""

from datetime import timedelta
from itertools import product

import pytest
from flask import Flask

from portal.config import SEEDS
from portal.contacts import who_to_call
from portal.contacts.who_to_call import AnswerState, ContactAnswer, load_facts
from portal.database import connection
from portal.directory import schools_and_kernen as directory
from portal.directory.places import MunicipalityRow, list_municipalities
from portal.directory.schools_and_kernen import SchoolRow
from portal.mail.models import OutgoingMail
from portal.region import read_region
from tests.admin.test_handbook import list_dead_links
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.contracts.test_structure import counted
from tests.regions.words import find_words, list_words
from tests.routes import ROUTES

# The address of the guide's pages is the same in every region.
OTHER = list_words(read_region(SEEDS / "zuid-kennemerland")) - {"routeboek"}
KLAVER, WATERLELIE = "98aa00-de-klaver", "98ac00-de-waterlelie"
# The addresses of routes about a thing of the region; the others stand in tests/routes.py.
ADDRESSES = {
    "GET /": ["/", "/?q=klaver", "/?q=leerplicht+plassendam", "/?q=meldcode", "/?q=verzuimkaart"],
    "GET /scholen/<slug>": [
        f"/scholen/{school}{question}"
        for school in (KLAVER, WATERLELIE, "98bb00-vaarschool")
        for question in ("", "?woont=waterburen", "?woont=anders&plaats=Verderop")
    ],
    "GET /scholen/<slug>/kernteam.vcf": [f"/scholen/{KLAVER}/kernteam.vcf"],
    "GET /scholen/<slug>/poster": [f"/scholen/{KLAVER}/poster", f"/scholen/{WATERLELIE}/poster"],
    "GET /scholen/<slug>/poster/<day>": [f"/scholen/{KLAVER}/poster/2026-11-01"],
    "GET /gemeenten/<slug>": [f"/gemeenten/{name}" for name in ("plassendam", "verderop")],
    "GET /functies/<key>": ["/functies/gezinscoach", "/functies/leerplicht", "/functies/mentor"],
    "GET /aanvragen/<slug>": ["/aanvragen/workshop", "/aanvragen/lesmateriaal"],
    "GET /routeboek/<slug>": ["/routeboek/wie-doet-wat", "/routeboek/veiligheid"],
    "GET /routeboek/zorgen-over-veiligheid": [f"/routeboek/zorgen-over-veiligheid?school={KLAVER}"],
}  # fmt: skip
OFF = {f"/routeboek/{tool}" for tool in ("verzuimkaart", "intelligentieonderzoek", "tweede-deskundige", "schooltekst")}
REHEARSED = {"/beheer/mensen/1/vergeten"}  # forgets in every table, and takes it back
ABSENT = {  # pages about rows that only the other region has
    "/organisatie/mensen/1/gegevens/34", "/beheer/mensen/1/gegevens/34",
    "/beheer/mensen/20/afwezigheid/1", "/beheer/scholen/16LF00", "/beheer/organisaties/altra",
    "/beheer/contactpunten/leerplein", "/beheer/contactpunten/leerplein/nummers/nieuw",
    "/beheer/contactpunten/cjg-haarlem-zandvoort/nummers/1", "/beheer/functies/jeugdarts",
    "/beheer/functies/leerplichtambtenaar/velsen/alle",
    "/beheer/vacatures/1", "/beheer/plekken/16LF00/gedragsconsulent",
}  # fmt: skip


def addresses(app: Flask, visitor: str) -> list[tuple[str, int]]:
    """The addresses of all pages of this region, each with its status for `visitor`."""
    present = {f"GET {rule}" for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return [
        (address, 404 if case.address.partition("?")[0] in OFF else status)
        for name, route in ROUTES.items()
        if name in present
        for case in (route.cases[:1] if name in ADDRESSES else route.cases)
        for status in [case.statuses[visitor]]
        if case.address not in ABSENT or status != 200
        for address in ADDRESSES.get(name, [case.address])
        if "{" not in address
    ]


@pytest.mark.parametrize("visitor", ["network", "member", "coordinator"])
def test_every_page_is_whole_and_has_no_word_of_the_other_region(merenland: Flask, visitor: str) -> None:
    client = CheckedClient(merenland, merenland.response_class)
    if visitor != "network":
        client.sign_in(visitor)
    for address, status in addresses(merenland, visitor):
        with counted() as statements:
            answer = client.get(address)
        assert answer.status_code == status, address
        # The comparison with the files of the region reads every table, and so does all about one.
        most = 54 if address.startswith(("/beheer/regio", "/account/gegevens")) else 36
        if address not in REHEARSED:
            assert len(statements) <= most, address
        if (answer.mimetype or "").startswith("text/"):
            assert not find_words(OTHER, answer.text), address


def answer_of(role: str, school: SchoolRow, home: MunicipalityRow) -> ContactAnswer:
    facts = load_facts([school], TODAY, [home])[school.code]
    return next(who_to_call.answer(row, facts) for row in facts.roles if row.key == role)


def school(code: str) -> SchoolRow:
    found = directory.find_school(code)
    assert found
    return found


def towns() -> dict[str, MunicipalityRow]:
    return {town.name: town for town in list_municipalities()}


def test_every_question_has_an_answer(merenland: Flask) -> None:
    homes = [*towns().values(), MunicipalityRow("", "Nergenshuizen", "", False)]
    days = (TODAY, TODAY + timedelta(days=45))
    states = set()
    for row, home, day in product(directory.list_schools(), homes, days):
        facts = load_facts([row], day, [home])[row.code]
        for role in facts.roles:
            if role.applies(row.sector, row.municipality):
                answer = who_to_call.answer(role, facts)
                states.add(answer.state)
                assert answer.escalation, (row.name, role.key, home.name)
                assert answer.reason.endswith("."), answer.reason
                assert answer.hint
                assert "Routeboek" not in answer.reason + answer.contradiction
    assert states == set(AnswerState) - {AnswerState.REPLACED, AnswerState.VACANT}


def test_answers_name_the_guide_of_the_region(merenland: Flask) -> None:
    elsewhere = answer_of("leerplicht", school("98AA00"), towns()["Verderop"])
    assert "Verderop staat niet in de Wegwijzer." in elsewhere.reason
    assert elsewhere.escalation[0].note.startswith("Het nummer staat niet in de Wegwijzer.")
    claimed = answer_of("leerplicht", school("98AC00"), towns()["Plassendam"])
    assert claimed.contradiction.startswith("De Wegwijzer spreekt zichzelf tegen. Die zegt dat")
    moved = answer_of("dorpscoach", school("98AC00"), towns()["Plassendam"])
    assert "De Wegwijzer zegt niet wie dan antwoordt." in moved.reason


def test_a_school_without_a_number_falls_back_on_the_role_of_the_region(merenland: Flask) -> None:
    answer = answer_of("mentor", school("98BB00"), towns()["Waterburen"])
    assert [contact.name for contact in answer.escalation] == [
        "De school zelf", "Helpdesk Merenland",
    ]  # fmt: skip


def test_what_is_switched_off_is_not_there(merenland: Flask) -> None:
    client = CheckedClient(merenland, merenland.response_class)
    page = client.get(f"/scholen/{KLAVER}").text
    for address in ("/wijzigingen", "/routeboek/verzuimkaart", "/routeboek/schooltekst"):
        assert client.get(address).status_code == 404, address
        assert f'href="{address}' not in page
    assert "Verzuimkaart" not in client.get("/?q=verzuimkaart").text
    contents = client.get("/routeboek").text
    assert "/routeboek/zorgen-over-veiligheid" in contents
    assert "/routeboek/intelligentieonderzoek" not in contents


def test_the_handbook_leads_to_no_page_that_is_switched_off(merenland: Flask) -> None:
    assert list_dead_links(merenland) == []


def test_a_request_goes_to_the_mailbox_of_the_region(merenland: Flask) -> None:
    client = CheckedClient(merenland, merenland.response_class).sign_in("reader")
    sent = client.submit(
        "/aanvragen/workshop",
        {
            "_formulier": "formulier-van-merenland-1", "onderwerp": "overstap", "school": "98AA00",
            "aantal": "9", "naam": "Lieke Lezer", "email": "reader@demo.example",
        },
    )  # fmt: skip
    assert sent.status_code == 302
    assert not find_words(OTHER, client.get(sent.location).text)
    with connection():
        mails = list(OutgoingMail.select().order_by(OutgoingMail.id))
    assert {mail.recipient for mail in mails} == {
        "helpdesk@merenland.example", "reader@demo.example",
    }  # fmt: skip
    assert all(mail.subject.startswith("[ML-2026-") for mail in mails)
    assert not any(find_words(OTHER, mail.subject + mail.body) for mail in mails)
