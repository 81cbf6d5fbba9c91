"""The division: many posts of a role per one day, from a draft to one notice per organisation."""

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from peewee import fn
from werkzeug.test import TestResponse

from portal.accounts.models import Account
from portal.database import connection, db
from portal.directory.assignments import hand_over
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, Organisation, Person, Role, School
from portal.editing import division_views
from portal.editing.division_drafts import DivisionDraft, save_draft
from portal.jobs.clearing import delete_by
from portal.mail.models import OutgoingMail
from portal.notices.models import Notice
from portal.retention_periods import DRAFTS
from portal.web.form_size import MAX_FIELDS
from portal.web.long_lists import DIVIDED_PER_PAGE
from portal.workdays import coming_august
from tests.clock import TODAY, stopped_at
from tests.conftest import FRAGMENT, CheckedClient
from tests.factories import coach, colleague, directory_rows, make_account, make_assignment, make_person, posts
from tests.notices.conftest import Visitor, errors
from tests.page_forms import PageForm, read_forms

AUGUST = date(2027, 8, 1)
TABLE = "/beheer/verdeling?functie=cjg-coach&dag=2027-08-01"
CHECK = TABLE.replace("verdeling?", "verdeling/controle?")
Answers = dict[str, Any]


class Divider:
    """Somebody who divides the schools of the CJG-coaches per 1 August."""

    def __init__(self, app: Flask, role: str = "coordinator", table: str = TABLE) -> None:
        self.client = CheckedClient(app, app.response_class).sign_in(role)
        self.table, self.check = table, table.replace("verdeling?", "verdeling/controle?")

    def form(self, path: str = "") -> PageForm:
        """The table, or the form of another page."""
        page = self.client.get(path or self.table)
        assert page.status_code == 200
        return next(form for form in read_forms(page.text) if "versie" in form.fields)

    def choose(self, answers: Answers, form: PageForm | None = None) -> TestResponse:
        """Choose answers in the table and go on to the check."""
        form = form or self.form()
        fields = form.fields | answers | {"stap": "controleren"}
        return self.client.post(self.table, data=fields)

    def look(self) -> tuple[str, Answers]:
        """The check page with the fields of its form."""
        page = self.client.get(self.check).text
        forms = [form for form in read_forms(page) if "gezien" in form.fields]
        return page, forms[0].fields if forms else {}

    def publish(self, fields: Answers | None = None, **answers: str) -> TestResponse:
        fields = self.look()[1] if fields is None else fields
        return self.client.post(self.check, data=fields | {"stap": "plaatsen"} | answers)


@pytest.fixture
def all_schools() -> None:
    """For a test of long tables, or of many people."""


@pytest.fixture
def template(request: pytest.FixtureRequest, seeded: Path, small: Path) -> Path:
    """Few schools, because each page of the division has all of them."""
    return seeded if "all_schools" in request.fixturenames else small


@pytest.fixture
def portal(portal_copy: Flask) -> Iterator[Flask]:
    with connection():
        yield portal_copy


def cell(post: Assignment) -> str:
    return f"plek-{post.school_id}-{post.id}"


def named(person: Person) -> str:
    """A person as the list of the table names them."""
    return f"{person.name} ({person.organisation.name})"


def coaches_of(school: str, on: date = AUGUST) -> set[str]:
    rows = Assignment.select(Assignment, Person, Role).join(Person).switch(Assignment).join(Role)
    return {
        row.person.name for row in rows.where(Assignment.school == school)
        if row.role.key == "cjg-coach" and row.valid_from <= on < (row.valid_until or date.max)
    }  # fmt: skip


def mails() -> int:
    return int(OutgoingMail.select().count())


