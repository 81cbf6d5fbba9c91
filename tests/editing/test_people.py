"""People are changed by a coordinator, and by the editor of their organisation."""

from datetime import date

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.database import connection
from portal.directory.change_sets import ChangeSet
from portal.directory.models import Absence, Assignment, ContactDetail, Person, ReachedBy, Substitute, Vacancy
from portal.directory.who_works_or_is_absent import find_employer
from portal.mail.models import OutgoingMail
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.contracts.test_structure import counted, forget
from tests.editing.conftest import fill_in, save
from tests.factories import (
    coach,
    colleague,
    directory_rows,
    holder,
    make_absence,
    make_account,
    make_assignment,
    make_detail,
    make_person,
    posts,
    role,
)

FEBRUARY = date(2027, 2, 1)


@pytest.fixture
def editor(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("editor")


def own(number: int = 0) -> Person:
    """Somebody of the editor's organisation."""
    with connection():
        organisation = Account.get(Account.role == "editor").organisation
        people = Person.select().where(Person.organisation == organisation)
        return list(people.order_by(Person.id))[number]


def page(person: Person, part: str = "", room: str = "beheer") -> str:
    return f"/{room}/mensen/{person.id}{part}"


def read(model: type, **values: object) -> list[object]:
    """The rows of a model with these values."""
    with connection():
        return list(model.filter(**values))  # type: ignore[attr-defined]  # a model


def test_name_and_working_time_are_changed_and_undone(editor: CheckedClient) -> None:
    person, before = own(), directory_rows()
    path = page(person, room="organisatie")
    saved = save(
        editor, path, voornaam="Anne-Fleur", achternaam="d’Été", dagen=["5", "2"], uren="9-15",
        liefst="mail", reden="",
    )  # fmt: skip
    assert "Je wijziging is bewaard." in editor.get(saved.headers["Location"]).text
    with connection():
        now = Person.get_by_id(person.id)
    assert (now.working_days, now.hours, now.reached_by) == ("25", "9-15", ReachedBy.MAIL)
    assert "Anne-Fleur" in editor.get("/?q=anne-fleur").text
    number = saved.headers["Location"].partition("=")[2]
    editor.submit(f"/bewerkingen/{number}/terugdraaien", {"terug": path})
    assert directory_rows() == before
    assert "Anne-Fleur d" not in editor.get("/?q=anne-fleur").text


def test_an_emptied_name_is_refused_and_a_coordinator_says_why(coordinator: CheckedClient) -> None:
    answer = save(coordinator, page(coach()), voornaam="", achternaam=" ", uren="7-11", reden="")
    assert answer.status_code == 422
    assert "Vul een voornaam of achternaam in." in answer.text
    assert "Schrijf in een paar woorden waarom" in answer.text
    assert 'value="7-11"' in answer.text


def test_two_editors_see_both_versions(coordinator: CheckedClient, editor: CheckedClient) -> None:
    person = own()
    first = fill_in(coordinator, page(person), uren="9-12")
    second = fill_in(editor, page(person, room="organisatie"), uren="13-17")
    assert editor.post(page(person, room="organisatie"), data=second).status_code == 302
    answer = coordinator.post(page(person), data=first)
    assert answer.status_code == 409
    assert "er staat nu <strong>13-17</strong>. Jij vulde in: <strong>9-12</strong>" in answer.text


@pytest.mark.parametrize("part", ["", "/gegevens/nieuw", "/plekken/nieuw", "/afwezigheid/nieuw"])
def test_an_editor_has_only_their_own_people(editor: CheckedClient, part: str) -> None:
    other = holder("jeugdarts")
    assert other.organisation_id != own().organisation_id
    for path, status in (
        (page(other, part, "organisatie"), 404), (page(other, part), 403),
        (page(own(), part), 403), (page(own(), part, "organisatie"), 200),
        (f"/organisatie/mensen/999999{part}", 404),
    ):  # fmt: skip
        assert editor.get(path).status_code == status, path
        if status != 200:
            assert editor.submit(path, {"voornaam": "X"}).status_code == status


def test_forged_ids_of_somebody_else_are_not_there(editor: CheckedClient) -> None:
    other, mine = holder("jeugdarts"), own()
    with connection():
        detail = ContactDetail.get(ContactDetail.person == other)
    absence = make_absence(other)
    for part in (
        f"/gegevens/{detail.id}", f"/plekken/{posts(other)[0].id}", f"/afwezigheid/{absence.id}",
        "/gegevens/999999",
    ):  # fmt: skip
        assert editor.get(page(mine, part, "organisatie")).status_code == 404


def test_another_organisation_counts_from_its_day_or_always(coordinator: CheckedClient) -> None:
    person, other = coach(), holder("jeugdarts").organisation_id
    save(coordinator, page(person), organisatie=str(other), vanaf="1-2-2027")
    with connection():
        assert find_employer(person, TODAY) == person.organisation_id
        assert find_employer(person, FEBRUARY) == other
    save(coordinator, page(person), organisatie=str(other), vanaf="")
    with connection():
        assert Person.get_by_id(person.id).organisation_id == other


def test_a_new_number_counts_from_its_day(coordinator: CheckedClient) -> None:
    person = coach()
    with connection():
        old = ContactDetail.get((ContactDetail.person == person) & (ContactDetail.kind == "phone"))
    path = page(person, f"/gegevens/{old.id}")
    assert save(coordinator, path, waarde="06-87654321", vanaf="1-2-2027").status_code == 302
    for day, number in (("2027-01-31", old.value), ("2027-02-01", "+31687654321")):
        assert f"tel:{number}" in coordinator.get(f"/personen/{person.id}?dag={day}").text


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"waarde": "bel maar"}, "Vul een telefoonnummer in, zoals 023 123 45 67."),
        ({"waarde": "x", "soort": "email"}, "Vul een e-mailadres in zoals naam@school.nl."),
        ({"waarde": "javascript:alert(1)", "soort": "website"}, "Kies iets uit de lijst."),
        ({"waarde": "06 87654321", "vanaf": "1-2-2027", "laatste_dag": "31-1-2027"},
         "De laatste dag ligt voor de eerste dag."),
        ({"waarde": "06 87654321", "zichtbaar": "x"}, "Kies iets uit de lijst."),
    ],
)  # fmt: skip
def test_a_wrong_number_is_refused(coordinator: CheckedClient, answers: dict[str, str], fault: str) -> None:
    answer = save(coordinator, page(coach(), "/gegevens/nieuw"), **{"soort": "phone", **answers})
    assert answer.status_code == 422
    assert fault in answer.text


