"""Publishing: preview, mail and effect on the finder; concurrency; data that must not be stored."""

import re
import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from peewee import fn

from portal import clock
from portal.accounts.models import Account, PendingForm
from portal.database import connection, db
from portal.directory.models import Assignment, ContactDetail, Person, School, Vacancy
from portal.mail.models import OutgoingMail
from portal.notices.models import Notice, Recipient
from portal.web.form_keys import FIELD
from tests.checks import extract, texts
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.factories import coach, colleague, directory_rows, make_account, make_assignment, make_person, posts, role
from tests.notices.conftest import FEBRUARY, JANUARY, Visit, Visitor, address, errors, hidden, leave, on

BSN = "111222333"
NOORA = {"opvolger": "nieuw", "voornaam": "Noora", "achternaam": "Nieuweling"}


def school_page(visitor: Visitor, school: str, day: date) -> str:
    with connection():
        slug = School.get_by_id(school).slug
    return visitor.get(f"/scholen/{slug}?dag={day}")


def team(visitor: Visitor, school: str, day: date) -> str:
    """The names on the page of a school, without those of later days."""
    return " ".join(texts(school_page(visitor, school, day), "contact-name"))


def test_notice_holds_from_its_first_day_without_a_job(visit: Visit) -> None:
    old = coach()
    new, at = colleague(old), posts(old)[0].school_id
    with on(JANUARY):
        member = visit("member")
        notice = member.post("vertrek", leave(opvolger=str(new.id)))
        assert new.name in member.get(f"/wijzigingen/{notice}")
    for day, there, gone in (
        (JANUARY, old, new),
        (date(2027, 1, 31), old, new),
        (FEBRUARY, new, old),
        (date(2027, 6, 1), new, old),
    ):
        with on(day):
            reader = visit("reader")
            assert there.name in team(reader, at, day), day
            assert gone.name not in team(reader, at, day), day
    with on(JANUARY):
        reader = visit("reader")
        page = school_page(reader, at, JANUARY)
        assert f"{new.name} volgt {old.name} op als CJG-coach." in page
        assert f'href="/wijzigingen/{notice}"' in page
    with on(FEBRUARY):
        page = school_page(visit("reader"), at, FEBRUARY)
        card = next(c for c in texts(page, "contact") if new.name in c)
        assert "Sinds 1 februari 2027" in card
        assert f'href="/wijzigingen/{notice}"' in page


def test_preview_keeps_nothing(visit: Visit) -> None:
    before = directory_rows()
    previewed = visit("member").preview("vertrek", {**leave(), **NOORA, "werkgever": "1"})
    assert "Klopt het zo?" in previewed.text
    with connection():
        assert not Notice.select().exists()
        assert not OutgoingMail.select().exists()
        assert not Person.select().where(Person.given_name == "Noora").exists()
    assert directory_rows() == before


def test_preview_shows_the_difference_and_the_audience(visit: Visit) -> None:
    old = coach()
    previewed = visit("member").preview("vertrek", leave(opvolger=str(colleague(old).id)))
    assert "Vanaf 1 februari 2027" in previewed.text
    number = len({post.school_id for post in posts(old)})
    assert f"<strong>{number} scholen, " in previewed.text
    assert old.name in previewed.text
    assert colleague(old).name in previewed.text


def test_new_person_is_in_the_audience_and_shown_with_number(visit: Visit) -> None:
    member = visit("member")
    new = NOORA | {"telefoon": "023 511 36 60", "email": "n@cjg.example"}
    previewed = member.preview("vertrek", leave(**new, werkgever=str(coach().organisation_id)))
    reached = int(extract(r"scholen, (\d+) mensen", previewed.text))
    assert "<li>Noora Nieuweling (" in previewed.text
    number = "023 511 36 60".replace(" ", "\N{NO-BREAK SPACE}")
    link = f'<a class="phone-link" href="tel:+31235113660">{number}</a>'
    assert f"<strong>Noora Nieuweling, {link} (nog te bevestigen)</strong>" in previewed.text
    member.publish("vertrek", previewed)
    with connection():
        assert Recipient.select().count() == reached
        assert f"Noora Nieuweling, {number}" in OutgoingMail.select().get().body


