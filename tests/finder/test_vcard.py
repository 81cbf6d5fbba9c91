"""A person or a kernteam as vCards for an address book."""

import re
import uuid
from datetime import timedelta

import pytest
import vobject
from flask import Flask

from portal.database import connection
from portal.directory.models import Absence, Assignment, ContactDetail, Person, School, Visibility
from tests import vcard
from tests.checks import texts
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.factories import make_absence
from tests.vcard import Card, values

KERNTEAM = "/scholen/16lf00-basisschool-camelot/kernteam.vcf"


def read_cards(client: CheckedClient, path: str) -> list[Card]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    return vcard.read(answer.data)


def find_card(cards: list[Card], name: str) -> Card:
    return next(card for card in cards if values(card, "FN") == [name])


@pytest.fixture
def copy(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class)


def coach() -> Assignment:
    """The CJG-coach of Camelot."""
    return (
        Assignment.select().join(Person).where(Assignment.school == "16LF00")
        .order_by(Assignment.role).get()
    )  # fmt: skip


def test_a_person_is_one_card_with_function_organisation_and_number(client: CheckedClient) -> None:
    (card,) = read_cards(client, "/personen/10.vcf")
    page = client.get("/personen/10").text
    (name,) = values(card, "FN")
    assert f"<h1>{name}</h1>" in page
    assert values(card, "KIND") == ["individual"]
    assert values(card, "ORG")[0] in page
    assert values(card, "TITLE") == values(card, "ROLE") != []
    (number,) = [field for field in card if field.name == "TEL"]
    assert number.text == "+31612345009"
    assert number.parameters == {"TYPE": "work,cell", "PREF": "1"}
    assert values(card, "EMAIL")[0] in page
    assert values(card, "REV") == ["20261123T090000Z"]
    assert "\nGecontroleerd op " in values(card, "NOTE")[0]
    assert uuid.UUID(values(card, "UID")[0].removeprefix("urn:uuid:")).version == 5


def test_a_kernteam_is_the_school_and_the_primary_contacts_of_its_page(client: CheckedClient) -> None:
    cards = read_cards(client, KERNTEAM)
    assert values(cards[0], "FN") == ["Basisschool Camelot"]
    assert ["Vrijheidsweg 84"] in next(f.parts for f in cards[0] if f.name == "ADR")
    page = client.get("/scholen/16lf00-basisschool-camelot").text
    assert [values(card, "FN")[0] for card in cards[1:]] == list(
        dict.fromkeys(texts(page[: page.index("</aside>")].split("<aside")[0], "contact-name"))
    )
    assert {values(card, "CATEGORIES")[0] for card in cards} == {"Kernteam Basisschool Camelot"}
    assert len({values(card, "UID")[0] for card in cards}) == len(cards) >= 8


def test_another_parser_reads_the_same_cards(client: CheckedClient) -> None:
    answer = client.get(KERNTEAM)
    cards = read_cards(client, KERNTEAM)
    other = list(vobject.readComponents(answer.text))
    assert [card.fn.value for card in other] == [values(card, "FN")[0] for card in cards]
    assert [card.note.value for card in other] == [values(card, "NOTE")[0] for card in cards]


def test_an_older_telephone_gets_a_file_of_version_3(client: CheckedClient) -> None:
    answer = client.get(f"{KERNTEAM}?versie=3")
    assert b"KIND:" not in answer.data
    assert b"PREF=" not in answer.data
    assert b"TEL;TYPE=work;TYPE=cell;TYPE=pref:+316" in answer.data
    cards = list(vobject.readComponents(answer.text))
    for card in cards:
        assert card.validate(raiseException=True)
        assert card.version.value == "3.0"
    assert [card.fn.value for card in cards] == [values(card, "FN")[0] for card in read_cards(client, KERNTEAM)]
    assert 'versie=3">' in client.get("/personen/10").text
    assert b"VERSION:3.0\r\n" in client.get("/personen/10.vcf?versie=3").data


def test_the_file_of_every_school_is_valid(app: Flask, client: CheckedClient) -> None:
    with connection():
        codes = [school.code for school in School.select().where(School.closed_on.is_null())]
    assert len(codes) == 114
    for code in codes:
        cards = read_cards(client, f"/scholen/{code}/kernteam.vcf")
        assert len({values(card, "UID")[0] for card in cards}) == len(cards), code


def test_a_person_has_the_same_uid_in_every_file(client: CheckedClient) -> None:
    page = client.get("/scholen/16lf00-basisschool-camelot").text
    for number, name in re.findall(r'class="contact-name"><a href="/personen/(\d+)">([^<]+)<', page):
        (alone,) = read_cards(client, f"/personen/{number}.vcf")
        assert values(alone, "UID") == values(find_card(read_cards(client, KERNTEAM), name), "UID")


def test_a_number_for_members_is_only_in_the_file_of_a_member(copy: CheckedClient) -> None:
    with connection():
        person = coach().person_id
        ContactDetail.update(visibility=Visibility.MEMBERS).where(ContactDetail.person == person).execute()
        name = coach().person.name

    def reach() -> list[set[str]]:
        alone, team = read_cards(copy, f"/personen/{person}.vcf"), read_cards(copy, KERNTEAM)
        return [{field.name for field in card} & {"TEL", "EMAIL"}
                for card in (alone[0], find_card(team, name))]  # fmt: skip

    assert reach() == [set(), set()]
    copy.sign_in("member")
    assert reach() == [{"TEL", "EMAIL"}, {"TEL", "EMAIL"}]


def test_a_kernteam_has_the_substitute_instead_of_the_absent_holder(copy: CheckedClient) -> None:
    with connection():
        post = coach()
        other = Person.select().where(Person.id != post.person_id).order_by(Person.id.desc()).get()
        Absence.delete().where(Absence.person == post.person).execute()
        make_absence(post.person, TODAY, TODAY + timedelta(days=10), {post: other})
        away, label = post.person.name, post.role.label
    cards = read_cards(copy, KERNTEAM)
    assert f"Vervangt {away} ({label})." in values(find_card(cards, other.name), "NOTE")[0]
    assert away not in [values(card, "FN")[0] for card in cards]
    alone = read_cards(copy, f"/personen/{post.person_id}.vcf")[0]
    assert "Afwezig tot en met 2 december 2026." in values(alone, "NOTE")[0]


def test_the_file_depends_on_the_day_and_the_residence(client: CheckedClient) -> None:
    early = read_cards(client, f"{KERNTEAM}?dag=2020-01-01")
    assert len(early) != len(read_cards(client, KERNTEAM))
    elsewhere = read_cards(client, f"{KERNTEAM}?woont=haarlemmermeer")
    assert values(elsewhere[1], "NOTE")[0].startswith("Kernteam van Basisschool Camelot")
    assert client.get(f"{KERNTEAM}?dag=morgen").status_code == 404


def test_an_unknown_person_or_school_has_no_file(client: CheckedClient) -> None:
    assert client.get("/personen/99999.vcf").status_code == 404
    assert client.get("/scholen/99zz99/kernteam.vcf").status_code == 404
