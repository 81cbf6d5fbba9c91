"""Permissions: the rules, and forged requests against them."""

import pytest

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.database import connection, db
from portal.directory.models import Assignment, ContactDetail, Organisation, Person, Role, School, Vacancy
from portal.directory.who_works_or_is_absent import move
from portal.notices.kinds import TYPED
from portal.notices.models import Notice
from portal.notices.permissions_and_confirmation import (
    Author,
    allowed_kinds,
    get_author,
    list_confirmers,
    may_change,
    may_confirm,
    may_post_about,
    needs_confirmation,
)
from tests.clock import TODAY
from tests.factories import begin_change_set, coach, colleague, directory_rows, holder, make_account, posts, role
from tests.notices.conftest import FEBRUARY, Fields, Visit, address, errors, leave

ME, CJG, SCHOOL, ELSEWHERE = 7, 1, 2, 3
ABOUT_ONESELF = {"opvolging", "vertrek", "andere-organisatie", "afwezigheid", "contactgegevens"}
ALL, NONE = set(TYPED), set[str]()


def author(role: str, person: int | None = None, leads: int | None = None) -> Author:
    return Author(5, "Ik", "ik@x.example", role, person, CJG, frozenset([leads] if leads else []))


# Author; allowed kinds; whether they may post about themselves, a colleague, a person of the school
# that they lead, and a person elsewhere.
WHO = [
    ("a reader", author(AccountRole.READER, ME), NONE, "y---"),
    ("a member without a person", author(AccountRole.MEMBER), NONE, "----"),
    ("a member", author(AccountRole.MEMBER, ME), ABOUT_ONESELF, "y---"),
    ("a director", author(AccountRole.MEMBER, ME, SCHOOL), ALL, "y-y-"),
    ("an editor", author(AccountRole.EDITOR), ALL, "yy--"),
    ("a coordinator", author(AccountRole.COORDINATOR), ALL, "yyyy"),
    ("an administrator", author(AccountRole.ADMINISTRATOR), ALL, "yyyy"),
]


@pytest.mark.parametrize(("who", "someone", "kinds", "about"), WHO)
def test_kinds_and_people_of_each_role(who: str, someone: Author, kinds: set[str], about: str) -> None:
    assert allowed_kinds(someone) == kinds
    people = [(ME, CJG), (8, CJG), (9, SCHOOL), (10, ELSEWHERE)]
    assert "".join("-y"[may_post_about(someone, *person)] for person in people) == about


@pytest.mark.parametrize(
    ("someone", "organisation", "is_new", "waits"),
    [
        (author(AccountRole.MEMBER, ME), CJG, False, False),
        (author(AccountRole.MEMBER, ME), CJG, True, True),
        (author(AccountRole.MEMBER, ME), ELSEWHERE, False, True),
        (author(AccountRole.MEMBER, ME, SCHOOL), SCHOOL, True, False),
        (author(AccountRole.MEMBER, ME, SCHOOL), ELSEWHERE, False, True),
        (author(AccountRole.EDITOR), CJG, True, False),
        (author(AccountRole.EDITOR), ELSEWHERE, True, True),
        (author(AccountRole.COORDINATOR), ELSEWHERE, True, False),
    ],
)
def test_successors_that_need_confirmation(someone: Author, organisation: int, is_new: bool, waits: bool) -> None:
    assert needs_confirmation(someone, organisation, is_new=is_new) is waits


@pytest.mark.parametrize(
    ("someone", "own", "of_cjg", "of_the_region", "confirms"),
    [
        (author(AccountRole.MEMBER, ME), True, False, False, False),
        (author(AccountRole.EDITOR), True, True, False, True),
        (author(AccountRole.COORDINATOR), True, True, True, True),
    ],
)
def test_permission_to_change_and_confirm(
    someone: Author, own: bool, of_cjg: bool, of_the_region: bool, confirms: bool
) -> None:
    assert may_change(someone, 5, ELSEWHERE) is own
    assert may_change(someone, 6, CJG) is of_cjg
    assert may_change(someone, None, None) is of_the_region
    assert may_confirm(someone, CJG) is confirms