def test_preview_has_no_links_to_schools(visit: Visit) -> None:
    previewed = visit("member").preview("vertrek", leave())
    assert "/scholen/" not in previewed.text.split("Wat verandert er?")[1]


def test_title_names_several_successors(visit: Visit) -> None:
    old, member = coach(), visit("coordinator")
    first, second, *_ = posts(old)
    with connection():
        others = list(
            Person.select().where(
                (Person.organisation == old.organisation_id) & (Person.id != old.id)
            ).order_by(Person.id).limit(2)
        )  # fmt: skip
    per_school = {f"plek_{first.id}": str(others[0].id), f"plek_{second.id}": str(others[1].id)}
    previewed = member.preview("vertrek", leave(**per_school), old.id)
    rest = len(posts(old)) - 2
    assert (
        f"<h2>{old.name} vertrekt; 1 school krijgt {others[0].name}, 1 krijgt {others[1].name}, "
        f"{rest} krijgen nog niemand</h2>"
    ) in previewed.text


@pytest.mark.parametrize("has_left", [False, True])
def test_person_without_address_is_listed_to_call(visit: Visit, has_left: bool) -> None:
    """Also who has one, whose account has ended."""
    old = coach()
    with connection():
        partner = Assignment.get((Assignment.school == posts(old)[0].school_id) & (Assignment.person != old)).person
        address = (ContactDetail.person == partner) & (ContactDetail.kind == "email")
        if has_left:
            Account.create(
                email=ContactDetail.get(address).value.lower(), name="x", role="member",
                created_at=clock.now(), active_until=TODAY,
            )  # fmt: skip
            ContactDetail.update(value=fn.UPPER(ContactDetail.value)).where(address).execute()
        else:
            ContactDetail.delete().where(address).execute()
    member = visit("member")
    previewed = member.preview("vertrek", leave())
    assert "Bel deze persoon:" in previewed.text
    notice = int(member.publish("vertrek", previewed).headers["Location"].split("/")[-1].partition("?")[0])
    assert f"Bel deze persoon:</strong> {partner.name}" in member.get(f"/wijzigingen/{notice}")
    with connection():
        row = Recipient.get(Recipient.person == partner)
        assert (row.email, row.mailed) == ("", False)


def test_departure_names_a_successor_per_school(visit: Visit) -> None:
    old = coach()
    first, second, third, *_ = posts(old)
    new = colleague(old)
    member = visit("member")
    page = member.ask("vertrek")
    assert all(f'name="plek_{post.id}"' in page for post in posts(old))
    member.post("vertrek", leave(**{
        f"plek_{first.id}": str(new.id), f"plek_{second.id}": "vacature",
        f"plek_{third.id}": "onbekend",
    }))  # fmt: skip
    with connection():
        assert Notice.select().count() == 1
        assert [
            a.school_id for a in Assignment.select().where(
                (Assignment.person == new) & (Assignment.valid_from == FEBRUARY))
        ] == [first.school_id]  # fmt: skip
        (vacancy,) = Vacancy.select().where(Vacancy.valid_from == FEBRUARY)
        assert vacancy.school_id == second.school_id
        still = Assignment.select().where((Assignment.person == old) & Assignment.valid_until.is_null())
        assert not still.exists()
    assert team(member, first.school_id, FEBRUARY).count(new.name)


def test_departure_needs_a_post(visit: Visit) -> None:
    visitor = visit(make_account(person=make_person("Zonder", "Plek")))
    assert "heeft nu geen plek in een kernteam" in visitor.ask("vertrek")
    answer = visitor.preview("vertrek", leave())
    assert answer.status_code == 422
    assert "geen plek over te dragen" in errors(answer.text)[0]


