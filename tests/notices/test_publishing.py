"""Posting a notice: said once, told to those concerned, and known to the finder from its day on."""

import re
import threading
from datetime import date, timedelta

from flask import Flask

from portal.accounts.models import Account, PendingForm
from portal.database import connection, db
from portal.directory.models import Assignment, ContactDetail, Person, School, Vacancy
from portal.mail.models import OutgoingMail
from portal.notices.models import Notice, Recipient
from tests.checks import texts
from tests.conftest import CheckedClient
from tests.notices.conftest import (
    FEBRUARY,
    JANUARY,
    Visit,
    Visitor,
    address,
    coach,
    colleague,
    errors,
    everything,
    hidden,
    leave,
    make_account,
    on,
    posts,
    role,
)

BSN = "111222333"
NOORA = {"opvolger": "nieuw", "voornaam": "Noora", "achternaam": "Nieuweling"}


def school_page(visitor: Visitor, school: str, day: date) -> str:
    with connection():
        slug = School.get_by_id(school).slug
    return visitor.get(f"/scholen/{slug}?dag={day}")


def team(visitor: Visitor, school: str, day: date) -> str:
    """What the cards of a school say."""
    return " ".join(texts(school_page(visitor, school, day), "card"))


def test_posted_on_10_january_it_holds_from_1_february_and_no_job_runs(visit: Visit) -> None:
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
        card = next(c for c in texts(page, "card") if new.name in c)
        assert "Sinds 1 februari 2027" in card
        assert f'href="/wijzigingen/{notice}"' in page


def test_nothing_is_kept_of_a_preview(visit: Visit) -> None:
    before = everything()
    looked = visit("member").look("vertrek", {**leave(), **NOORA, "werkgever": "1"})
    assert "Klopt het zo?" in looked.text
    with connection():
        assert not Notice.select().exists()
        assert not OutgoingMail.select().exists()
        assert not Person.select().where(Person.given_name == "Noora").exists()
    assert everything() == before


def test_the_preview_shows_today_beside_the_day_and_whom_it_reaches(visit: Visit) -> None:
    old = coach()
    looked = visit("member").look("vertrek", leave(opvolger=str(colleague(old).id)))
    assert "Vanaf 1 februari 2027" in looked.text
    number = len({post.school_id for post in posts(old)})
    assert f"<strong>{number} scholen, " in looked.text
    assert old.name in looked.text
    assert colleague(old).name in looked.text


def test_somebody_new_is_shown_among_who_hear_of_it_and_with_their_number(visit: Visit) -> None:
    member = visit("member")
    new = NOORA | {"telefoon": "023 511 36 60", "email": "n@cjg.example"}
    looked = member.look("vertrek", leave(**new, werkgever=str(coach().organisation_id)))
    told = int(re.search(r"scholen, (\d+) mensen", looked.text)[1])
    assert "<li>Noora Nieuweling (" in looked.text
    number = "023 511 36 60".replace(" ", "\N{NO-BREAK SPACE}")
    assert f"<strong>Noora Nieuweling, {number} (nog te bevestigen)</strong>" in looked.text
    member.place("vertrek", looked)
    with connection():
        assert Recipient.select().count() == told
        assert f"Noora Nieuweling, {number}" in OutgoingMail.select().get().body


def test_what_is_not_posted_yet_is_not_left_by_a_link(visit: Visit) -> None:
    looked = visit("member").look("vertrek", leave())
    assert "/scholen/" not in looked.text.split("Wat verandert er?")[1]


def test_several_who_follow_are_named_together(visit: Visit) -> None:
    old, member = coach(), visit("coordinator")
    first, second, *_ = posts(old)
    with connection():
        others = list(
            Person.select().where(
                (Person.organisation == old.organisation_id) & (Person.id != old.id)
            ).order_by(Person.id).limit(2)
        )  # fmt: skip
    per_school = {f"plek_{first.id}": str(others[0].id), f"plek_{second.id}": str(others[1].id)}
    looked = member.look("vertrek", leave(**per_school), old.id)
    names = " en ".join(other.name for other in others)
    assert f"<h2>{old.name} vertrekt, {names} volgen op</h2>" in looked.text


