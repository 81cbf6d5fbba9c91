"""Somebody takes a person, or a whole kernteam, along in their address book."""

import re
import uuid
from datetime import timedelta

import pytest
import vobject
from flask import Flask

from portal.database import connection
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    Person,
    School,
    Substitute,
    Visibility,
)
from tests import vcard
from tests.checks import texts
from tests.conftest import TODAY, CheckedClient
from tests.vcard import Card, values

KERNTEAM = "/scholen/16lf00-basisschool-camelot/kernteam.vcf"


def cards(client: CheckedClient, path: str) -> list[Card]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    return vcard.read(answer.data)


def named(found: list[Card], name: str) -> Card:
    return next(card for card in found if values(card, "FN") == [name])


@pytest.fixture
def copy(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class)


def coach() -> Assignment:
    """The CJG-coach of Camelot."""
    return (
        Assignment.select().join(Person).where(Assignment.school == "16LF00")
        .order_by(Assignment.role).first()
    )  # fmt: skip


def test_a_person_is_one_card_with_function_organisation_and_number(client: CheckedClient) -> None:
    (card,) = cards(client, "/personen/10.vcf")
    page = client.get("/personen/10").text
    (name,) = values(card, "FN")
    assert f"<h1>{name}</h1>" in page
    assert values(card, "KIND") == ["individual"]
    assert values(card, "ORG")[0] in page
    assert values(card, "TITLE") == values(card, "ROLE") != []
    (number,) = [found for found in card if found.name == "TEL"]
    assert number.text == "+31612345009"
    assert number.parameters == {"TYPE": "work,cell", "PREF": "1"}
    assert values(card, "EMAIL")[0] in page
    assert values(card, "REV") == ["20261123T090000Z"]
    assert "\nGecontroleerd op " in values(card, "NOTE")[0]
    assert uuid.UUID(values(card, "UID")[0].removeprefix("urn:uuid:")).version == 5


def test_a_kernteam_is_the_school_and_everybody_whom_its_page_names_first(
    client: CheckedClient,
) -> None:
    found = cards(client, KERNTEAM)
    assert values(found[0], "FN") == ["Basisschool Camelot"]
    assert ["Vrijheidsweg 84"] in next(f.parts for f in found[0] if f.name == "ADR")
    page = client.get("/scholen/16lf00-basisschool-camelot").text
    assert [values(card, "FN")[0] for card in found[1:]] == list(
        dict.fromkeys(name for name in texts(page, "who") if name != "Nog niet ingevuld")
    )
    assert {values(card, "CATEGORIES")[0] for card in found} == {"Kernteam Basisschool Camelot"}
    assert len({values(card, "UID")[0] for card in found}) == len(found) >= 8


def test_another_reader_finds_the_same_people(client: CheckedClient) -> None:
    answer = client.get(KERNTEAM)
    found = cards(client, KERNTEAM)
    other = list(vobject.readComponents(answer.text))
    assert [card.fn.value for card in other] == [values(card, "FN")[0] for card in found]
    assert [card.note.value for card in other] == [values(card, "NOTE")[0] for card in found]


def test_the_file_of_every_school_keeps_the_rules(app: Flask, client: CheckedClient) -> None:
    with connection():
        codes = [school.code for school in School.select().where(School.closed_on.is_null())]
    assert len(codes) == 114
    for code in codes:
        found = cards(client, f"/scholen/{code}/kernteam.vcf")
        assert len({values(card, "UID")[0] for card in found}) == len(found), code


def test_the_same_person_is_known_again_in_every_file(client: CheckedClient) -> None:
    page = client.get("/scholen/16lf00-basisschool-camelot").text
    for number, name in re.findall(r'class="who"><a href="/personen/(\d+)">([^<]+)<', page):
        (alone,) = cards(client, f"/personen/{number}.vcf")
        assert values(alone, "UID") == values(named(cards(client, KERNTEAM), name), "UID")


def test_a_number_for_who_is_signed_in_is_in_nobody_elses_file(copy: CheckedClient) -> None:
    with connection():
        person = coach().person_id
        ContactDetail.update(visibility=Visibility.MEMBERS).where(
            ContactDetail.person == person
        ).execute()
        name = coach().person.name

    def reach() -> list[set[str]]:
        alone, team = cards(copy, f"/personen/{person}.vcf"), cards(copy, KERNTEAM)
        return [{found.name for found in card} & {"TEL", "EMAIL"}
                for card in (alone[0], named(team, name))]  # fmt: skip

    assert reach() == [set(), set()]
    copy.sign_in("member")
    assert reach() == [{"TEL", "EMAIL"}, {"TEL", "EMAIL"}]


def test_who_stands_in_is_there_and_who_is_away_is_not(copy: CheckedClient) -> None:
    with connection():
        post = coach()
        other = Person.select().where(Person.id != post.person_id).order_by(Person.id.desc()).get()
        Absence.delete().where(Absence.person == post.person).execute()
        absence = Absence.create(
            person=post.person, valid_from=TODAY, valid_until=TODAY + timedelta(days=10),
            source="x", checked_on=TODAY,
        )  # fmt: skip
        Substitute.create(absence=absence, assignment=post, person=other)
        away, label = post.person.name, post.role.label
    found = cards(copy, KERNTEAM)
    assert f"Vervangt {away} ({label})." in values(named(found, other.name), "NOTE")[0]
    assert away not in [values(card, "FN")[0] for card in found]
    alone = cards(copy, f"/personen/{post.person_id}.vcf")[0]
    assert "Afwezig tot en met 2 december 2026." in values(alone, "NOTE")[0]


def test_a_kernteam_of_another_day_or_home_is_another_file(client: CheckedClient) -> None:
    early = cards(client, f"{KERNTEAM}?dag=2020-01-01")
    assert len(early) != len(cards(client, KERNTEAM))
    elsewhere = cards(client, f"{KERNTEAM}?woont=haarlemmermeer")
    assert values(elsewhere[1], "NOTE")[0].startswith("Kernteam van Basisschool Camelot")
    assert client.get(f"{KERNTEAM}?dag=morgen").status_code == 404


def test_what_is_not_there_has_no_file(client: CheckedClient) -> None:
    assert client.get("/personen/99999.vcf").status_code == 404
    assert client.get("/scholen/99zz99/kernteam.vcf").status_code == 404
