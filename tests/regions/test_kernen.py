"""Kernen: whom to call for a kern, and posts at a kern as those at a school."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from peewee import IntegrityError

from portal.accounts.models import Account
from portal.database import connection, db
from portal.database.validity import valid_on
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.merged_people import merge
from portal.directory.models import Assignment, KernMembership, Person, Role, Vacancy
from portal.imports.apply import apply_import, list_differences
from portal.imports.difference import Kind, fingerprint
from portal.imports.directory_snapshot import load_snapshot
from portal.imports.interpreter import interpret
from portal.imports.models import Coverage, Import
from portal.imports.reading_now_or_later import Answers, make_import, open_as_read, open_import, read
from portal.notices.models import NoticeSchool, Recipient
from portal.quality.models import Call, Report
from portal.quality.own_facts import list_facts
from portal.region import read_region
from portal.seeding.export import export_region
from portal.seeding.region_directory import load_directory
from portal.web.formatting import day
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.editing.conftest import save
from tests.editing.test_division import Divider
from tests.finder.test_vcard import find_card, read_cards
from tests.imports.files import make_file_import
from tests.imports.test_interpreter import list_posts, make_table
from tests.notices.conftest import Visitor
from tests.vcard import values

KERN, SCHOOL = "kern-plassendam", "98AA00"
AUGUST, NEXT_AUGUST = date(2026, 8, 1), date(2027, 8, 1)


@pytest.mark.parametrize("at", [{}, {"school": SCHOOL, "kern": KERN}])
@pytest.mark.parametrize("model", [Assignment, Vacancy])
def test_a_post_is_at_one_school_or_kern(merenland: Flask, model: Any, at: dict[str, str]) -> None:
    values = {"role": Role.get(), "valid_from": AUGUST, "source": "test", **at}
    if model is Assignment:
        values["person"] = Person.get()
    with connection(), pytest.raises(IntegrityError), db.atomic():
        model.create(**values)


def test_a_school_is_in_one_kern_per_day(merenland: Flask) -> None:
    with connection():
        for day, kern in ((AUGUST, "kern-waterburen"), (NEXT_AUGUST, "kern-plassendam")):
            (row,) = KernMembership.select().where((KernMembership.school == "98BB00") & valid_on(KernMembership, day))
            assert row.kern_id == kern


def arjan() -> tuple[int, int]:
    """The person (id) who works for Kern Plassendam, and their post (id)."""
    with connection():
        post = Assignment.get(Assignment.kern == KERN)
        return post.person_id, post.id


def name_of(person: int) -> str:
    with connection():
        return str(Person.get_by_id(person).name)


def row_of(page: str) -> str:
    """The row of the kernondersteuner on a page."""
    return page.partition('id="kernondersteuner"')[2].partition('<li class="contact" id=')[0]


# ---- Finder ------------------------------------------------------------------------------------


def test_a_school_page_names_its_kern_and_the_people_of_it(merenland: Flask) -> None:
    client = CheckedClient(merenland, merenland.response_class)
    page = client.get("/scholen/98aa00-de-klaver").text
    assert '<a href="/kernen/plassendam">Kern Plassendam</a>' in page
    row = row_of(page)
    assert name_of(arjan()[0]) in row
    assert "Elke kern heeft een vaste kernondersteuner. De Klaver hoort bij Kern Plassendam." in row
    other = client.get("/scholen/98ba00-merencollege").text  # in no kern
    assert "kernondersteuner" not in other and "/kernen/" not in other


def test_a_kern_has_its_people_and_schools_per_day(merenland: Flask) -> None:
    client = CheckedClient(merenland, merenland.response_class)
    page = client.get("/kernen/plassendam").text
    assert name_of(arjan()[0]) in page and "Het Rietbos" in page and "Vaarschool" not in page
    assert "Bron van de indeling: verzonnen" in page
    assert "Vaarschool" in client.get("/kernen/plassendam?dag=2027-08-01").text
    assert "Kies een dag" in client.get("/kernen/plassendam?dag=1900-01-01").text
    vacant = client.get("/kernen/waterburen").text
    known = TODAY + timedelta(days=25)
    assert f"bekend rond {day(known)}" in vacant
    assert day(known) in client.get("/scholen/98bb00-vaarschool").text
    assert client.get("/kernen/nergens").status_code == 404
    # A list that knows schools leads there.
    moved = client.get("/scholen/kern-plassendam")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/kernen/plassendam")


@pytest.mark.parametrize("words", ["kern plassendam", "Kern Plass", "kernondersteuner de klaver"])
def test_the_search_finds_a_kern(merenland: Flask, words: str) -> None:
    page = CheckedClient(merenland, merenland.response_class).get(f"/?q={words}").text
    if words.endswith("klaver"):
        assert "Kernondersteuner</a></h3>" in page or name_of(arjan()[0]) in page
    else:
        assert 'href="/kernen/plassendam"' in page


def test_the_people_of_a_kern_go_into_an_address_book(merenland: Flask) -> None:
    client = CheckedClient(merenland, merenland.response_class)
    page = client.get("/kernen/plassendam").text
    assert f"Kern Plassendam, op {day(TODAY)}" in page, "as text"
    cards = read_cards(client, "/kernen/plassendam/kern.vcf")
    own = find_card(cards, name_of(arjan()[0]))
    names = [values(card, "FN")[0] for card in cards]
    assert "Kern Plassendam" not in names, "a kern has no number of its own"
    assert f"Kern Plassendam, op {day(TODAY)}." in values(own, "NOTE")[0]
    assert {tuple(values(card, "CATEGORIES")) for card in cards} == {("Kern Plassendam",)}
    old = client.get("/kernen/plassendam/kern.vcf?versie=3").data
    assert b"VERSION:3.0" in old
    assert client.get("/kernen/nergens/kern.vcf").status_code == 404


def test_the_menu_leads_to_the_kernen(merenland: Flask) -> None:
    client = CheckedClient(merenland, merenland.response_class)
    assert '<a href="/kernen"' in client.get("/").text
    page = client.get("/kernen").text
    assert "De Klaver, Het Rietbos" in page
    assert "Bron van de indeling: verzonnen" in page


def test_a_region_without_kernen_has_nothing_of_them(client: CheckedClient) -> None:
    assert client.get("/kernen").status_code == 404
    assert "/kernen" not in client.get("/").text
    client.sign_in("coordinator")
    page = client.get("/wijzigingen/nieuw?soort=vacature").text
    assert "Kernen" not in page and "bekend is wie" not in page and 'name="bekend"' not in page


# ---- Notices -----------------------------------------------------------------------------------


def role_of_kern() -> int:
    with connection():
        return int(Role.get(Role.key == "kernondersteuner").id)


def test_a_vacancy_at_a_kern_says_when_it_is_known(merenland_copy: Flask) -> None:
    visitor = Visitor(merenland_copy, "coordinator")
    fields = {
        "functie": role_of_kern(), "dag": "2027-01-11", "tekst": "We zoeken iemand.",
        "bekend": "2027-02-01",
    }  # fmt: skip
    assert "hoort bij een kern" in visitor.preview("vacature", fields | {"scholen": SCHOOL}).text
    with connection():
        directors = Role.get(Role.key == "directeur").id
    wrong = fields | {"functie": directors, "scholen": "kern-waterburen"}
    assert "hoort bij een school" in visitor.preview("vacature", wrong).text
    with connection():
        Assignment.delete().where(Assignment.kern == KERN).execute()
    number = visitor.post("vacature", fields | {"scholen": KERN})
    page = visitor.get(f"/wijzigingen/{number}")
    assert "Vacature: kernondersteuner op 1 kern" in page
    assert 'href="/scholen/kern-plassendam?dag=2027-01-11"' in page
    with connection():
        (vacancy,) = Vacancy.select().where(Vacancy.kern == KERN)
        assert vacancy.known_on == date(2027, 2, 1)
        told = {row.person_id for row in Recipient.select().where(Recipient.notice == number)}
        schools = Assignment.select(Assignment.person).where(
            Assignment.school.in_([SCHOOL, "98AB00"]) & valid_on(Assignment, date(2027, 1, 11))
        )
        assert told >= {row.person_id for row in schools}
        assert [row.workplace_id for row in NoticeSchool.select()] == [KERN]
    with stopped_at("2027-01-12 09:00:00"):
        assert "bekend rond 1 februari 2027" in visitor.get("/kernen/plassendam")
    assert visitor.press(number, "intrekken").status_code == 302
    with connection():
        assert not Vacancy.select().where(Vacancy.kern == KERN).exists()


def test_a_vacancy_at_a_kern_is_opened_at_beheer(merenland_copy: Flask) -> None:
    visitor = Visitor(merenland_copy, "coordinator")
    with connection():
        Assignment.delete().where(Assignment.kern == KERN).execute()
    fields = {
        "functie": str(role_of_kern()), "scholen": KERN, "vanaf": TODAY.isoformat(),
        "bekend": "2027-02-01",
    }  # fmt: skip
    answer = save(visitor.client, "/beheer/vacatures/nieuw", **fields)
    assert answer.status_code == 302, answer.text
    assert "Je wijziging is bewaard." in visitor.get(answer.headers["Location"])
    assert "bekend rond 1 februari 2027" in visitor.get("/kernen/plassendam")


def test_who_leaves_a_kern_answers_until_the_last_day(merenland_copy: Flask) -> None:
    visitor, (person, post) = Visitor(merenland_copy, "coordinator"), arjan()
    fields = {"dag": "2027-01-15", "opvolger": "vacature", f"plek_{post}": "vacature", "tekst": "Dag."}
    number = visitor.post("vertrek", fields, person)
    name = name_of(person)
    for path in ("/kernen/plassendam", "/scholen/98aa00-de-klaver"):
        assert name in row_of(visitor.get(f"{path}?dag=2027-01-15")), path
        row = row_of(visitor.get(f"{path}?dag=2027-01-16"))
        assert "Vacature" in row and "sinds 16 januari 2027" in row, path
    with connection():
        told = {row.person_id for row in Recipient.select().where(Recipient.notice == number)}
        around = Assignment.select(Assignment.person).where(
            Assignment.school.in_([SCHOOL, "98AB00"]) & valid_on(Assignment, date(2027, 1, 15))
        )
        assert told >= {person, *(row.person_id for row in around)}
        elsewhere = Assignment.select(Assignment.person).where(Assignment.school == "98BA00")
        assert not told & ({row.person_id for row in elsewhere} - {row.person_id for row in around})


def test_an_absence_at_a_kern_has_a_substitute(merenland_copy: Flask) -> None:
    visitor, (person, post) = Visitor(merenland_copy, "coordinator"), arjan()
    with connection():
        employer = Person.get_by_id(person).organisation_id
        other = Person.get((Person.organisation == employer) & (Person.id != person))
    fields = {
        "dag": TODAY.isoformat(), "laatste_dag": "2027-02-26", "tekst": "Verlof.",
        "opvolger": "", f"plek_{post}": other.id,
    }  # fmt: skip
    visitor.post("afwezigheid", fields, person)
    for path in ("/kernen/plassendam", "/scholen/98aa00-de-klaver"):
        row = row_of(visitor.get(path))
        assert "Vervanger" in row and other.name in row, path


def test_a_change_at_a_kern_is_seen_in_its_history(merenland_copy: Flask) -> None:
    visitor, (person, _) = Visitor(merenland_copy, "coordinator"), arjan()
    with connection():
        other = Person.select().where(Person.id != person).get()
    fields = {"dag": "2027-02-01", "tekst": "Een ander.", "opvolger": other.id}
    visitor.post("opvolging", fields, person)
    for path in ("/kernen/plassendam", "/scholen/98aa00-de-klaver"):
        assert f"volgt {name_of(person)} op" in visitor.get(path), path
    assert "kernondersteuner bij Kern Plassendam" in visitor.get("/beheer/spoor?school=kern-plassendam")


# ---- Beheer ------------------------------------------------------------------------------------


def test_kernen_are_divided(merenland_copy: Flask) -> None:
    visitor, (person, post) = Visitor(merenland_copy, "coordinator"), arjan()
    page = visitor.get("/beheer/verdeling?functie=kernondersteuner")
    assert f'name="plek-kern-plassendam-{post}"' in page
    assert 'name="plek-kern-waterburen-0"' in page and "Klaver" not in page
    divider = Divider(merenland_copy, table="/beheer/verdeling?functie=kernondersteuner&dag=2027-08-01")
    comes = name_of(person)
    assert divider.choose({"plek-kern-waterburen-0": comes}).status_code == 302
    page, fields = divider.look()
    assert "per 1 augustus 2027: 1 persoon, 1 kern" in page
    assert divider.publish(fields).status_code == 302
    assert comes in visitor.get("/kernen/waterburen?dag=2027-08-01")
    book = visitor.client.get("/beheer/verdeling.xlsx?functie=kernondersteuner")
    assert book.status_code == 200


def test_coverage_counts_the_posts_of_kernen(merenland_copy: Flask) -> None:
    visitor = Visitor(merenland_copy, "coordinator")
    page = visitor.get("/beheer/dekking?functie=kernondersteuner")
    assert "1 van 2" in page and "Kern Waterburen" in page


def test_the_people_of_a_kern_confirm_their_post(merenland: Flask) -> None:
    with merenland.app_context(), connection():
        texts = [fact.text for fact in list_facts(arjan()[0], TODAY)]
    assert "Kernondersteuner bij Kern Plassendam" in texts


def test_a_call_about_a_post_at_a_kern_may_say_what_is_wrong(merenland_copy: Flask) -> None:
    person, post = arjan()
    with connection():
        call = Call.create(month=TODAY.replace(day=1), assignment=post).id
    client = CheckedClient(merenland_copy, merenland_copy.response_class).sign_in("coordinator")
    assert "op Kern Plassendam" in client.get("/beheer/bellen").text
    address = f"/beheer/bellen/{call}"
    assert f"{name_of(person)} werkt niet meer bij Kern Plassendam" in client.get(address).text
    assert client.submit(address, {"uitkomst": "wrong", "wat": "gone"}).status_code == 302
    with connection():
        assert Report.get().kern_id == KERN


def test_a_post_at_a_kern_is_reported(merenland_copy: Flask) -> None:
    visitor, (person, _) = Visitor(merenland_copy, "coordinator"), arjan()
    page = visitor.get(f"/klopt-niet/p{person}?school={KERN}")
    assert "Kern Plassendam" in page
    sent = visitor.client.submit(f"/klopt-niet/p{person}?school={KERN}", {"wat": "gone"})
    assert sent.status_code == 302
    with connection():
        assert Report.get().kern_id == KERN
    assert "Kern Plassendam" in visitor.get("/beheer/gemeld")


def test_merged_and_forgotten_people_leave_their_kern(merenland_copy: Flask) -> None:
    visitor, (person, _) = Visitor(merenland_copy, "coordinator"), arjan()
    for path in (f"/beheer/mensen/{person}", f"/beheer/mensen/{person}/vergeten", f"/personen/{person}"):
        assert "Kern Plassendam" in visitor.get(path), path
    with connection():
        other = Person.select().where(Person.id > person).get()
    with connection(), db.atomic():
        merge(ChangeSet.begin(ChangeSetKind.EDIT, None), other, Person.get_by_id(person))
    with connection():
        assert Assignment.get(Assignment.kern == KERN).person_id == other.id


def test_a_sheet_with_kernen_in_the_place_of_schools_is_read(merenland: Flask) -> None:
    table = make_table(
        "Kern|Functie|Naam|Organisatie",
        "Plassendam|kernondersteuner|Bo Nieuw|Jeugdteam Plassendam",
        "Kern Waterburen|kernondersteuner|Ana Anders|Jeugdteam Plassendam",
        "Waterburen|directeur|Els Vos|Jeugdteam Plassendam",
    )
    with merenland.app_context(), connection():
        found = interpret([table], load_snapshot(TODAY, ()), {})
    assert sorted(list_posts(found)) == [
        (KERN, "kernondersteuner", "Nieuw"), ("kern-waterburen", "kernondersteuner", "Anders"),
    ], found  # fmt: skip
    assert len(found.rejected) == 1


def test_an_import_writes_posts_and_vacancies_at_kernen(merenland_copy: Flask) -> None:
    with merenland_copy.app_context(), connection():
        Assignment.delete().where(Assignment.kern == KERN).execute()
    row = make_file_import(
        "Kern;Functie;Naam;Organisatie\n"
        "Plassendam;kernondersteuner;Bo Nieuw;Jeugdteam Plassendam\n"
        "Waterburen;kernondersteuner;vacature;"
    )
    with connection():
        opened = open_import(Import.get_by_id(row.id))
        assert opened and not opened.found.questions
        seen = fingerprint(list_differences(opened))
        assert apply_import(row.id, (), seen, Account.get(Account.role == "coordinator").id) == []
        (post,) = Assignment.select().where(Assignment.kern == KERN)
        assert (post.person.name, post.school) == ("Bo Nieuw", None)
    assert "Bo Nieuw" in Visitor(merenland_copy, "coordinator").get("/scholen/98aa00-de-klaver")


def test_the_division_with_kernen_comes_in_again_without_a_change(merenland_copy: Flask) -> None:
    client = CheckedClient(merenland_copy, merenland_copy.response_class).sign_in("coordinator")
    file = client.get("/beheer/verdeling.xlsx").data
    answers = Answers("verdeling.xlsx", "ons", TODAY - timedelta(days=99), TODAY, (), Coverage.EVERYTHING)
    with connection():
        row = make_import(answers, file, 1)
        read(row)
        opened = open_as_read(row)
        assert opened and ([q.sentence for q in opened.found.questions]) == []
        kinds = Counter((one.kind, one.school) for one in list_differences(opened))
    assert {kind for kind, _ in kinds} == {Kind.STAYS}
    assert kinds[Kind.STAYS, KERN] == 1


def test_an_exported_region_has_the_same_kernen(merenland_copy: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "merenland"
    with connection():
        export_region(merenland_copy.config["KERNWIJZER"].region, folder)
        region = read_region(folder)
        assert load_directory(region) == []