def test_the_same_number_twice_is_refused(coordinator: CheckedClient) -> None:
    person = coach()
    with connection():
        detail = ContactDetail.get((ContactDetail.person == person) & (ContactDetail.kind == "phone"))
        number = f"0{detail.value[3:]}"
    answer = save(coordinator, page(person, "/gegevens/nieuw"), soort="phone", waarde=number)
    assert "Dit nummer of adres staat er al." in answer.text


def test_the_address_of_somebody_else_is_asked_about(coordinator: CheckedClient) -> None:
    person, other = coach(), colleague(coach())
    with connection():
        taken = ContactDetail.get((ContactDetail.person == other) & (ContactDetail.kind == "email")).value
    path = page(person, "/gegevens/nieuw")
    answer = save(coordinator, path, soort="email", waarde=taken)
    assert f"Bedoel je {other.name}" in answer.text
    answer = save(coordinator, path, soort="email", waarde=taken, bedoeld=str(other.id))
    assert "Voeg de twee dan eerst samen" in answer.text
    answer = save(coordinator, path, soort="email", waarde=taken, bedoeld="anders")
    assert answer.status_code == 302


def test_another_mail_address_is_told_to_both_and_signs_nobody_in(editor: CheckedClient) -> None:
    """The editor may not give a colleague's account an address of their own."""
    person = coach()
    with connection():
        old = ContactDetail.get((ContactDetail.person == person) & (ContactDetail.kind == "email"))
    path = page(person, f"/gegevens/{old.id}", "organisatie")
    assert save(editor, path, waarde="Ik <kwaad@x.example>").status_code == 302
    with connection():
        mails = {mail.recipient: mail for mail in OutgoingMail.select()}
    assert {old.value, "kwaad@x.example"} <= {*mails}
    assert "Eerst: " + old.value in mails["kwaad@x.example"].body
    editor.submit("/uitloggen")
    editor.submit("/inloggen", {"email": "kwaad@x.example"})
    with connection():
        assert not OutgoingMail.select().where(
            OutgoingMail.key.startswith("sign-in") & (OutgoingMail.recipient == "kwaad@x.example")
        )


def test_an_address_without_an_account_mails_nobody(coordinator: CheckedClient) -> None:
    person = make_person("Zonder", "Account")
    detail = make_detail(person, "oud@x.example", "email")
    save(coordinator, page(person, f"/gegevens/{detail.id}"), waarde="nieuw@x.example")
    assert read(OutgoingMail, recipient="oud@x.example") == []