def test_many_posts_change_by_one_notice_of_each_organisation(portal: Flask) -> None:
    divider, one, other = Divider(portal), coach(), colleague(coach())
    heemstede = Person.get(Person.organisation == Organisation.get(Organisation.key == "cjg-heemstede"))
    first, second, third, fourth = posts(one)[:4]
    before, mailed = Notice.select().count(), mails()
    assert divider.choose({
        cell(first): named(other), cell(second): "vacature", cell(third): named(heemstede),
        f"plek-{fourth.school_id}-0": named(other),
    }).status_code == 302  # fmt: skip
    assert (Notice.select().count(), mails()) == (before, mailed)
    page, fields = divider.look()
    assert "Nieuwe verdeling van CJG Kennemerland per 1 augustus 2027: 1 persoon, 3 scholen" in page
    assert "Nieuwe verdeling van CJG Heemstede per 1 augustus 2027: 1 persoon, 1 school" in page
    answer = divider.publish(fields, tekst="Tot dan!")
    assert answer.headers["Location"].startswith("/beheer/verdeling?")
    assert "één melding per organisatie" in divider.client.get(answer.headers["Location"]).text
    assert Notice.select().count() == before + 2
    assert mails() > mailed
    assert one.name not in coaches_of(first.school_id) and other.name in coaches_of(first.school_id)
    assert one.name in coaches_of(first.school_id, AUGUST - timedelta(days=1))
    assert heemstede.name in coaches_of(third.school_id)
    assert {one.name, other.name} <= coaches_of(fourth.school_id)
    assert DivisionDraft.select().count() == 0
    # Both buttons of an old page: nothing happens twice.
    assert divider.publish(fields, tekst="Tot dan!").status_code == 302
    assert divider.publish(fields | {"_formulier": "ander"}).status_code == 409
    assert Notice.select().count() == before + 2


def test_a_silent_division_mails_nobody_until_it_is_told(portal: Flask) -> None:
    divider, other = Divider(portal), colleague(coach())
    divider.choose({cell(posts(coach())[0]): named(other)})
    before, mailed = Notice.select().count(), mails()
    answer = divider.publish(stap="stil")
    assert "Niemand kreeg er mail over" in divider.client.get(answer.headers["Location"]).text
    assert (Notice.select().count(), mails()) == (before, mailed)
    assert other.name in coaches_of(posts(coach())[0].school_id)
    change_set = ChangeSet.select().order_by(ChangeSet.id.desc()).get()
    assert (change_set.kind, change_set.effective_on) == (ChangeSetKind.DIVISION, AUGUST)
    trail = divider.client.get("/beheer/spoor?soort=division").text
    address = f"/beheer/spoor/{change_set.id}/vertellen"
    assert f'href="{address}"' in trail
    (form,) = [f for f in read_forms(divider.client.get(address).text) if f.action == address]
    nobody = divider.client.post(address, data=form.fields | {"organisaties": []})
    assert errors(nobody.text) == ["Kies ten minste één organisatie."]
    told = {"organisaties": str(coach().organisation_id), "tekst": "Sinds augustus."}
    assert divider.client.post(address, data=form.fields | told).status_code == 302
    assert Notice.select().count() == before + 1
    assert mails() > mailed
    page = divider.client.get(address).text
    assert "Al verteld" in page and "Meldingen plaatsen" not in page
    again = divider.client.post(address, data=form.fields | told | {"_formulier": "ander"})
    assert again.status_code == 409
    assert "Dit is al verteld." in again.text
    assert Notice.select().count() == before + 1
    # A notice is withdrawn, which is mailed, before the change is undone.
    undo, notice = f"/bewerkingen/{change_set.id}/terugdraaien", Notice.select(fn.MAX(Notice.id))
    refused = divider.client.submit(undo)
    assert refused.status_code == 409
    assert f'href="/wijzigingen/{notice.scalar()}"' in refused.text
    assert other.name in coaches_of(posts(coach())[0].school_id)
    Visitor(portal, "coordinator").press(notice.scalar(), "intrekken")
    assert divider.client.submit(undo).status_code == 302
    assert other.name not in coaches_of(posts(coach())[0].school_id)