def test_who_has_no_address_is_to_be_called(visit: Visit) -> None:
    old = coach()
    with connection():
        partner = Assignment.get(
            (Assignment.school == posts(old)[0].school_id) & (Assignment.person != old)
        ).person
        ContactDetail.delete().where(
            (ContactDetail.person == partner) & (ContactDetail.kind == "email")
        ).execute()
    member = visit("member")
    looked = member.look("vertrek", leave())
    assert "Bel deze persoon:" in looked.text
    notice = int(
        member.place("vertrek", looked).headers["Location"].split("/")[-1].partition("?")[0]
    )
    assert f"Bel deze persoon:</strong> {partner.name}" in member.get(f"/wijzigingen/{notice}")
    with connection():
        row = Recipient.get(Recipient.person == partner)
        assert (row.email, row.mailed) == ("", False)


def test_a_leaver_says_per_school_who_follows(visit: Visit) -> None:
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
        still = Assignment.select().where(
            (Assignment.person == old) & Assignment.valid_until.is_null()
        )
        assert not still.exists()
    assert team(member, first.school_id, FEBRUARY).count(new.name)


def test_a_leaver_without_a_post_has_nothing_to_hand_over(visit: Visit) -> None:
    with connection():
        person = Person.create(organisation=1, given_name="Zonder", family_name="Plek")
    visitor = visit(make_account(person=person))
    assert "heeft nu geen plek in een kernteam" in visitor.ask("vertrek")
    answer = visitor.look("vertrek", leave())
    assert answer.status_code == 422
    assert "geen plek over te dragen" in errors(answer.text)[0]


def test_a_post_that_begins_later_is_handed_over_from_its_own_day(visit: Visit) -> None:
    old, may = coach(), date(2027, 5, 1)
    new = colleague(old)
    with connection():
        other = School.select().where(School.code.not_in([p.school_id for p in posts(old)])).get()
        Assignment.delete().where(Assignment.school == other).execute()
        Assignment.create(
            person=old, role=role("cjg-coach"), school=other, valid_from=may, source="x",
            checked_on=may,
        )  # fmt: skip
    member = visit("member")
    notice = member.post("vertrek", leave(opvolger=str(new.id)))
    assert new.name not in team(member, other.code, may - timedelta(days=1))
    assert new.name in team(member, other.code, may)
    assert other.name in member.get(f"/wijzigingen/{notice}")


def test_an_arrival_fills_a_vacancy(visit: Visit) -> None:
    coordinator = visit("coordinator")
    at, coach_role = posts(coach())[0].school_id, str(role("cjg-coach").id)
    with connection():
        Assignment.delete().where(
            (Assignment.school == at) & (Assignment.role == coach_role)
        ).execute()
    coordinator.post("vacature", {
        "dag": "2027-01-11", "functie": coach_role, "scholen": [at], "tekst": "Nog niemand."
    })  # fmt: skip
    before = everything()
    assert "vacature" in team(coordinator, at, FEBRUARY).lower()
    notice = coordinator.post("nieuwe-collega", {
        **NOORA, "werkgever": "1", "functie": coach_role, "scholen": [at],
        "dag": FEBRUARY.isoformat(), "tekst": "Noora begint.",
    })  # fmt: skip
    with connection():
        (vacancy,) = Vacancy.select().where(Vacancy.valid_from == date(2027, 1, 11))
        assert vacancy.valid_until == FEBRUARY
    assert "/personen/" in coordinator.get("/?q=nieuweling").partition("<main")[2]
    assert coordinator.press(notice, "intrekken").status_code == 302
    assert everything() == before
    assert "/personen/" not in coordinator.get("/?q=noora+nieuweling").partition("<main")[2]


