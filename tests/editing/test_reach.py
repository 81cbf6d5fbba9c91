"""An edit reaches no account or organisation that its author may not reach in another way."""

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.database import connection
from portal.directory.models import Assignment, ContactDetail, Person
from portal.mail.models import OutgoingMail
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.editing.conftest import fill_in, save
from tests.factories import coach, colleague, holder, make_assignment, make_person, posts, role


@pytest.fixture
def editor(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("editor")


def give_account(person: Person, account: str) -> ContactDetail:
    """Let the account with this role be of a person; gives their mail address."""
    with connection():
        Account.update(person=person).where(Account.role == account).execute()
        return ContactDetail.get((ContactDetail.person == person) & (ContactDetail.kind == "email"))


@pytest.mark.parametrize("account", ["coordinator", "administrator"])
@pytest.mark.parametrize("part", ["own", "nieuw"])
def test_an_editor_changes_no_address_of_a_coordinator(editor: CheckedClient, account: str, part: str) -> None:
    person = colleague(coach())
    detail = give_account(person, account)
    path = f"/organisatie/mensen/{person.id}/gegevens/{detail.id if part == 'own' else part}"
    answer = save(editor, path, soort="email", waarde="kwaad@x.example")
    assert "Met dit adres logt een beheerder in." in answer.text
    ended = save(editor, path, soort="email", waarde=detail.value, laatste_dag="2026-11-22")
    assert ended.status_code == 422
    with connection():
        assert ContactDetail.get_by_id(detail.id).valid_until is None


def test_a_coordinator_changes_no_address_of_an_administrator_but_the_own(coordinator: CheckedClient) -> None:
    person, me = colleague(coach()), coach()
    path = f"/beheer/mensen/{person.id}/gegevens/{give_account(person, 'administrator').id}"
    assert save(coordinator, path, waarde="kwaad@x.example").status_code == 422
    own = f"/beheer/mensen/{me.id}/gegevens/{give_account(me, 'coordinator').id}"
    assert save(coordinator, own, waarde="eigen@x.example").status_code == 302


def test_the_end_of_an_address_is_told_to_it(editor: CheckedClient) -> None:
    detail = give_account(coach(), "member")
    path = f"/organisatie/mensen/{coach().id}/gegevens/{detail.id}"
    assert save(editor, path, laatste_dag="2026-11-30").status_code == 302
    with connection():
        [mail] = OutgoingMail.select().where(OutgoingMail.recipient == detail.value)
    assert "Straks: geen adres" in mail.body


@pytest.mark.parametrize("account", ["member", "coordinator"])
def test_an_editor_merges_nobody_with_an_account(editor: CheckedClient, account: str) -> None:
    owner, plain = colleague(coach()), make_person("Kim", "Kwaad", "cjg-kennemerland")
    give_account(owner, account)
    for kept, other in ((plain, owner), (owner, plain)):
        path = f"/organisatie/mensen/{kept.id}/samenvoegen"
        for step in ("", "samenvoegen"):
            fields = fill_in(editor, path, ander=str(other.id), stap=step)
            answer = editor.post(path, data=fields)
            assert answer.status_code == 422
            assert "Er hoort een account bij." in answer.text
    with connection():
        assert Account.get(Account.role == account).person_id == owner.id


def test_a_coordinator_merges_no_administrator(coordinator: CheckedClient) -> None:
    owner, plain = colleague(coach()), make_person("Kim", "Kwaad")
    give_account(owner, "administrator")
    path = f"/beheer/mensen/{plain.id}/samenvoegen"
    answer = coordinator.post(path, data=fill_in(coordinator, path, ander=str(owner.id)))
    assert "Er hoort een account bij." in answer.text


def test_an_editor_gives_a_post_to_nobody_of_another_organisation(editor: CheckedClient) -> None:
    me, other = coach(), holder("jeugdarts")
    with connection():
        make_assignment(other, valid_from=TODAY)  # the same role elsewhere
    path = f"/organisatie/mensen/{me.id}/plekken/{posts(me)[0].id}"
    answer = save(editor, path, laatste_dag="2027-01-31", opvolger=str(other.id))
    assert "Kies iemand uit de lijst." in answer.text


def test_an_editor_takes_over_from_nobody_of_another_organisation(editor: CheckedClient) -> None:
    me, other = coach(), holder("jeugdarts")
    there = make_assignment(other, school="10AR00")
    path = f"/organisatie/mensen/{me.id}/plekken/nieuw"
    answers = {"functie": str(role("cjg-coach").id), "scholen": ["10AR00"], "vanaf": "2027-01-01"}
    answer = save(editor, path, **answers, overnemen=[str(there.id)])
    assert " werkt elders. Meld een wijziging." in answer.text
    with connection():
        assert Assignment.get_by_id(there.id).valid_until is None


@pytest.mark.parametrize("part", ["", "/plekken", "/gegevens"])
@pytest.mark.parametrize("change", ["none", "role", "organisation", "account"])
def test_an_editor_undoes_what_they_may_still_change(editor: CheckedClient, part: str, change: str) -> None:
    person, other = colleague(coach()), holder("jeugdarts").organisation_id
    path, answers = f"/organisatie/mensen/{person.id}{part}", {"uren": "9-15"}
    if part == "/plekken":
        path += f"/{posts(person)[0].id}"
        answers = {"laatste_dag": "2027-01-31", "opvolger": "vacature"}
    elif part:
        path, answers = f"{path}/nieuw", {"soort": "email", "waarde": "nieuw@x.example"}
    number = save(editor, path, **answers).headers["Location"].partition("=")[2]
    with connection():
        values = {"role": {"role": "member"}, "organisation": {"organisation": other}}
        if change in values:
            Account.update(values[change]).where(Account.role == "editor").execute()
    if change == "account":
        give_account(person, "coordinator")
    is_refused = change in ("role", "organisation") or (change, part) == ("account", "/gegevens")
    undone = editor.submit(f"/bewerkingen/{number}/terugdraaien")
    assert undone.status_code == (404 if is_refused else 302)