def test_member_cannot_post_about_a_colleague(visit: Visit) -> None:
    member, other = visit("member"), colleague(coach())
    before = directory_rows()
    for kind in sorted(ABOUT_ONESELF):
        page = member.ask(kind, other.id)
        assert other.name not in page
        answer = member.client.submit(address(kind, other.id), {
            **leave(opvolger=str(coach().id)), "extra_telefoon": "0612345999",
            "stap": "plaatsen", "gezien": "",
        })  # fmt: skip
        assert answer.status_code == 200
    for kind in sorted(ALL - ABOUT_ONESELF):
        answer = member.client.submit(address(kind), {
            "dag": FEBRUARY.isoformat(), "tekst": "x", "stap": "plaatsen",
            "organisatie": str(coach().organisation_id), "functie": str(role("cjg-coach").id),
            "scholen": posts(coach())[0].school_id, "opvolger": str(coach().id),
        })  # fmt: skip
        assert answer.status_code == 200
        assert "Klopt het zo?" not in answer.text
    with connection():
        assert not Notice.select().exists()
    assert directory_rows() == before


def test_forged_posts_details_and_successors_are_refused(visit: Visit) -> None:
    member, other = visit("member"), colleague(coach())
    theirs = posts(other)
    with connection():
        number = ContactDetail.get((ContactDetail.person == other) & (ContactDetail.kind == "phone"))
        outsider = holder("leerplichtambtenaar")
    member.post("vertrek", leave(**{f"plek_{post.id}": "vacature" for post in theirs}))
    fields = {"dag": FEBRUARY.isoformat(), "extra_telefoon": "0612345999", "tekst": "x"}
    member.post("contactgegevens", {**fields, f"gegeven_{number.id}": "0612345000"})
    with connection():
        assert {a.valid_until for a in posts(other)} == {p.valid_until for p in theirs}
        assert ContactDetail.get_by_id(number.id).valid_until is None
    for kind, forged in (
        ("opvolging", outsider.id), ("opvolging", 99999), ("opvolging", "x"), ("vertrek", "1 OR 1"),
        ("opvolging", coach().id),
    ):  # fmt: skip
        answer = member.preview(kind, {**leave(), "opvolger": str(forged)})
        assert answer.status_code == 422
        assert "Kies iemand uit de lijst." in errors(answer.text)


def test_forged_successor_of_one_post_is_refused(visit: Visit) -> None:
    outsider = holder("leerplichtambtenaar")
    first, *_ = posts(coach())
    for forged in (str(outsider.id), "x", "99999", str(10**30)):
        answer = visit("member").preview("vertrek", leave(**{f"plek_{first.id}": forged}))
        assert answer.status_code == 422, forged
        assert "Kies iemand uit de lijst." in errors(answer.text)


# School staff


def director() -> tuple[Person, School]:
    with connection():
        row = (
            Assignment.select()
            .join(Role)
            .where((Role.key == "directeur") & Assignment.valid_until.is_null())
            .order_by(Assignment.id)
            .get()
        )
        return row.person, row.school


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_director_posts_each_kind_about_their_school(visit: Visit, kind: str) -> None:
    person, school = director()
    visitor = visit(make_account(person=person))
    helper = colleague(person)
    forms: dict[str, Fields] = {
        "opvolging": {"opvolger": str(person.id)},
        "vertrek": {"opvolger": "vacature"},
        "andere-organisatie": {"naar": str(coach().organisation_id)},
        "afwezigheid": {},
        "contactgegevens": {"extra_telefoon": "0612345999"},
        "nieuwe-collega": {"opvolger": "nieuw", "voornaam": "Noora", "achternaam": "Nieuweling",
                           "werkgever": str(school.organisation_id), "scholen": [school.code],
                           "functie": str(role("intern-begeleider").id)},
        "vacature": {"scholen": [school.code], "functie": str(role("intern-begeleider").id)},
        "organisatie": {"organisatie": str(school.organisation_id)},
        "nieuws": {"organisatie": str(school.organisation_id)},
    }  # fmt: skip
    form = forms[kind]
    with connection():
        if kind in ("nieuwe-collega", "vacature"):
            Assignment.delete().where((Assignment.school == school) & (Assignment.role != role("directeur"))).execute()
    about = helper.id if kind in ABOUT_ONESELF else None
    visitor.ask(kind, about)
    notice = visitor.post(kind, {**form, "dag": FEBRUARY.isoformat(), "tekst": "x"}, about)
    with connection():
        assert Notice.get_by_id(notice).organisation_id == (None if kind == "vacature" else school.organisation_id)
        assert not Assignment.select().where(Assignment.is_pending).exists()
    elsewhere = coach()
    assert elsewhere.name not in visitor.ask("vertrek", elsewhere.id)


