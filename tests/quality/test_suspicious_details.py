"""Suspicious numbers and addresses: which are, and what a coordinator does with them."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock, phones
from portal.accounts.models import ListedDomain
from portal.database import connection
from portal.directory.models import DetailKind, Organisation
from portal.jobs.clearing import delete_by
from portal.quality.models import Dismissal
from portal.quality.suspicious_details import Kind, OwnedDetail, Owner, Suspicion, find_suspicions, list_suspicions
from tests.checks import parse, text
from tests.clock import stopped_at
from tests.conftest import CheckedClient
from tests.factories import make_detail, make_person

GGD, CJG = 1, 2
NAMES = {GGD: "GGD Meerland", CJG: "CJG Meerland"}


def person(number: int, organisation: int = GGD) -> Owner:
    return Owner(f"Mens {number}", "people.person", str(number), organisation, NAMES[organisation], True)


def desk(organisation: int = GGD) -> Owner:
    key = f"balie-{organisation}"
    return Owner("Balie", "editing.contact_point", key, organisation, NAMES[organisation])


def mail(value: str, owner: Owner) -> OwnedDetail:
    return OwnedDetail(DetailKind.EMAIL, value, owner)


def site(value: str, owner: Owner) -> OwnedDetail:
    return OwnedDetail(DetailKind.WEBSITE, value, owner)


def number(value: str, owner: Owner) -> OwnedDetail:
    return OwnedDetail(DetailKind.PHONE, value, owner)


def find(*details: OwnedDetail, listed: dict[str, int] | None = None) -> list[Suspicion]:
    return find_suspicions(details, listed or {}, NAMES.values())


def kinds(*details: OwnedDetail, listed: dict[str, int] | None = None) -> list[tuple[Kind, str]]:
    return [(one.kind, one.value) for one in find(*details, listed=listed)]


def everybody_at(domain: str) -> list[OwnedDetail]:
    return [mail(f"m{number}@{domain}", person(number)) for number in range(10, 13)]


@pytest.mark.parametrize(
    "domain", ["ggdmeerlnd.nl", "ggdmerland.nl", "ggd-meerland.nl", "ggdmeerland.nk", "ggdmeerlandt.nl"]
)
def test_a_domain_that_is_almost_one_of_many_people_is_suspicious(domain: str) -> None:
    found = find(*everybody_at("ggdmeerland.nl"), mail(f"noor@{domain}", person(1)))
    assert [(one.kind, one.value) for one in found] == [(Kind.ALIKE, domain)]
    assert found[0].reason == "lijkt op ggdmeerland.nl"
    assert found[0].owners == (person(1),)


def test_a_domain_that_is_almost_called_as_an_organisation_is_suspicious() -> None:
    """As `ggdkennerland.nl` in the source documents, where nobody has a better one."""
    names = [*NAMES.values(), "GGD Kennemerland"]
    found = find_suspicions([site("https://www.ggdkennerland.nl/contact", desk())], {}, names)
    assert [(one.value, one.reason) for one in found] == [("ggdkennerland.nl", "lijkt op de naam GGD Kennemerland")]
    assert find(site("www.ggdmeerland.nl", desk()), site("cjg-meerland.nl", desk(CJG))) == []


def test_a_domain_that_is_listed_may_be_mistyped_too() -> None:
    listed = {"werkgever.example": GGD}
    assert kinds(mail("noor@werkgver.example", person(1)), listed=listed) == [(Kind.ALIKE, "werkgver.example")]


@pytest.mark.parametrize("domain", ["deark.nl", "dearke.nl", "obsdeark.nl", "ggdzuidland.nl", "haarlem.nl"])
def test_other_domains_are_not_suspicious(domain: str) -> None:
    """Short names resemble each other by chance."""
    known = everybody_at("dearx.nl") + everybody_at("ggdmeerland.nl")
    assert kinds(*known, site(domain, desk())) == []


@pytest.mark.parametrize("value", ["noor@gmail.com", "Noor@GMAIL.com", "noor@ziggo.nl"])
def test_a_person_with_free_mail_is_suspicious(value: str) -> None:
    assert kinds(mail(value, person(1)), mail(value, desk())) == [(Kind.PUBLIC, value)]


def test_mail_of_another_organisation_is_suspicious() -> None:
    """A listed domain, or one that the desk of an organisation has."""
    moved = mail("noor@ggd.example", person(1, CJG))
    own = mail("tim@ggd.example", person(2))
    found = find(moved, own, listed={"ggd.example": GGD})
    assert [(one.kind, one.owners) for one in found] == [(Kind.ELSEWHERE, (person(1, CJG),))]
    assert found[0].reason == "is van GGD Meerland, niet van CJG Meerland"
    assert kinds(moved, own, mail("balie@ggd.example", desk())) == [(Kind.ELSEWHERE, "noor@ggd.example")]
    assert kinds(moved, own) == []


def test_a_domain_of_several_organisations_is_of_none() -> None:
    both = [site("stad.example", desk()), site("stad.example/cjg", desk(CJG))]
    assert kinds(*both, mail("noor@stad.example", person(1, CJG))) == []


def test_a_number_of_two_people_is_suspicious_unless_a_desk_has_it() -> None:
    shared = [number("+31612345678", person(each)) for each in (1, 2)]
    found = find(*shared)
    assert [(one.kind, one.owners) for one in found] == [(Kind.SHARED, (person(1), person(2)))]
    assert find(*shared, number("+31612345678", desk())) == []
    assert find(shared[0], shared[0]) == []


def test_what_was_right_is_asked_again_for_others() -> None:
    def digest(*owners: int) -> str:
        (one,) = find(*(number("+31612345678", person(each)) for each in owners))
        return one.digest

    assert digest(1, 2) == digest(2, 1)
    assert digest(1, 2) != digest(1, 3)
    assert "612345678" not in digest(1, 2)


# From here on with the database and the page.


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


def rows(client: CheckedClient) -> list[str]:
    page = parse(client.get("/beheer/dekking/adressen").text)
    return [text(row) for row in page.iter("li") if "klopt" in text(row)]


def test_the_demo_has_nothing_suspicious(portal_copy: Flask) -> None:
    with connection():
        assert list_suspicions() == ([], [])


def test_a_coordinator_mends_it_or_says_that_it_is_right(coordinator: CheckedClient) -> None:
    with connection():
        one, other = make_person("Aad", "Proef"), make_person("Bea", "Proef")
        for each in (one, other):
            make_detail(each, "+31612345678")
        make_detail(one, "aad@gmail.com", kind="email")
        organisation = Organisation.get(Organisation.id != one.organisation_id)
        ListedDomain.create(domain="elders.example", organisation=organisation)
        make_detail(other, "bea@elders.example", kind="email")
    page = coordinator.get("/beheer/dekking/adressen").text
    assert f'href="/beheer/mensen/{one.id}"' in page
    assert "3 adressen of nummers lijken verkeerd." in coordinator.get("/beheer").text
    assert [phones.grouped("+31612345678") in row for row in rows(coordinator)].count(True) == 1
    with connection():
        (shared,) = [found for found in list_suspicions()[0] if found.kind is Kind.SHARED]
    answer = f"/beheer/dekking/adressen/{shared.digest}"
    assert coordinator.submit(f"{answer}/klopt").status_code == 302
    assert coordinator.submit(f"{answer}/klopt").status_code == 302  # another press, once
    page = coordinator.get("/beheer/dekking/adressen").text
    assert "Klopt volgens iemand: 1" in page
    assert "2 adressen of nummers lijken verkeerd." in coordinator.get("/beheer").text
    with connection():
        assert Dismissal.select().count() == 1
    assert coordinator.submit(f"{answer}/twijfel").status_code == 302
    assert "Klopt volgens iemand" not in coordinator.get("/beheer/dekking/adressen").text


@pytest.mark.parametrize("digest", ["x", "0" * 64, "%00", "a" * 5000])
def test_nothing_else_can_be_called_right(coordinator: CheckedClient, digest: str) -> None:
    for answer in ("klopt", "twijfel"):
        path = f"/beheer/dekking/adressen/{digest}/{answer}"
        assert coordinator.submit(path).status_code == 404
    with connection():
        assert Dismissal.select().count() == 0


def test_an_answer_is_asked_again_after_its_period(portal_copy: Flask) -> None:
    with connection():
        Dismissal.create(digest="x", at=clock.now())
        assert delete_by(Dismissal.at)(clock.now()) == 0
        with stopped_at(clock.now() + timedelta(seconds=1)):
            assert delete_by(Dismissal.at)(clock.now()) == 1