def test_two_windows_do_not_overwrite_each_other(portal: Flask) -> None:
    divider, other = Divider(portal), colleague(coach())
    first, second = posts(coach())[:2]
    one, two = divider.form(), divider.form()
    divider.choose({cell(first): named(other)}, one)
    answer = divider.choose({cell(second): "vacature"}, two)
    assert answer.status_code == 409
    assert "in een ander venster ook veranderd" in answer.text
    assert f"{other.name} (daar nu" in answer.text  # what the draft holds
    form = next(form for form in read_forms(answer.text) if "versie" in form.fields)
    assert form.fields[cell(second)] == "vacature"  # what was chosen here
    assert form.fields[cell(first)] == ""
    assert divider.choose({}, form).status_code == 302
    assert DivisionDraft.get().answers == {cell(second): "vacature"}
    assert divider.choose({cell(second): "vacature"}, two).status_code == 302  # the same once more
    # Saved by the way, a cell that clashes or is wrong only says so.
    for answers in ({cell(first): "vacature"}, {cell(first): "99999"}):
        saved = divider.client.post(TABLE, data=one.fields | answers, headers=FRAGMENT)
        assert (saved.status_code, "nog niet bewaard" in saved.text) == (200, True)
        assert DivisionDraft.get().answers == {cell(second): "vacature"}
    form = divider.form()
    fields = form.fields | {cell(first): "vacature"}
    saved = divider.client.post(TABLE, data=fields, headers=FRAGMENT)
    assert "2 plekken veranderen" in saved.text
    version = int(form.fields["versie"]) + 1
    assert f'name="versie" value="{version}"' in saved.text


def test_the_draft_of_somebody_else_is_shown_as_theirs(portal: Flask) -> None:
    divider, other = Divider(portal), colleague(coach())
    divider.choose({cell(posts(coach())[0]): named(other)})
    administrator = Divider(portal, "administrator")
    page = administrator.client.get(TABLE).text
    name = Account.get(Account.role == "coordinator").name
    assert f"{name} heeft ook een concept voor deze dag (1 plek)" in page
    assert set(administrator.form().fields.values()) >= {""}
    administrator.choose({cell(posts(coach())[1]): "vacature"})
    assert administrator.look()[0].count('<th scope="row">') == 1
    administrator.publish()
    assert DivisionDraft.get().account.name == name
    # The same post in both: what is published first makes the other one stale.
    administrator.choose({cell(posts(coach())[0]): "vacature"})
    administrator.publish()
    page = divider.client.get(TABLE).text
    assert "Hier is intussen iets veranderd" in page
    assert f": {other.name} (daar nu vacature)" in page


def test_a_change_after_the_preview_is_shown_before_it_is_published(portal: Flask) -> None:
    divider, other = Divider(portal), colleague(coach())
    first, second = posts(coach())[:2]
    divider.choose({cell(first): named(other), cell(second): named(other)})
    _, fields = divider.look()
    with db.atomic():
        hand_over(ChangeSet.begin(ChangeSetKind.EDIT, None), first, None, AUGUST)
    before = directory_rows()
    answer = divider.publish(fields)
    assert answer.status_code == 409
    assert "Dit is anders dan wat je net zag" in answer.text
    assert "Dit doet niet meer mee" in answer.text
    assert directory_rows() == before
    assert divider.publish().status_code == 302
    assert other.name in coaches_of(second.school_id)
    assert coaches_of(first.school_id) & {other.name} == set()


@pytest.mark.usefixtures("all_schools")
def test_nobody_comes_who_left_before_the_day(portal: Flask) -> None:
    divider, other = Divider(portal), colleague(coach())
    post = posts(coach())[0]
    assert f"<option>{named(other)}<" in divider.client.get(TABLE).text
    divider.choose({cell(post): named(other)})
    leave = {"dag": "2027-05-31", "opvolger": "vacature"}
    Visitor(portal, "coordinator").post("vertrek", leave, other.id)
    assert f"<option>{named(other)}<" not in divider.client.get(TABLE).text
    assert f"{other.name} (daar nu {coach().name}" in divider.client.get(TABLE).text
    assert divider.look()[0].count("Er verandert nog niets") == 1