def test_director_and_school_editor_fill_posts_of_their_school_only(visit: Visit) -> None:
    person, school = director()
    with connection():
        other = School.get((School.code != school.code) & (School.sector == school.sector))
        Assignment.delete().where(Assignment.school == other).execute()
    fields = {
        "functie": str(role("intern-begeleider").id), "scholen": [other.code],
        "dag": FEBRUARY.isoformat(), "tekst": "x",
    }  # fmt: skip
    answer = visit(make_account(person=person)).preview("vacature", fields)
    assert errors(answer.text) == ["Kies ten minste een school."]
    account = make_account("editor", organisation=school.organisation_id)
    answer = visit(account).preview("vacature", fields)
    assert errors(answer.text) == ["Kies bij deze functie alleen je eigen school."]
    with connection():
        assert not Vacancy.select().where(Vacancy.school == other).exists()


def test_pending_director_does_not_speak_for_the_school(visit: Visit) -> None:
    person, _ = director()
    with connection():
        Assignment.update(is_pending=True).where(Assignment.person == person).execute()
    page = visit(make_account(person=person)).get("/wijzigingen/nieuw")
    assert 'value="vertrek"' in page
    assert 'value="vacature"' not in page


def test_editor_fills_roles_of_their_organisation_only(visit: Visit) -> None:
    page = visit("editor").ask("vacature")
    assert f'value="{role("cjg-coach").id}"' in page
    fields = {"dag": FEBRUARY.isoformat(), "tekst": "x", "scholen": ["16LF00"]}
    answer = visit("editor").preview("vacature", {**fields, "functie": str(role("jeugdarts").id)})
    assert errors(answer.text) == ["Kies een functie uit de lijst."]
    with connection():
        elsewhere = Organisation.get(Organisation.key == "leerplein")
    answer = visit("editor").preview("nieuws", {**fields, "organisatie": str(elsewhere.id)})
    assert errors(answer.text) == ["Kies een organisatie uit de lijst."]
    answer = visit("editor").preview("nieuws", {**fields, "organisatie": "regio"})
    assert errors(answer.text) == ["Kies een organisatie uit de lijst."]


def test_only_author_organisation_and_coordinator_change_a_notice(visit: Visit) -> None:
    notice = visit("member").post("vertrek", leave())
    for other in (make_account(person=colleague(coach())), make_account(person=director()[0])):
        visitor = visit(other)
        assert "Melding wijzigen" not in visitor.get(f"/wijzigingen/{notice}")
        assert "nog niet:" not in visitor.get(f"/wijzigingen/{notice}")
        for action in ("wijzigen", "intrekken", "bevestigen", "afwijzen"):
            assert visitor.press(notice, action, dag="2027-02-28", tekst="x").status_code == 404
        assert visitor.client.get(f"/wijzigingen/{notice}/wijzigen").status_code == 404
    assert visit("editor").press(
        notice, "wijzigen", dag="2027-02-28", tekst="x").status_code == 302  # fmt: skip
    assert visit("coordinator").press(notice, "intrekken").status_code == 302


def test_reader_cannot_post(visit: Visit) -> None:
    reader = visit("reader")
    assert reader.client.get("/wijzigingen/nieuw").status_code == 403
    assert "Wijziging melden" not in reader.get("/wijzigingen")


def test_member_without_person_gets_the_contact_address(visit: Visit) -> None:
    page = visit(make_account()).get("/wijzigingen/nieuw")
    assert "hoort nog niet bij iemand in de contactzoeker" in page
    with connection():
        assert Account.select().where(Account.person.is_null()).exists()


def test_who_is_asked_to_confirm_may(visit: Visit) -> None:
    """An editor who works elsewhere now is not asked; the coordinators are."""
    with connection():
        ggd = Organisation.get(Organisation.key == "ggd-kennemerland").id
        account = make_account("editor", person=coach(), organisation=coach().organisation_id)
        old = coach().organisation_id
        assert list_confirmers([old]).count(account.email) == 1
        with db.atomic():
            move(begin_change_set(), coach(), ggd, TODAY)
        asked = list_confirmers([old])
        may = {a.address for a in Account.select() if may_confirm(get_author(a), old)}
        assert set(asked) <= may
        assert account.email not in asked
        assert asked