def test_the_same_form_sent_ten_times_at_once_is_one_notice_and_one_mail_each(
    portal_copy: Flask, visit: Visit
) -> None:
    looked = visit("member").look("vertrek", leave())
    filled = {**hidden(looked.text), "stap": "plaatsen"}
    visitors = [visit("member") for _ in range(10)]
    tokens = [visitor.client.token() for visitor in visitors]
    found: list[str] = []

    def press(visitor: Visitor, token: str) -> None:
        answer = visitor.client.post(address("vertrek"), data={**filled, "csrf_token": token})
        found.append(f"{answer.status_code} {answer.headers.get('Location')}")
        db.close()

    threads = [
        threading.Thread(target=press, args=pair) for pair in zip(visitors, tokens, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 10
    assert set(found) == {"302 /wijzigingen/1?gedaan=geplaatst"}
    with connection():
        assert Notice.select().count() == 1
        assert OutgoingMail.select().count() == Recipient.select().count() > 10


def test_the_key_of_a_form_counts_for_who_filled_it_in(visit: Visit) -> None:
    """Whatever key somebody sends, nobody else notices."""
    member = visit("member")
    for number, key in enumerate(("preview", "dezelfde", "dezelfde")):
        visitor = visit("member") if number < 2 else visit("editor")
        looked = visitor.look("nieuws" if number == 2 else "contactgegevens", {
            "dag": FEBRUARY.isoformat(), "tekst": "x", "extra_telefoon": "0612345999",
            "organisatie": str(coach().organisation_id), "sleutel": key,
        })  # fmt: skip
        assert visitor.place(
            "nieuws" if number == 2 else "contactgegevens", looked
        ).status_code == 302  # fmt: skip
    with connection():
        assert Notice.select().count() == 3
    assert member.look("vertrek", leave()).status_code == 200


def test_two_who_look_at_the_same_post_do_not_overwrite_each_other(visit: Visit) -> None:
    old = coach()
    first, *_ = posts(old)
    member, editor = visit("member"), visit("editor")
    ours = {"tekst": "Van de coach zelf.", f"plek_{first.id}": str(colleague(old).id)}
    mine = member.look("vertrek", leave(**ours))
    theirs = editor.look(
        "opvolging",
        {"dag": "2027-01-15", "opvolger": str(colleague(old).id), "tekst": "Van het CJG.",
         **{f"plek_{post.id}": "blijft" for post in posts(old)[1:]}},
        old.id,
    )  # fmt: skip
    assert editor.place("opvolging", theirs, old.id).status_code == 302
    again = member.place("vertrek", mine)
    assert again.status_code == 409
    assert "Iemand anders heeft dit net gewijzigd" in again.text
    assert "Van de coach zelf." in again.text
    assert f'name="plek_{first.id}" value="{colleague(old).id}"' in again.text
    assert member.place("vertrek", again).status_code == 302


def test_when_two_report_the_same_the_second_hears_that_somebody_did(visit: Visit) -> None:
    member, editor = visit("member"), visit("editor")
    mine = member.look("vertrek", leave(tekst="Van mij."))
    theirs = editor.look("vertrek", leave(tekst="Van het CJG."), coach().id)
    assert editor.place("vertrek", theirs, coach().id).status_code == 302
    again = member.place("vertrek", mine)
    assert again.status_code == 422
    assert errors(again.text) == [
        "Iemand anders heeft hier net iets over gemeld. Kijk bij “Wijzigingen”."
    ]
    assert "Van mij." in again.text
    forged = member.place("vertrek", mine, gezien="x:y:z assignment:9 niets:1:1")
    assert forged.status_code == 422


def test_nothing_of_a_burgerservicenummer_stays(portal_copy: Flask, visit: Visit) -> None:
    member = visit("member")
    form = leave(tekst=f"Nummer {BSN} hoort bij Tim.", nagekeken="y")
    answer = member.look("vertrek", form)
    assert answer.status_code == 422
    assert errors(answer.text) == ["Dit lijkt een burgerservicenummer. Haal het weg."]
    assert BSN in answer.text  # what was typed is still there for who typed it
    answer = member.client.submit(address("vertrek"), {**form, "stap": "plaatsen"})
    assert answer.status_code == 422
    # Also not where a name or an address is asked.
    for field in ("voornaam", "achternaam", "email"):
        new = {
            **NOORA,
            "werkgever": "1",
            field: f"{BSN}@x.example" if field == "email" else BSN,
        }
        assert "Dit lijkt een burgerservicenummer. Haal het weg." in errors(
            member.look("vertrek", leave(**new)).text
        )
    # Nor of who was no longer signed in.
    stranger = CheckedClient(portal_copy, portal_copy.response_class)
    kept = stranger.post(
        f"{address('vertrek')}&x={BSN}", data={**form, "csrf_token": stranger.token()}
    )
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


def test_a_doubtful_text_asks_for_a_tick_and_passes_with_it(visit: Visit) -> None:
    member = visit("member")
    form = leave(tekst="Tim uit groep 7 is weer geschorst, zijn moeder belt.")
    answer = member.look("vertrek", form)
    assert answer.status_code == 422
    assert 'name="nagekeken"' in answer.text
    member.post("vertrek", {**form, "nagekeken": "y"})


def test_a_notice_of_who_was_no_longer_signed_in_is_posted_afterwards(
    portal_copy: Flask, visit: Visit
) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    form = leave(**NOORA, werkgever="1", stap="controleren", sleutel="s")
    client.post(address("vertrek"), data={**form, "csrf_token": client.token()})
    resumed = client.get(client.submit("/inloggen/demo/member").headers["Location"]).text
    assert "Noora" in resumed
    action = resumed.partition('<form action="/wijzigingen')[2].partition('"')[0]
    looked = client.post("/wijzigingen" + action.replace("&amp;", "&"), data=hidden(resumed))
    assert "Klopt het zo?" in looked.text
    assert "Noora Nieuweling" in looked.text


def test_names_are_shown_as_they_are(visit: Visit) -> None:
    name = {"voornaam": "O'Brien <b>", "achternaam": '"X" & Zoon'}
    member = visit("member")
    notice = member.post("vertrek", leave(**{**NOORA, **name, "werkgever": "1"}))
    page = member.get(f"/wijzigingen/{notice}")
    assert "<b>" not in page
    assert "O&#39;Brien &lt;b&gt;" in page
    with connection():
        mail = OutgoingMail.get(OutgoingMail.key.startswith(f"notice:{notice}:"))
        assert 'O\'Brien <b> "X" & Zoon' in mail.body


def test_somebody_in_two_roles_at_a_school_hands_both_over_and_is_told_once(visit: Visit) -> None:
    old = coach()
    at = posts(old)[0].school_id
    with connection():
        Assignment.create(
            person=old,
            role=role("schoolcoach"),
            school=at,
            valid_from=date(2026, 1, 1),
            source="x",
            checked_on=date(2026, 1, 1),
        )
        school = School.get_by_id(at)  # fmt: skip
    visitor = visit("coordinator")
    looked = visitor.look("vertrek", leave(opvolger=str(colleague(old).id)), old.id)
    assert looked.text.count(f">{old.name}</td>") == len(posts(old)), errors(looked.text)
    assert f'>{school.name}</th><td data-label="Functie">CJG-coach' in looked.text
    visitor.place("vertrek", looked, old.id)
    with connection():
        people = [row.person_id for row in Recipient.select()]
    assert len(people) == len(set(people))
    assert people.count(old.id) == 1


def test_a_closed_school_is_not_handed_over(visit: Visit) -> None:
    first, *_ = posts(coach())
    with connection():
        School.update(closed_on=date(2026, 8, 1)).where(School.code == first.school_id).execute()
    member = visit("member")
    assert f"plek_{first.id}" not in member.ask("vertrek")
    member.post("vertrek", leave(opvolger=str(colleague(coach()).id)))
    with connection():
        assert Assignment.get_by_id(first.id).valid_until is None


def test_an_organisation_without_a_person_for_the_account_can_post(visit: Visit) -> None:
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


def test_news_of_the_region_reaches_every_kernteam(visit: Visit) -> None:
    coordinator = visit("coordinator")
    coordinator.post(
        "nieuws", {"organisatie": "regio", "dag": "2026-11-23", "tekst": "Nieuw Routeboek."}
    )
    with connection():
        members = {
            a.person_id
            for a in Assignment.select().where(
                (Assignment.valid_from <= date(2026, 11, 23))
                & (
                    Assignment.valid_until.is_null()
                    | (Assignment.valid_until >= date(2026, 11, 23))
                )
            )
        }
        told = {row.person_id for row in Recipient.select()}
        assert members <= told
        assert len(told) > 300