def test_a_later_change_is_listed_and_asked(portal: Flask) -> None:
    table = TABLE.replace("cjg-coach", "onderwijsconsulent")
    divider = Divider(portal, table=table)
    post = (
        Assignment.select().join(Role)
        .where((Role.key == "onderwijsconsulent") & Assignment.valid_until.is_null()).get()
    )  # fmt: skip
    key = post.person.organisation.key
    come, later = make_person("Nu", "Komt", key), make_person("Later", "Komt", key)
    with db.atomic():
        hand_over(ChangeSet.begin(ChangeSetKind.EDIT, None), post, later, date(2027, 10, 1))
    divider.choose({cell(post): come.name})
    page, fields = divider.look()
    assert ": vanaf 1 oktober 2027 Later Komt" in page
    changed = divider.publish(fields, later_vervalt="y")
    assert changed.status_code == 409  # another effect than the one that was shown
    form = next(form for form in read_forms(changed.text) if "gezien" in form.fields)
    assert divider.publish(form.fields).status_code == 302
    rows = Assignment.select().where(
        (Assignment.school == post.school_id) & (Assignment.role == post.role_id)
    ).order_by(Assignment.valid_from.desc())  # fmt: skip
    assert (rows.get().person_id, rows.get().valid_until) == (come.id, None)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("dag=2026-11-22", "Kies vandaag of een dag daarna, hoogstens twee jaar vooruit."),
        ("dag=2029-01-01", "Kies vandaag of een dag daarna, hoogstens twee jaar vooruit."),
        ("dag=gisteren", "Vul een dag in, zoals 1-2-2027."),
        ("functie=loodgieter", "Kies een functie uit de lijst."),
        ("persoon=99999", "Kies iemand uit de lijst."),
    ],
)
def test_another_question_is_an_error(portal: Flask, address: str, fault: str) -> None:
    client = Divider(portal).client
    answer = client.get(f"/beheer/verdeling?{address}")
    assert answer.status_code == 422
    assert errors(answer.text) == [fault]
    before = DivisionDraft.select().count()
    answer = client.submit(f"/beheer/verdeling?{address}", {cell(posts(coach())[0]): "vacature"})
    assert answer.status_code == 422
    assert DivisionDraft.select().count() == before


@pytest.mark.parametrize("answer", ["99999", "blijft", "nieuw", "x" * 5000, "-1", "!"])
def test_another_answer_is_an_error_at_its_cell(portal: Flask, answer: str) -> None:
    divider = Divider(portal)
    page = divider.choose({cell(posts(coach())[0]): answer})
    assert page.status_code == 422
    assert errors(page.text) == ["Kies iemand uit de lijst."]
    assert DivisionDraft.select().count() == 0


def test_the_beginning_of_a_word_of_a_name_is_enough(portal: Flask) -> None:
    divider, post = Divider(portal), posts(coach())[0]
    for family in ("Zwaan", "Zwaantjes"):
        make_person("Ilse", family, "cjg-kennemerland")
    swan = make_person("Óla", "Zwaar-Quist", "cjg-kennemerland")
    twins = [make_person("Pim", "Pam", "cjg-kennemerland") for _ in range(2)]
    zwaan = Person.get(Person.family_name == "Zwaan")
    for typed, answer in (
        ("  zwaar", swan.id), ("OLA", swan.id), ("quist", swan.id), ("ilse zwaan", zwaan.id),
        ("Pim Pam (CJG Kennemerland), 2", twins[1].id), ("Vac", "vacature"),
    ):  # fmt: skip
        assert divider.choose({cell(post): typed}).status_code == 302
        assert DivisionDraft.get().answers == {cell(post): str(answer)}
        shown = divider.form().fields[cell(post)]
        assert divider.choose({cell(post): shown}).status_code == 302
        assert DivisionDraft.get().answers == {cell(post): str(answer)}
    first, second = (f"Ilse {name} (CJG Kennemerland)" for name in ("Zwaan", "Zwaantjes"))
    pair = " of ".join(f"Pim Pam (CJG Kennemerland), {number}" for number in (1, 2))
    for typed, fault in (
        ("zwaa", None), ("ilse", f"Bedoel je {first} of {second}? Typ er meer van."),
        ("pim pam", f"Bedoel je {pair}? Typ er meer van."), ("waan", "Kies iemand uit de lijst."),
    ):  # fmt: skip
        refused = divider.choose({cell(post): typed})
        assert refused.status_code == 422
        assert fault is None or errors(refused.text) == [fault]
        form = next(form for form in read_forms(refused.text) if "versie" in form.fields)
        assert form.fields[cell(post)] == typed
    for typed in (coach().name, named(coach()), ""):
        assert divider.choose({cell(post): typed}).status_code == 302
        assert DivisionDraft.select().count() == 0


