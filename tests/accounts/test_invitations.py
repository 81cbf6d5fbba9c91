"""Invitations: linked by address, complete for their role, and for many people at once."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.accounts.models import Account, ListedDomain
from portal.database import connection
from portal.directory.models import ContactDetail, Employment, Organisation, Person
from portal.mail.models import OutgoingMail
from tests.checks import parse, text
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.factories import coach, colleague, make_account, make_assignment, make_detail, make_person
from tests.page_forms import read_forms

NEW = "/beheer/accounts/nieuw"
NOOR = {"naam": "Noortje van Erven", "email": "noor@cjg.example", "rol": "member"}


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


@pytest.fixture
def editor(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("editor")


@pytest.fixture
def noor(portal_copy: Flask) -> Person:
    """Noortje van Erven of CJG Kennemerland, with an address and a post."""
    person = make_person("Noortje", "van Erven", "cjg-kennemerland")
    make_assignment(person)
    make_detail(person, "noor@cjg.example", "email")
    return person


def mailed() -> list[OutgoingMail]:
    with connection():
        return list(OutgoingMail.select().order_by(OutgoingMail.id))


def find_account(email: str) -> Account:
    with connection():
        return Account.get(Account.email == email)


def main_text(page: str) -> str:
    (main,) = parse(page).iter("main")
    return text(main)


# ---- One account ---------------------------------------------------------------------------------


def test_an_account_belongs_to_the_person_who_has_its_address(coordinator: CheckedClient, noor: Person) -> None:
    answer = coordinator.submit(NEW, NOOR, follow_redirects=True)
    account = find_account("noor@cjg.example")
    assert (account.person_id, account.organisation_id) == (noor.id, noor.organisation_id)
    sentence = "Hoort bij Noortje van Erven (CJG Kennemerland), want dit e-mailadres staat daar."
    assert sentence in main_text(answer.text)
    assert "krijgt een uitnodiging op noor@cjg.example" in main_text(answer.text)


@pytest.mark.parametrize("role", ["reader", "editor", "coordinator"])
def test_only_a_new_member_is_linked_by_address(portal_copy: Flask, noor: Person, role: str) -> None:
    """An editor can type the address of any account at a person of their own."""
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("administrator")
    fields = {**NOOR, "rol": role, "organisatie": str(noor.organisation_id)}
    client.submit(NEW, fields)
    account = find_account("noor@cjg.example")
    address = f"/beheer/accounts/{account.id}"
    question = "Dit e-mailadres staat bij Noortje van Erven (CJG Kennemerland). Is dat dezelfde"
    assert question in main_text(client.get(address).text)
    client.submit(address, fields)
    assert find_account("noor@cjg.example").person_id is None
    client.submit(address, {**fields, "persoon": str(noor.id)})
    assert find_account("noor@cjg.example").person_id == noor.id
    client.submit(address, fields)  # taken off again
    assert find_account("noor@cjg.example").person_id is None
    assert client.submit(address, {**fields, "rol": "member"}).status_code == 422


def test_an_account_gets_the_organisation_of_today(coordinator: CheckedClient, noor: Person) -> None:
    with connection():
        altra = Organisation.get(Organisation.key == "altra")
        Employment.create(person=noor, organisation=altra, valid_from=TODAY, source="x", checked_on=TODAY)
    coordinator.submit(NEW, NOOR)
    assert find_account("noor@cjg.example").organisation_id == altra.id


def test_a_choice_of_somebody_else_counts(coordinator: CheckedClient, noor: Person) -> None:
    other = coach()
    coordinator.submit(NEW, {**NOOR, "persoon": str(other.id)})
    account = find_account("noor@cjg.example")
    assert account.person_id == other.id
    assert "Hoort bij" not in coordinator.get(f"/beheer/accounts/{account.id}").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "iemand@cjg.example", "naam": "Xerxes Onbekend"},
         "Kies de naam in de lijst, of zet die er eerst in."),
        ({"email": "n@cjg.example"},
         "Bedoel je Noortje van Erven (CJG Kennemerland)? Kies dan die naam."),
        ({"email": "team@cjg.example"}, "Kies in de lijst wie het is."),
        ({"rol": "editor", "email": "iemand@cjg.example"},
         "Kies de organisatie waarvan deze organisatiebeheerder de mensen bijhoudt."),
    ],
    ids=["nobody", "a name", "a shared address", "no organisation"],
)  # fmt: skip
def test_an_account_needs_what_its_role_needs(
    coordinator: CheckedClient, noor: Person, change: dict[str, str], sentence: str
) -> None:
    for person in (noor, coach()):
        make_detail(person, "team@cjg.example", "email")
    answer = coordinator.submit(NEW, NOOR | change)
    assert answer.status_code == 422
    assert sentence in main_text(answer.text), main_text(answer.text)[:600]
    assert mailed() == []
    # The same rule holds for a change.
    reader = find_account("reader@demo.example").id
    answer = coordinator.submit(f"/beheer/accounts/{reader}", NOOR | change)
    assert (answer.status_code, sentence in main_text(answer.text)) == (422, True)


def test_the_list_shows_who_never_signed_in_and_invites_again(coordinator: CheckedClient) -> None:
    coordinator.submit(NEW, {**NOOR, "rol": "reader"})
    page = main_text(coordinator.get("/beheer/accounts?stand=nooit&zoek=NOOR").text)
    assert "1 account" in page
    assert "Noortje van Erven" in page
    assert "Coen" not in main_text(coordinator.get("/beheer/accounts?stand=nooit").text)
    by_role = main_text(coordinator.get("/beheer/accounts?zoek=beheerder").text)
    assert "Bea Baas" in by_role and "Noortje" not in by_role
    account = find_account("noor@cjg.example")
    again = f"/beheer/accounts/{account.id}/opnieuw"
    before = mailed()
    with stopped_at(f"{TODAY} 09:00:30"):
        answer = coordinator.submit(again)
    assert "krijgt een uitnodiging op noor@cjg.example" in coordinator.get(answer.location).text
    assert [mail.recipient for mail in mailed()] == ["noor@cjg.example"] * (len(before) + 1)
    with connection():
        Account.update(visited_on=TODAY).where(Account.id == account.id).execute()
    coordinator.submit(again)
    assert len(mailed()) == len(before) + 1
    assert again not in coordinator.get("/beheer/accounts").text


def test_the_list_shows_which_members_belong_to_nobody(coordinator: CheckedClient) -> None:
    account = make_account()
    page = main_text(coordinator.get("/beheer/accounts?stand=niemand").text)
    assert account.name in page and "1 account" in page


def test_the_mail_says_what_this_is_what_is_stored_and_whom_to_ask(coordinator: CheckedClient, noor: Person) -> None:
    coordinator.submit(NEW, NOOR)
    coordinator.submit(NEW, {**NOOR, "email": "lezer@cjg.example", "rol": "reader"})
    member, reader = (mail.body for mail in mailed())
    for body in (member, reader):
        assert "het intranet van de kernteams in Zuid-Kennemerland" in body
        assert "http://127.0.0.1:5000/inloggen" in body
        assert "http://127.0.0.1:5000/privacy" in body
        assert "Mail het kernteamproject: kernteam@po-zk.nl" in body
    assert "je scholen en je werkdagen" in member
    assert "je scholen" not in reader


# ---- Many at once --------------------------------------------------------------------------------


def test_many_are_invited_in_one_step_and_only_once(coordinator: CheckedClient) -> None:
    (form,) = [f for f in read_forms(coordinator.get("/uitnodigen").text) if f.action == "/uitnodigen"]
    ticked = form.choices["persoon"]
    assert len(ticked) > 300
    chosen = ticked[:3]
    with connection():
        emails = {
            detail.value
            for detail in ContactDetail.select().where(
                ContactDetail.person.in_(chosen) & (ContactDetail.kind == "email")
            )
        }
    answer = coordinator.submit("/uitnodigen", {"persoon": chosen})  # type: ignore[dict-item]
    assert "3 mensen krijgen een uitnodiging" in coordinator.get(answer.location).text
    assert {mail.recipient for mail in mailed()} == emails
    with connection():
        accounts = Account.select().where(Account.person.in_(chosen))
        assert {(row.role.value, row.by_domain) for row in accounts} == {("member", False)}
        assert all(row.organisation_id == Person.get_by_id(row.person_id).organisation_id for row in accounts)
    again = coordinator.submit("/uitnodigen", {"persoon": [*chosen, "x", "999999"]})  # type: ignore[dict-item]
    assert "0 mensen krijgen" in coordinator.get(again.location).text
    assert len(mailed()) == 3
    page = coordinator.get("/uitnodigen").text
    assert not any(f'value="{person}"' in page for person in chosen)
    assert coordinator.submit("/uitnodigen").status_code == 422


def test_a_group_is_ticked_at_once_and_nobody_beforehand(coordinator: CheckedClient) -> None:
    def tick(group: str, **more: str) -> set[str]:
        page = coordinator.submit("/uitnodigen", {"kies": group, **more})
        assert page.status_code == 200
        return set(re.findall(r'value="(\d+)" checked', page.text))

    page = coordinator.get("/uitnodigen")
    assert "checked" not in page.text
    groups = re.findall(r"Vink alle (\d+) aan<span[^>]+> van ([^<]+)<", page.text)
    assert groups[-1][1] == "Scholen"
    assert len(tick("alle")) == page.text.count('name="persoon"')
    assert tick("-alle", persoon="1") == set()
    number, name = groups[0]
    ticked = tick(name)
    assert len(ticked) == int(number)
    other = next(iter(tick("Scholen") - ticked))
    assert tick(f"-{name}", persoon=other) == {other}
    assert tick("nergens", persoon=other) == {other}
    assert mailed() == []


def test_who_never_signed_in_of_a_round_is_invited_again(
    coordinator: CheckedClient, editor: CheckedClient, noor: Person
) -> None:
    stranger = make_person("Sil", "Anders", "ggd-kennemerland")
    make_assignment(stranger)
    make_detail(stranger, "sil@ggd.example", "email")
    with connection():
        Account.update(visited_on=TODAY).execute()
    everybody = {"persoon": [str(noor.id), str(stranger.id)]}
    coordinator.submit("/uitnodigen", everybody)  # type: ignore[arg-type]
    first = {"ronde": TODAY.isoformat()}
    assert "2 nog nooit ingelogd" in main_text(coordinator.get("/uitnodigen").text)
    coordinator.submit("/uitnodigen", first)
    assert len(mailed()) == 2  # not twice on a day
    with connection():
        Account.update(visited_on=TODAY).where(Account.email == "noor@cjg.example").execute()
    with stopped_at(TODAY + timedelta(days=1)):
        coordinator.sign_in("coordinator")
        editor.sign_in("editor")
        assert "3 mensen, 1 nog nooit ingelogd" in main_text(coordinator.get("/uitnodigen").text)
        assert "Sil Anders" not in editor.get("/uitnodigen").text
        editor.submit("/uitnodigen", first)
        assert len(mailed()) == 2  # the own people only
        assert "1 persoon krijgt" in coordinator.get(
            coordinator.submit("/uitnodigen", first).location).text  # fmt: skip
        assert [mail.recipient for mail in mailed()][2:] == ["sil@ggd.example"]
        page = main_text(coordinator.get("/uitnodigen").text)
    assert page.index("1 nog nooit ingelogd") < page.index("iedereen logde in")
    assert coordinator.submit("/uitnodigen", {"ronde": "gisteren"}).status_code == 302


def test_the_page_says_who_cannot_be_invited_and_why(coordinator: CheckedClient, noor: Person) -> None:
    organisation = noor.organisation_id
    shared = colleague(noor)
    ended, without, known = (make_person("Ab", name, "cjg-kennemerland") for name in ("Af", "Bos", "Cas"))
    for person in (ended, without, known):
        make_assignment(person)
    make_detail(ended, "af@cjg.example", "email")
    make_detail(known, "reader@demo.example", "email")
    with connection():
        ContactDetail.delete().where(ContactDetail.person == shared).execute()
        account = make_account()
        account.person, account.active_until = ended, TODAY
        account.save()
    make_detail(shared, "noor@cjg.example", "email")
    page = coordinator.get(f"/uitnodigen?organisatie={organisation}").text
    said = main_text(page)
    for name, reason in (
        ("Noortje van Erven", f"Dit e-mailadres is ook van {shared.name} (CJG Kennemerland)."),
        ("Ab Af", "Had een account, en de toegang is gestopt."),
        ("Ab Bos", "Heeft geen e-mailadres."),
        ("Ab Cas", "Dit e-mailadres heeft al een account."),
    ):
        assert f"{name}CJG Kennemerland{reason}" in said
    everybody = {"persoon": [str(one.id) for one in (noor, shared, ended, without, known)]}
    coordinator.submit("/uitnodigen", everybody)  # type: ignore[arg-type]
    assert mailed() == []


def test_a_reader_by_domain_becomes_the_member_who_it_is(coordinator: CheckedClient, noor: Person) -> None:
    with connection():
        Account.create(email="noor@cjg.example", name="noor", role="reader", by_domain=True,
                       created_at=clock.now())  # fmt: skip
    coordinator.submit("/uitnodigen", {"persoon": str(noor.id)})
    account = find_account("noor@cjg.example")
    assert (account.role.value, account.person_id, account.by_domain, account.name) == (
        "member", noor.id, False, "Noortje van Erven",
    )  # fmt: skip


def test_an_editor_invites_the_own_people_at_a_listed_domain(editor: CheckedClient, noor: Person) -> None:
    stranger = make_person("Sil", "Anders", "ggd-kennemerland")
    make_assignment(stranger)
    make_detail(stranger, "sil@cjg.example", "email")
    forged = {"persoon": [str(noor.id), str(stranger.id)]}
    editor.submit("/uitnodigen?organisatie=1", forged)  # type: ignore[arg-type]
    page = main_text(editor.get("/uitnodigen").text)
    assert "Dit adres is niet van de organisatie." in page
    assert mailed() == []
    with connection():
        cjg = Organisation.get(Organisation.key == "cjg-kennemerland")
        ListedDomain.create(domain="cjg.example", organisation=cjg)
    assert "Sil Anders" not in editor.get("/uitnodigen?organisatie=1").text
    editor.submit("/uitnodigen", forged)  # type: ignore[arg-type]
    assert [mail.recipient for mail in mailed()] == ["noor@cjg.example"]


def test_the_first_own_address_of_today_is_invited(coordinator: CheckedClient, noor: Person) -> None:
    secretary, later, second = (
        make_detail(noor, f"{name}@cjg.example", "email") for name in ("aa.secretariaat", "ab.straks", "ac.tweede")
    )
    secretary.label, later.valid_from, second.position = "secretariaat", TODAY + timedelta(9), 1
    with connection():
        for detail in (secretary, later, second):
            detail.save()
    for email in ("aa.secretariaat@cjg.example", "ab.straks@cjg.example"):
        assert coordinator.submit(NEW, {**NOOR, "email": email}).status_code == 422
    coordinator.submit("/uitnodigen", {"persoon": str(noor.id)})
    assert [mail.recipient for mail in mailed()] == ["noor@cjg.example"]


def test_an_editor_invites_at_a_second_address(editor: CheckedClient, noor: Person) -> None:
    with connection():
        cjg = Organisation.get(Organisation.key == "cjg-kennemerland")
        ListedDomain.create(domain="kennemerland.example", organisation=cjg)
    second = make_detail(noor, "noor@kennemerland.example", "email")
    with connection():
        ContactDetail.update(position=1).where(ContactDetail.id == second.id).execute()
    editor.submit("/uitnodigen", {"persoon": str(noor.id)})
    assert [mail.recipient for mail in mailed()] == ["noor@kennemerland.example"]


def test_who_gets_a_post_or_an_address_is_seen_at_once(coordinator: CheckedClient) -> None:
    pages = ("/uitnodigen", "/functies/cjg-coach")
    assert not [path for path in pages if "Ada Komt" in coordinator.get(path).text]
    ada = make_person("Ada", "Komt", "altra")
    make_assignment(ada)
    assert [path for path in pages if "Ada Komt" in coordinator.get(path).text] == [*pages]
    make_detail(ada, "ada@altra.example", "email")
    assert "ada@altra.example" in coordinator.get("/uitnodigen").text


def test_somebody_who_left_is_not_invited(coordinator: CheckedClient) -> None:
    gone, leaves = (make_person(name, "Gaat", "altra") for name in ("Ada", "Bea"))
    make_assignment(gone, valid_until=TODAY, valid_from=TODAY - timedelta(days=9))
    make_assignment(leaves, valid_until=TODAY + timedelta(days=9))
    for person in (gone, leaves):
        make_detail(person, f"{person.given_name.lower()}@altra.example", "email")
    page = coordinator.get("/uitnodigen").text
    assert ("Ada Gaat" in page, "Bea Gaat" in page) == (False, True)