def test_future_post_is_handed_over_from_its_first_day(visit: Visit) -> None:
    old, may = coach(), date(2027, 5, 1)
    new = colleague(old)
    with connection():
        other = School.select().where(School.code.not_in([p.school_id for p in posts(old)])).get()
        Assignment.delete().where(Assignment.school == other).execute()
        make_assignment(old, "cjg-coach", other.code, may)
    member = visit("member")
    notice = member.post("vertrek", leave(opvolger=str(new.id)))
    assert new.name not in team(member, other.code, may - timedelta(days=1))
    assert new.name in team(member, other.code, may)
    assert other.name in member.get(f"/wijzigingen/{notice}")


def test_arrival_ends_the_vacancy(visit: Visit) -> None:
    coordinator = visit("coordinator")
    at, coach_role = posts(coach())[0].school_id, str(role("cjg-coach").id)
    with connection():
        Assignment.delete().where((Assignment.school == at) & (Assignment.role == coach_role)).execute()
    coordinator.post("vacature", {
        "dag": "2027-01-11", "functie": coach_role, "scholen": [at], "tekst": "Nog niemand."
    })  # fmt: skip
    before = directory_rows()
    assert "Vacature" in school_page(coordinator, at, FEBRUARY)
    notice = coordinator.post("nieuwe-collega", {
        **NOORA, "werkgever": "1", "functie": coach_role, "scholen": [at],
        "dag": FEBRUARY.isoformat(), "tekst": "Noora begint.",
    })  # fmt: skip
    with connection():
        (vacancy,) = Vacancy.select().where(Vacancy.valid_from == date(2027, 1, 11))
        assert vacancy.valid_until == FEBRUARY
    assert "/personen/" in coordinator.get("/?q=nieuweling").partition("<main")[2]
    assert coordinator.press(notice, "intrekken").status_code == 302
    assert directory_rows() == before
    assert "/personen/" not in coordinator.get("/?q=noora+nieuweling").partition("<main")[2]