@pytest.mark.parametrize(
    ("step", "fields", "then"),
    [
        ("tonen", {"functie": "directeur", "dag": "1-9-2027", "persoon": ""}, "functie=directeur"),
        ("tonen", {"functie": "cjg-coach", "dag": "gisteren", "persoon": ""}, "dag=gisteren"),
        ("toevoegen", {}, "/beheer/mensen/nieuw"),
        ("blad-2", {}, "blad=2"),
        ("bewaren", {}, "bewaard=ja"),
    ],
)
def test_what_is_typed_is_kept_wherever_the_button_leads(portal: Flask, step: str, fields: Answers, then: str) -> None:
    divider, name = Divider(portal), cell(posts(coach())[0])
    typed = divider.form().fields | {name: "vac", "stap": step}
    answer = divider.client.post(TABLE, data=typed | fields)
    assert (answer.status_code, then in answer.location) == (302, True)
    assert DivisionDraft.get().answers == {name: "vacature"}


@pytest.mark.usefixtures("all_schools")
def test_the_tables_of_a_region_are_small(portal: Flask) -> None:
    for role in ("cjg-coach", "directeur", "intern-begeleider"):
        page = Divider(portal, table=TABLE.replace("cjg-coach", role))
        assert len(page.client.get(page.table).data) < 100_000


@pytest.mark.usefixtures("all_schools")
def test_a_person_gets_schools_by_ticks(portal: Flask) -> None:
    person, other = coach(), colleague(coach())
    own = [cell(post) for post in posts(other)]
    gets = f"plek-{next(p.school_id for p in posts(person))}-0"
    table = f"{TABLE}&persoon={other.id}"
    divider = Divider(portal, table=table)
    form = divider.form()
    assert gets in form.choices["scholen"]
    fields = form.fields | {"scholen": [*own[1:], gets], "stap": "controleren"}
    assert divider.client.post(table, data=fields).status_code == 302
    assert DivisionDraft.get().answers == {own[0]: "onbekend", gets: str(other.id)}
    page = divider.client.get(table).text
    assert page.count("checked") == len(own)
    # Without a tick for the new one, and with one for the old one, the draft is empty again.
    divider.client.post(table, data=divider.form().fields | {"scholen": own})
    assert DivisionDraft.select().count() == 0


def test_an_editor_divides_the_own_people_only(portal: Flask) -> None:
    table = TABLE.replace("/beheer/", "/organisatie/")
    editor = Divider(portal, "editor", table)
    strange = make_assignment(
        Person.get(Person.organisation == Organisation.get(Organisation.key == "cjg-heemstede")),
        school=posts(coach())[0].school_id,
    )
    form = editor.form()
    assert cell(posts(coach())[0]) in form.fields
    assert cell(strange) not in form.fields
    assert "werkt bij een andere organisatie" in editor.client.get(table).text
    names = {row.name for row in Person.select().where(
        Person.organisation == coach().organisation_id)}  # fmt: skip
    *people, _, _ = re.findall("<option>([^<]+)</option>", editor.client.get(table).text)
    assert set(map(html.unescape, people)) <= names
    editor.choose({cell(strange): "vacature", cell(posts(coach())[0]): "nog niet"})
    assert DivisionDraft.get().answers == {cell(posts(coach())[0]): "onbekend"}
    page, fields = editor.look()
    assert "Bewaren zonder mail" not in page
    before = Notice.select().count()
    assert editor.publish(fields, stap="stil").status_code == 302  # told all the same
    assert Notice.select().count() == before + 1
    assert Notice.select().order_by(Notice.id.desc()).get().organisation_id == (coach().organisation_id)
    assert strange.person.name in coaches_of(strange.school_id)