def test_posts_begin_and_are_taken_over(coordinator: CheckedClient) -> None:
    director = holder("directeur")
    post, new = posts(director)[0], make_person("Nieuwe", "Directeur")
    answers = {"functie": str(role("directeur").id), "scholen": [post.school_id], "vanaf": "1-2-2027"}
    path = page(new, "/plekken/nieuw")
    taken = save(coordinator, path, **answers)
    assert taken.status_code == 422
    assert "Hier staat al iemand. Kies wie er weggaat." in taken.text
    assert f"Nu: {director.name}, {post.school.name}" in taken.text
    assert save(coordinator, path, **answers, overnemen="niemand").status_code == 422
    assert save(coordinator, path, **answers, overnemen=[str(post.id)]).status_code == 302
    with connection():
        assert Assignment.get_by_id(post.id).valid_until == FEBRUARY
        assert Assignment.get(Assignment.person == new).valid_from == FEBRUARY


def test_of_two_holders_only_the_chosen_one_leaves(coordinator: CheckedClient) -> None:
    post = posts(coach())[0]
    second = make_assignment(colleague(coach()), school=post.school_id)
    path = page(make_person("Nieuwe", "Coach"), "/plekken/nieuw")
    answers = {"functie": str(post.role_id), "scholen": [post.school_id], "vanaf": "1-2-2027"}
    both = save(coordinator, path, **answers, overnemen=["niemand", str(post.id)])
    assert "Kies wie er weggaat, of niemand." in both.text
    forged = posts(holder("directeur"))[0].id
    assert save(coordinator, path, **answers, overnemen=[str(forged)]).status_code == 422
    assert save(coordinator, path, **answers, overnemen=[str(second.id)]).status_code == 302
    with connection():
        assert Assignment.get_by_id(second.id).valid_until == FEBRUARY
        assert Assignment.get_by_id(post.id).valid_until is None
    path = page(make_person("Nog", "Iemand"), "/plekken/nieuw")
    assert save(coordinator, path, **answers, overnemen="niemand").status_code == 302
    with connection():
        assert Assignment.get_by_id(post.id).valid_until is None


def test_a_post_at_a_closed_school_is_not_offered(coordinator: CheckedClient) -> None:
    path, school = page(coach(), "/plekken/nieuw"), posts(coach())[0].school
    with connection():
        type(school).update(closed_on=date(2026, 8, 1)).where(type(school).code == school.code).execute()
    answer = save(coordinator, path, functie=str(role("cjg-coach").id), scholen=[school.code], vanaf="1-2-2027")
    assert "Kies scholen uit de lijst." in answer.text


def test_a_post_ends_with_a_vacancy_or_a_successor(coordinator: CheckedClient) -> None:
    person, follower = coach(), colleague(coach())
    first, second = posts(person)[:2]
    save(coordinator, page(person, f"/plekken/{first.id}"), laatste_dag="31-1-2027",
         opvolger="vacature")  # fmt: skip
    save(coordinator, page(person, f"/plekken/{second.id}"), laatste_dag="31-1-2027",
         opvolger=str(follower.id))  # fmt: skip
    assert read(Vacancy, school=first.school_id, valid_from=FEBRUARY)
    assert read(Assignment, school=second.school_id, person=follower.id, valid_from=FEBRUARY)
    forged = page(follower, f"/plekken/{posts(follower)[0].id}")
    assert "Kies iemand uit de lijst." in save(coordinator, forged, opvolger="7777").text


def test_an_absence_is_reported_changed_and_refused(coordinator: CheckedClient) -> None:
    person, stand_in = coach(), colleague(coach())
    path = page(person, "/afwezigheid/nieuw")
    days = {"vanaf": "1-2-2027", "laatste_dag": "31-1-2027"}
    assert "De laatste dag ligt voor" in save(coordinator, path, **days).text
    assert 'name="reden"' not in coordinator.get(path).text
    saved = save(coordinator, path, vanaf="1-2-2027", vervanger=str(stand_in.id), reden="burn-out")
    assert saved.status_code == 302
    [absence] = read(Absence, person=person.id)
    change_set = ChangeSet.select().order_by(ChangeSet.id.desc()).get()
    assert (change_set.reason, "burn" in absence.source) == ("", False)  # type: ignore[attr-defined]
    assert len(read(Substitute, absence=absence)) == len(posts(person))
    assert "al afwezig" in save(coordinator, path, vanaf="1-3-2027").text
    changed = page(person, f"/afwezigheid/{absence.id}")  # type: ignore[attr-defined]  # a row
    save(coordinator, changed, laatste_dag="28-2-2027", vervanger="")
    [absence] = read(Absence, person=person.id)
    assert absence.valid_until == date(2027, 3, 1)  # type: ignore[attr-defined]  # a row
    assert read(Substitute, absence=absence) == []


