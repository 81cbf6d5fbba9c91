"""Errors in the forms: one short sentence each, which also says what to do."""

from datetime import date

import pytest

from portal.database import connection
from portal.directory.models import Assignment, ContactDetail, Person
from tests.factories import coach, colleague, holder, make_absence, posts, role
from tests.notices.conftest import FEBRUARY, NEW, Fields, Visit, errors, leave

DAY = FEBRUARY.isoformat()
LONG = f"{'x' * 250}@cjg.example"
NOORA = {"opvolger": "nieuw", "voornaam": "Noora", "achternaam": "Nieuweling"}


def test_each_error_is_reachable_and_short(visit: Visit) -> None:
    member, coordinator = visit("member"), visit("coordinator")
    me, employer = coach(), str(coach().organisation_id)
    at = posts(me)[0].school_id
    with connection():
        phone = ContactDetail.get((ContactDetail.person == me) & (ContactDetail.kind == "phone"))
        mail = ContactDetail.get((ContactDetail.person == me) & (ContactDetail.kind == "email"))
        taken = Assignment.get((Assignment.school == at) & (Assignment.role == role("directeur"))).person
        school = posts(taken)[0].school
        make_absence(me, date(2027, 6, 1))
    own = {f"gegeven_{phone.id}": phone.value, f"gegeven_{mail.id}": mail.value}
    post = {"dag": DAY, "tekst": "x", "functie": str(role("directeur").id), "scholen": [at]}
    about_me: list[tuple[str, Fields, str]] = [
        ("vertrek", {}, "Vul een dag in, zoals 1-2-2027."),
        ("vertrek", leave(dag="morgen"), "Vul een dag in, zoals 1-2-2027."),
        ("vertrek", leave(dag="1999-01-01"),
         "Kies een dag tussen 1 januari 2000 en 31 december 2099."),
        ("vertrek", leave(dag="2031-01-01"),
         "Kies een dag van een jaar terug tot twee jaar vooruit."),
        ("vertrek", leave(tekst="x" * 2012),
         "De tekst is 12 tekens te lang. Maximaal 2.000 tekens."),
        ("vertrek", leave(opvolger="x"), "Kies iemand uit de lijst."),
        ("opvolging", leave(), "Kies wie er begint."),
        ("vertrek", leave(**{**NOORA, "voornaam": "", "achternaam": ""}, werkgever=employer),
         "Vul de voornaam van je nieuwe collega in."),
        ("vertrek", leave(**{**NOORA, "voornaam": "", "achternaam": ""}, werkgever=employer),
         "Vul de achternaam van je nieuwe collega in."),
        ("vertrek", leave(**{**NOORA, "achternaam": "x" * 61}, werkgever=employer),
         "Deze naam is te lang. Gebruik hoogstens 60 tekens."),
        ("vertrek", leave(**NOORA | {"tussenvoegsel": "x" * 61}, werkgever=employer),
         "Deze naam is te lang. Gebruik hoogstens 60 tekens."),
        ("vertrek", leave(**NOORA, werkgever="x"), "Kies een organisatie uit de lijst."),
        ("vertrek", leave(**NOORA, werkgever=employer, telefoon="bel maar"),
         "Vul een telefoonnummer in, zoals 023 123 45 67."),
        ("vertrek", leave(**NOORA, werkgever=employer, telefoon="06 12 34"),
         "Vul een telefoonnummer in, zoals 023 123 45 67."),
        ("vertrek", leave(**NOORA, werkgever=employer, email="noora"),
         "Vul een e-mailadres in zoals naam@school.nl."),
        ("vertrek", leave(**NOORA, werkgever=employer, email="jörg@school.nl"),
         "Vul een e-mailadres in zoals naam@school.nl."),
        ("afwezigheid", {"dag": DAY, "laatste_dag": "2027-01-31", "tekst": "x"},
         "De laatste dag ligt voor de eerste dag. Kies een latere dag."),
        ("afwezigheid", {"dag": "2027-06-02", "tekst": "x"},
         f"{me.name} is in deze tijd al afwezig. Kies andere dagen, of wijzig die afwezigheid."),
        ("contactgegevens", {"dag": DAY, "tekst": "x"} | own,
         "Er verandert nog niets. Vul een nieuw nummer of adres in."),
        ("contactgegevens", {"dag": DAY, "tekst": "x"} | own | {f"gegeven_{phone.id}": ""},
         "Vul een nummer of adres in. Verandert het niet? Laat het staan."),
        ("contactgegevens", {"dag": DAY, "tekst": "x"} | own | {f"gegeven_{mail.id}": LONG},
         "Deze tekst is te lang. Gebruik hoogstens 254 tekens."),
    ]  # fmt: skip
    others: list[tuple[str, Fields, str]] = [
        ("vacature", {**post, "scholen": []}, "Kies ten minste een school."),
        ("vacature", {**post, "scholen": [at, "x"]}, "Kies ten minste een school."),
        ("vacature", {**post, "functie": "x"}, "Kies een functie uit de lijst."),
        ("nieuwe-collega", {**post, **NOORA, "werkgever": ""},
         "Kies bij welke organisatie je nieuwe collega werkt."),
        ("nieuws", {**post, "tekst": " "}, "Schrijf in een paar woorden wat er verandert."),
        ("organisatie", {**post, "tekst": ""}, "Schrijf in een paar woorden wat er verandert."),
        ("nieuws", {**post, "organisatie": "x"}, "Kies een organisatie uit de lijst."),
        ("vacature", post, f"{taken.name} is in deze tijd directeur van"),
        ("nieuwe-collega", {**post, **NOORA, "werkgever": employer},
         f"{taken.name} is in deze tijd al directeur van"),
    ]  # fmt: skip
    for visitor, cases in ((member, about_me), (coordinator, others)):
        for kind, fields, sentence in cases:
            answer = visitor.preview(kind, fields)
            assert answer.status_code == 422, (kind, fields)
            messages = errors(answer.text)
            assert any(text.startswith(sentence) for text in messages), (sentence, messages)
            for text in messages:
                assert text.endswith("."), text
                for name in (me.name, taken.name, school.name):
                    text = text.replace(name, "X")
                assert len(text.split()) <= 15, text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("?verder=ja", "Kies wat er verandert."),
        ("?verder=ja&soort=x", "Kies wat er verandert."),
        ("?verder=ja&soort=vertrek", "Kies over wie het gaat."),
    ],
)
def test_missing_kind_or_person_is_reported(visit: Visit, asked: str, sentence: str) -> None:
    answer = visit("coordinator").client.get(NEW + asked)
    assert answer.status_code == 422
    assert errors(answer.text) == [sentence]