def test_form_sent_ten_times_at_once_is_published_once(portal_copy: Flask, visit: Visit) -> None:
    previewed = visit("member").preview("vertrek", leave())
    filled = {**hidden(previewed.text), "stap": "plaatsen"}
    visitors = [visit("member") for _ in range(10)]
    tokens = [visitor.client.token() for visitor in visitors]
    outcomes: list[str] = []

    def press(visitor: Visitor, token: str) -> None:
        answer = visitor.client.post(address("vertrek"), data={**filled, "csrf_token": token})
        outcomes.append(f"{answer.status_code} {answer.headers.get('Location')}")
        db.close()

    threads = [threading.Thread(target=press, args=pair) for pair in zip(visitors, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 10
    with connection():
        assert Notice.select().count() == 1
        assert set(outcomes) == {f"302 /wijzigingen/{Notice.get().id}?gedaan=geplaatst"}
        assert OutgoingMail.select().count() == Recipient.select().count() > 10


def test_the_same_form_is_published_once_and_another_text_or_account_again(visit: Visit) -> None:
    """The Back button may bring back a form with the key that it had."""
    numbers: list[str] = []
    with connection():  # few hear of it
        Assignment.delete().where(Assignment.school.not_in([post.school_id for post in posts(coach())])).execute()
    for who, text in (("editor", "Een."), ("editor", "Een."), ("editor", "Twee."),
                      ("coordinator", "Een.")):  # fmt: skip
        visitor = visit(who)
        fields = {"dag": FEBRUARY.isoformat(), "organisatie": str(coach().organisation_id)}
        previewed = visitor.preview("nieuws", {**fields, "tekst": text})
        published = visitor.publish("nieuws", previewed, None, **{FIELD: "dezelfde"})
        numbers.append(published.headers["Location"].partition("?")[0].rpartition("/")[2])
    first, again, *others = numbers
    assert first == again
    assert len({first, *others}) == 3


def test_outdated_preview_is_shown_again_with_the_answers(visit: Visit) -> None:
    old = coach()
    first, *_ = posts(old)
    member, editor = visit("member"), visit("editor")
    ours = {"tekst": "Van de coach zelf.", f"plek_{first.id}": str(colleague(old).id)}
    mine = member.preview("vertrek", leave(**ours))
    theirs = editor.preview(
        "opvolging",
        {"dag": "2027-01-15", "opvolger": str(colleague(old).id), "tekst": "Van het CJG.",
         **{f"plek_{post.id}": "blijft" for post in posts(old)[1:]}},
        old.id,
    )  # fmt: skip
    assert editor.publish("opvolging", theirs, old.id).status_code == 302
    again = member.publish("vertrek", mine)
    assert again.status_code == 409
    assert "Iemand anders heeft dit net gewijzigd" in again.text
    assert "Van de coach zelf." in again.text
    assert f'name="plek_{first.id}" value="{colleague(old).id}"' in again.text
    assert member.publish("vertrek", again).status_code == 302


def test_second_report_of_the_same_change_is_refused(visit: Visit) -> None:
    member, editor = visit("member"), visit("editor")
    mine = member.preview("vertrek", leave(tekst="Van mij."))
    theirs = editor.preview("vertrek", leave(tekst="Van het CJG."), coach().id)
    assert editor.publish("vertrek", theirs, coach().id).status_code == 302
    again = member.publish("vertrek", mine)
    assert again.status_code == 422
    assert errors(again.text) == ["Iemand anders heeft hier net iets over gemeld. Kijk bij “Wijzigingen”."]
    assert "Van mij." in again.text
    forged = member.publish("vertrek", mine, gezien="x:y:z assignment:9 niets:1:1")
    assert forged.status_code == 422


@pytest.mark.sqlite("searches the files for deleted text")
def test_bsn_is_stored_nowhere(portal_copy: Flask, visit: Visit) -> None:
    member = visit("member")
    form = leave(tekst=f"Nummer {BSN} hoort bij Tim.", nagekeken="y")
    answer = member.preview("vertrek", form)
    assert answer.status_code == 422
    assert errors(answer.text) == ["Dit lijkt een burgerservicenummer. Haal het weg."]
    assert BSN in answer.text  # the form keeps the text for its author
    answer = member.client.submit(address("vertrek"), {**form, "stap": "plaatsen"})
    assert answer.status_code == 422
    # Short fields are checked as well.
    for field in ("voornaam", "achternaam", "email"):
        new = {**NOORA, "werkgever": "1", field: f"{BSN}@x.example" if field == "email" else BSN}
        assert "Dit lijkt een burgerservicenummer. Haal het weg." in errors(
            member.preview("vertrek", leave(**new)).text
        )
    # The form of an expired session is kept without the number.
    stranger = CheckedClient(portal_copy, portal_copy.response_class)
    kept = stranger.post(f"{address('vertrek')}&x={BSN}", data={**form, "csrf_token": stranger.token()})
    assert kept.status_code == 302
    with connection():
        assert "[weggehaald]" in PendingForm.get().fields
        db.execute_sql("PRAGMA wal_checkpoint")
        assert not Notice.select().exists()
        assert not OutgoingMail.select().exists()
    folder = portal_copy.config["KERNWIJZER"].database.parent
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 2
    for path in files:
        assert BSN.encode() not in path.read_bytes(), path.name


def test_doubtful_text_passes_with_a_tick(visit: Visit) -> None:
    member = visit("member")
    form = leave(tekst="Tim uit groep 7 is weer geschorst, zijn moeder belt.")
    answer = member.preview("vertrek", form)
    assert answer.status_code == 422
    assert 'name="nagekeken"' in answer.text
    member.post("vertrek", {**form, "nagekeken": "y"})


def test_form_of_an_expired_session_is_published_after_sign_in(portal_copy: Flask, visit: Visit) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    form = leave(**NOORA, werkgever="1", stap="controleren")
    client.post(address("vertrek"), data={**form, "csrf_token": client.token()})
    resumed = client.get(client.submit("/inloggen/demo/member").headers["Location"]).text
    assert "Noora" in resumed
    action = resumed.partition('<form action="/wijzigingen')[2].partition('"')[0]
    previewed = client.post("/wijzigingen" + action.replace("&amp;", "&"), data=hidden(resumed))
    assert "Klopt het zo?" in previewed.text
    assert "Noora Nieuweling" in previewed.text


def test_names_are_escaped_in_pages_and_plain_in_mail(visit: Visit) -> None:
    name = {"voornaam": "O'Brien <b>", "achternaam": '"X" & Zoon'}
    member = visit("member")
    notice = member.post("vertrek", leave(**{**NOORA, **name, "werkgever": "1"}), mails=True)
    page = member.get(f"/wijzigingen/{notice}")
    assert "<b>" not in page
    assert "O&#39;Brien &lt;b&gt;" in page
    with connection():
        mail = OutgoingMail.get(OutgoingMail.key.startswith(f"notice:{notice}:"))
        assert 'O\'Brien <b> "X" & Zoon' in mail.body


def test_two_roles_at_one_school_are_handed_over_and_mailed_once(visit: Visit) -> None:
    old = coach()
    at = posts(old)[0].school_id
    with connection():
        make_assignment(old, "schoolcoach", at, date(2026, 1, 1))
        school = School.get_by_id(at)
    visitor = visit("coordinator")
    previewed = visitor.preview("vertrek", leave(opvolger=str(colleague(old).id)), old.id)
    # One row per role, with all its schools.
    assert previewed.text.count(f">{old.name}</td>") == 2, errors(previewed.text)
    rows = re.findall('<th scope="row">(.*?)</th>', previewed.text)
    assert [school.name in row for row in rows] == [True, True]
    visitor.publish("vertrek", previewed, old.id)
    with connection():
        people = [row.person_id for row in Recipient.select()]
    assert len(people) == len(set(people))
    assert people.count(old.id) == 1


def test_closed_school_is_not_handed_over(visit: Visit) -> None:
    first, *_ = posts(coach())
    with connection():
        School.update(closed_on=date(2026, 8, 1)).where(School.code == first.school_id).execute()
    member = visit("member")
    assert f"plek_{first.id}" not in member.ask("vertrek")
    member.post("vertrek", leave(opvolger=str(colleague(coach()).id)))
    with connection():
        assert Assignment.get_by_id(first.id).valid_until is None


def test_editor_without_person_can_post(visit: Visit) -> None:
    editor = visit("editor")
    notice = editor.post("nieuws", {
        "organisatie": str(coach().organisation_id), "dag": FEBRUARY.isoformat(),
        "tekst": "We verhuizen.",
    })  # fmt: skip
    with connection():
        assert Recipient.select().where(Recipient.person == coach()).exists()
        assert Notice.get_by_id(notice).organisation_id == coach().organisation_id
        editor_account = Account.get(Account.role == "editor")
        assert editor_account.person_id is None


def test_regional_news_reaches_every_kernteam(visit: Visit) -> None:
    coordinator = visit("coordinator")
    coordinator.post("nieuws", {"organisatie": "regio", "dag": "2026-11-23", "tekst": "Nieuw Routeboek."})
    with connection():
        members = {
            a.person_id
            for a in Assignment.select().where(
                (Assignment.valid_from <= date(2026, 11, 23))
                & (Assignment.valid_until.is_null() | (Assignment.valid_until >= date(2026, 11, 23)))
            )
        }
        reached = {row.person_id for row in Recipient.select()}
        assert members <= reached
        assert len(reached) > 300