def test_a_new_person_is_added_once(coordinator: CheckedClient) -> None:
    known = coach()
    organisation = str(known.organisation_id)
    typed = {
        "voornaam": "Sjoukje", "achternaam": "Van-’t Hof", "organisatie": organisation,
        "telefoon": "06 87 65 43 21", "email": "s@x.example", "dagen": ["1"],
    }  # fmt: skip
    saved = save(coordinator, "/beheer/mensen/nieuw", **typed)
    assert "Je wijziging is bewaard." in coordinator.get(saved.headers["Location"]).text
    assert "Sjoukje" in coordinator.get("/?q=sjoukje").text
    again = save(coordinator, "/beheer/mensen/nieuw", **typed)
    assert again.status_code == 422
    assert "Bedoel je Sjoukje Van-’t Hof" in again.text
    same = {**typed, "voornaam": known.given_name, "achternaam": known.family_name, "email": "",
            "telefoon": ""}  # fmt: skip
    meant = save(coordinator, "/beheer/mensen/nieuw", **same, bedoeld=str(known.id))
    assert meant.status_code == 422
    assert f'<a href="/beheer/mensen/{known.id}">Bekijk deze persoon</a>' in meant.text
    assert save(coordinator, "/beheer/mensen/nieuw", **same, bedoeld="anders").status_code == 302


def test_an_editor_adds_people_of_the_own_organisation_only(editor: CheckedClient) -> None:
    other = str(holder("jeugdarts").organisation_id)
    typed = {"voornaam": "Sjoukje", "achternaam": "Hof"}
    path = "/organisatie/mensen/nieuw"
    refused = save(editor, path, **typed, organisatie=other)
    assert "Kies een organisatie uit de lijst." in refused.text
    assert save(editor, path, **typed).status_code == 302


def test_the_list_says_what_is_missing(coordinator: CheckedClient) -> None:
    kale = make_person("Kale", "Kikker")
    row = coordinator.get("/beheer/mensen?zoek=kale+kikker").text
    for lack in ("geen nummer", "geen werkdagen", "geen plek"):
        assert f'<span class="tag">{lack}</span>' in row
    assert "Kale Kikker" in coordinator.get("/beheer/mensen?ontbreekt=nummer").text
    assert "Kale Kikker" not in coordinator.get("/beheer/mensen?ontbreekt=ingelogd").text
    without_account = "/beheer/mensen?zoek=kale+kikker&ontbreekt=account"
    assert "Kale Kikker" in coordinator.get(without_account).text
    make_account(person=kale)  # which renews no version of the directory
    assert "Kale Kikker" not in coordinator.get(without_account).text
    assert "1 persoon heeft geen nummer." in coordinator.get("/beheer").text
    make_detail(kale, "+31612345678")
    assert "geen nummer." not in coordinator.get("/beheer").text


def test_an_editor_sees_the_people_and_schools_of_the_own_organisation(editor: CheckedClient) -> None:
    text = editor.get("/organisatie").text
    assert own().name in text
    assert "Hun scholen" in text
    assert holder("jeugdarts").name not in text
    assert "Mijn organisatie" in editor.get("/").text
    assert "/organisatie/mensen/" in editor.get(f"/personen/{own().id}").text
    assert "/organisatie/mensen/" not in editor.get(f"/personen/{holder('jeugdarts').id}").text


def test_a_member_changes_the_own_working_time_and_takes_it_back(portal_copy: Flask) -> None:
    member = CheckedClient(portal_copy, portal_copy.response_class).sign_in("member")
    saved = save(member, "/mijn-werktijd", dagen=["1"], uren="10-12", reden="", voornaam="Kwaad")
    assert "Je wijziging is bewaard." in member.get(saved.headers["Location"]).text
    with connection():
        now = Person.get_by_id(coach().id)
    assert (now.working_days, now.hours, now.given_name) == ("1", "10-12", coach().given_name)
    number = saved.headers["Location"].partition("=")[2]
    undone = member.submit(f"/bewerkingen/{number}/terugdraaien", {"terug": "/mijn-werktijd"})
    assert undone.status_code == 302
    with connection():
        assert Person.get_by_id(now.id).hours != "10-12"


def test_a_coordinator_may_tell_the_kernteams_of_a_post(coordinator: CheckedClient) -> None:
    person = coach()
    post = posts(person)[0]
    ended = save(coordinator, page(person, f"/plekken/{post.id}"), laatste_dag="31-1-2027")
    assert "Vertel het de kernteams" in coordinator.get(ended.headers["Location"]).text
    time = save(coordinator, page(person), uren="11-12")
    assert "Vertel het de kernteams" not in coordinator.get(time.headers["Location"]).text
    assert "Vertel het" not in coordinator.get(f"{page(person)}?bewaard=999999").text


def test_the_list_takes_a_fixed_number_of_statements(coordinator: CheckedClient) -> None:
    counts = []
    for number in (1, 60):
        for at in range(number):
            make_detail(make_person(f"Naam{at}", f"Veel{number}"), "+31235110000")
        forget(coordinator.application)
        with counted() as statements:
            assert coordinator.get("/beheer/mensen?zoek=veel").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