def test_phone_number_is_redisplayed_as_typed(visit: Visit) -> None:
    previewed = visit("member").preview(
        "vertrek", leave(**NOORA, werkgever=str(coach().organisation_id), telefoon="0235113660",
                         email="x")
    )  # fmt: skip
    assert 'value="0235113660"' in previewed.text


def test_changed_contact_details_hold_from_their_first_day(visit: Visit) -> None:
    me, member = coach(), visit("member")
    with connection():
        phone = ContactDetail.get((ContactDetail.person == me) & (ContactDetail.kind == "phone"))
        mail = ContactDetail.get((ContactDetail.person == me) & (ContactDetail.kind == "email"))
    fields = {
        "dag": DAY, "tekst": "Nieuw nummer.", f"gegeven_{phone.id}": "06 87654321",
        f"gegeven_{mail.id}": mail.value,
    }  # fmt: skip
    member.post("contactgegevens", fields)
    assert "06 87 65 43 21" not in member.get(f"/personen/{me.id}?dag=2027-01-31")
    assert "06 87 65 43 21" in member.get(f"/personen/{me.id}?dag={DAY}")
    # A second, later number follows the first one.
    member.post("contactgegevens", {
        **fields, "dag": "2027-03-01", f"gegeven_{phone.id}": "06 22223333"
    })  # fmt: skip
    for day, number in (("2027-02-28", "06 87 65 43 21"), ("2027-03-01", "06 22 22 33 33")):
        assert number in member.get(f"/personen/{me.id}?dag={day}")
    early = member.post("contactgegevens", {
        **fields, "dag": "2027-01-11", f"gegeven_{phone.id}": "06 11112222"
    })  # fmt: skip
    assert "06 11 11 22 22" in member.get(f"/personen/{me.id}?dag=2027-01-31")
    assert "06 11 11 22 22" not in member.get(f"/personen/{me.id}?dag={DAY}")
    assert early


def test_nobody_can_succeed_themselves(visit: Visit) -> None:
    other = colleague(coach())
    answer = visit("coordinator").preview("vertrek", leave(opvolger=str(other.id)), other.id)
    assert errors(answer.text) == ["Kies iemand uit de lijst."]
    assert holder("cjg-coach")


@pytest.mark.parametrize("name", ["voornaam", "achternaam"])
def test_a_colleague_may_have_one_name(visit: Visit, name: str) -> None:
    fields = leave(opvolger="nieuw", werkgever=str(coach().organisation_id), **{name: "Suharto"})
    visitor = visit("member")
    notice = visitor.post("vertrek", fields)
    assert "Suharto" in visitor.get(f"/wijzigingen/{notice}")
    with connection():
        person = Person.get((Person.given_name == "Suharto") | (Person.family_name == "Suharto"))
    assert "<h1>Suharto</h1>" in visitor.get(f"/personen/{person.id}?dag=2027-03-01")
    assert "FN:Suharto" in visitor.get(f"/personen/{person.id}.vcf")


def test_the_schools_show_who_is_there_now_and_are_found_by_a_word(visit: Visit) -> None:
    """Also without a script: by a button that keeps what is filled in."""
    me, coordinator = coach(), visit("coordinator")
    first = posts(me)[0]
    for kind in ("nieuwe-collega", "vacature"):
        fields: Fields = {
            "dag": DAY, "functie": str(role("cjg-coach").id), "zoek": me.name,
            "scholen": ["16LF00"], "stap": "zoeken",
        }  # fmt: skip
        page = coordinator.client.submit(f"{NEW}?soort={kind}", fields)
        assert page.status_code == 200
        found = page.text.partition('id="schoolkeuze"')[2].partition("</fieldset>")[0]
        assert f"{me.name}</small>" in found
        assert found.count('type="checkbox"') == len(posts(me)) + 1  # and what was ticked
        assert 'value="16LF00" checked' in found
        assert f'value="{DAY}"' in page.text
        for word in ("qqqq", first.school.name.upper()):
            page = coordinator.client.submit(f"{NEW}?soort={kind}", fields | {"zoek": word})
            there = f'id="school-{first.school_id}"' in page.text
            assert there == (word != "qqqq")


def test_the_person_who_is_chosen_is_the_one_who_begins(visit: Visit) -> None:
    page = visit("coordinator").ask("nieuwe-collega", coach().id)
    successors = page.partition('name="opvolger"')[2].partition("</select>")[0]
    assert f'<option selected value="{coach().id}">' in successors