def test_an_editor_sees_the_drafts_of_the_own_organisation_only(portal: Flask) -> None:
    elsewhere = Organisation.get(Organisation.key == "cjg-heemstede").id
    accounts = {
        "the region": Account.get(Account.role == "coordinator"),
        "another organisation": make_account("editor", organisation=elsewhere),
        "a school": make_account("editor", organisation=School.get_by_id("16LF00").organisation_id),
        "the own organisation": make_account("editor", organisation=coach().organisation_id),
        "here as coordinator": make_account("coordinator", organisation=coach().organisation_id),
    }
    post = posts(coach())[0]
    for account in accounts.values():
        save_draft(account.id, post.role_id, AUGUST, 0, set(), {cell(post): "vacature"})
    table = TABLE.replace("/beheer/", "/organisatie/")
    page = Divider(portal, "editor", table).client.get(table).text
    seen = {who for who, account in accounts.items() if f"{account.name} heeft ook" in page}
    assert seen == {"the own organisation"}
    assert Divider(portal).client.get(TABLE).text.count("heeft ook een concept") == 4


def test_a_director_with_an_editor_account_divides_the_own_school(portal: Flask) -> None:
    school = School.get_by_id("16LF00")
    make_account("editor", organisation=school.organisation_id)
    visitor = Visitor(portal, Account.select().order_by(Account.id.desc()).get())
    page = visitor.get("/organisatie/verdeling?functie=directeur")
    assert page.count('<th scope="row">') == 1
    assert school.name in page


@pytest.mark.usefixtures("all_schools")
def test_a_long_table_is_paged_and_fits_the_limits(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    divider = Divider(portal)
    form = divider.form()
    assert len(form.fields) / 114 * DIVIDED_PER_PAGE < MAX_FIELDS
    assert sum(len(f"{name}={text}&") for name, text in form.fields.items()) < 32_000
    monkeypatch.setattr(division_views, "DIVIDED_PER_PAGE", 60)
    first, second = divider.form(TABLE), divider.form(f"{TABLE}&blad=2")
    assert not {name for name in first.fields if "plek" in name} & set(second.fields)
    name = next(name for name in first.fields if "plek" in name and "-0" not in name)
    other = next(name for name in second.fields if "plek" in name and "-0" not in name)
    divider.choose({name: "vacature"}, first)
    answers = divider.form(f"{TABLE}&blad=2").fields | {other: "vacature", "stap": "bewaren"}
    assert divider.client.post(f"{TABLE}&blad=2", data=answers).status_code == 302
    assert DivisionDraft.get().answers == {name: "vacature", other: "vacature"}


@pytest.mark.usefixtures("all_schools")
def test_a_sheet_offers_the_staff_of_the_schools_of_every_sheet(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    table = "/beheer/verdeling?functie=directeur"

    def offered() -> set[str]:
        page = Divider(portal).client.get(table).get_data(as_text=True)
        (select,) = re.findall(r'<select[^>]*name="persoon".*?</select>', page, re.DOTALL)
        return set(re.findall(r'value="(\d+)"', select))

    whole = offered()
    monkeypatch.setattr(division_views, "DIVIDED_PER_PAGE", 60)
    assert len(whole) > 100
    assert offered() == whole


def test_a_draft_is_kept_for_two_weeks(portal: Flask) -> None:
    divider = Divider(portal)
    divider.choose({cell(posts(coach())[0]): "vacature"})
    with stopped_at(TODAY + timedelta(days=1)) as clock:
        assert delete_by(DivisionDraft.saved_at)(clock.moment - DRAFTS.period) == 0
    with stopped_at(TODAY + timedelta(days=16)) as clock:
        assert delete_by(DivisionDraft.saved_at)(clock.moment - DRAFTS.period) == 1


@pytest.mark.parametrize(
    ("today", "day"), [(date(2026, 11, 26), AUGUST), (date(2027, 7, 31), AUGUST), (AUGUST, date(2028, 8, 1))]
)
def test_the_coming_1_august_is_offered(today: date, day: date) -> None:
    assert coming_august(today) == day
