"""The trail: who changed what, when and why; undoing it; and the settings, which are in it."""

import ast
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from peewee import DatabaseError
from werkzeug.test import TestResponse

from portal import audit
from portal.accounts.models import Account
from portal.admin import trail
from portal.audit.event_texts import describe_event
from portal.config import ROOT
from portal.database import connection, db
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind
from portal.directory.change_texts import ERASED, describe
from portal.directory.clearing import clear_old_values, clear_values_of
from portal.directory.models import Assignment, Holiday, Organisation, Person, Role, School, Setting, SettingKey
from portal.directory.settings import get_setting
from portal.directory.undoing import UNASKED, list_dependents, undo
from portal.notices.kinds import NoticeKind
from portal.requests.state_rules import State
from tests.checks import extract
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.contracts.test_structure import counted
from tests.factories import coach, posts
from tests.notices.conftest import Visitor, hidden

TRAIL, SETTINGS = "/beheer/spoor", "/beheer/instellingen"
NUMBER = {"nummer": "0800 2000", "reden": "Staat op hun website."}


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


@pytest.fixture
def template(empty_board: Path) -> Path:
    """A board without notices, and so an empty trail."""
    return empty_board


def save(client: CheckedClient, **more: str) -> TestResponse:
    page = client.get(SETTINGS)
    return client.post(SETTINGS, data={**hidden(page.text), **NUMBER, **more})


def undo_last(client: CheckedClient) -> TestResponse:
    page = client.get(TRAIL)
    path = extract(r'action="(/bewerkingen/\d+/terugdraaien)"', page.text)
    return client.submit(path, {"_formulier": hidden(page.text)["_formulier"][0]})


def first_row(model: Any) -> Any:
    """The first row of a model by its key: PostgreSQL gives rows in any order."""
    return model.select().order_by(model._meta.primary_key).get()


def edit(model: Any, **values: object) -> ChangeSet:
    """An edit of the first row of a model by the coordinator."""
    with connection(), db.atomic():
        change_set = ChangeSet.begin(
            ChangeSetKind.EDIT, Account.get(Account.role == "coordinator").id, reason="Zo heet het."
        )
        change_set.change(first_row(model), **values)
        return change_set


# ---- What it shows -----------------------------------------------------------------------------


def test_a_notice_is_in_the_trail_with_what_was_before_and_after(
    portal_copy: Flask, coordinator: CheckedClient
) -> None:
    person = coach()
    school = posts(person)[0].school
    notice = Visitor(portal_copy, "member").post(
        NoticeKind.ABSENCE,
        {"dag": "2026-12-01", "laatste_dag": "2026-12-11", "opvolger": "", "tekst": "Even weg."},
        person.id,
    )
    page = coordinator.get(TRAIL).text
    assert f"Melding {notice}" in page
    assert f"{person.name}</a> – nieuw, vanaf 1-12-2026, tot en met 11-12-2026" in page
    for path in (f"{TRAIL}?persoon={person.id}", f"{TRAIL}?organisatie={person.organisation_id}"):
        assert f"Melding {notice}" in coordinator.get(path).text
    assert f"Melding {notice}" not in coordinator.get(f"{TRAIL}?school={school.code}").text


def test_a_withdrawn_notice_says_so_and_has_no_button(portal_copy: Flask, coordinator: CheckedClient) -> None:
    person = coach()
    member = Visitor(portal_copy, "member")
    fields = {"dag": "2026-12-01", "laatste_dag": "", "opvolger": "", "tekst": "Even weg."}
    notice = member.post(NoticeKind.ABSENCE, fields, person.id)
    assert "Terugdraaien</button>" not in coordinator.get(TRAIL).text
    member.press(notice, "intrekken")
    page = coordinator.get(TRAIL).text
    assert '<span class="tag">teruggedraaid</span>' in page
    assert f"Melding {notice}: ingetrokken" in page


def test_an_edit_of_any_table_is_told_in_words(coordinator: CheckedClient) -> None:
    with connection():
        school, holiday, other = first_row(School), first_row(Holiday), Organisation.get_by_id(2)
    edit(School, name="De Nieuwe Naam", closed_on=date(2027, 8, 1), phone="+31235113660")
    edit(Holiday, valid_until=holiday.valid_until + timedelta(days=1))
    edit(Person, organisation=other)
    page = re.sub(r"<[^>]+>", "", coordinator.get(TRAIL).text).replace("\N{NO-BREAK SPACE}", " ")
    assert f"naam: eerst {school.name}, nu De Nieuwe Naam" in page
    assert "gesloten vanaf: eerst geen, nu 1-8-2027" in page
    assert "nu 023 511 36 60" in page
    last = holiday.valid_until
    assert f"tot en met: eerst {(last - timedelta(days=1)).day}-" in page
    assert f"nu {other.name}" in page
    assert "Waarom: Zo heet het." in page


def test_every_event_that_the_portal_records_has_words() -> None:
    recorded = set()
    for path in (ROOT / "portal").rglob("*.py"):
        source = path.read_text("utf-8")
        if "audit.record" not in source and "_record(" not in source:
            continue  # reading every tree would take a second
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("audit.record", "_record"):
                _, action, subject, *_ = call.args
                if isinstance(subject, ast.Name):  # `_record` passes on what it was given
                    continue
                assert isinstance(subject, ast.Constant)
                if isinstance(action, ast.Constant):
                    recorded.add((action.value, subject.value))
    assert ("used", "recovery code") in recorded
    assert len(recorded) > 12
    former = {("linked", "accounts"), ("exported", "usage")}  # entries of years ago stay
    steps = {("withdrawn", "notice"), ("changed", "notice"), ("confirmed", "notice"),
             ("refused", "notice"), *((state.value, "request") for state in State)}  # fmt: skip
    for done, about in recorded | former | steps:
        assert ":" in describe_event(str(done), str(about), "3")


def test_the_list_narrows_to_a_kind_an_account_and_days(coordinator: CheckedClient) -> None:
    with stopped_at(f"{TODAY - timedelta(days=1)} 22:59:59"):  # 23:59:59 in Amsterdam
        edit(School, name="Van gisteren")
    with connection(), db.atomic():
        audit.record(None, "restored", "database")
    number = edit(Holiday, name="Van vandaag").author
    for query, shown in (
        ("", {"gisteren", "vandaag", "teruggezet"}),
        ("?soort=edit", {"gisteren", "vandaag"}),
        ("?soort=gebeurtenis", {"teruggezet"}),
        ("?soort=notice", set()),
        (f"?wie={number}", {"gisteren", "vandaag"}),
        (f"?vanaf={TODAY}", {"vandaag", "teruggezet"}),
        (f"?tot={TODAY - timedelta(days=1)}", {"gisteren"}),
        ("?school=geen", set()),
    ):
        list_only = coordinator.get(f"{TRAIL}{query}", headers={"HX-Request": "true"}).text
        found = {word for word in ("Van gisteren", "Van vandaag", "teruggezet") if word in list_only}
        assert {word.split()[-1] for word in found} == shown, query


def test_pages_of_fifty_cost_as_many_statements_as_one_entry(coordinator: CheckedClient) -> None:
    costs = []
    for more in (1, 1, 60):  # the first page reads what is kept
        for number in range(more):
            edit(School, name=f"Naam {number}")
        with counted() as statements:
            page = coordinator.get(TRAIL).text
        costs.append(len(statements))
    assert costs[1] == costs[2] <= 20
    assert page.count("Terugdraaien</button>") <= 1  # each was built upon, except the last
    assert 'rel="next"' in page
    assert "Naam 0" in coordinator.get(f"{TRAIL}?blad=2").text


def test_only_the_names_of_the_filter_stand_in_its_links(coordinator: CheckedClient) -> None:
    edit(School, name="Van vandaag")
    page = coordinator.get(f"{TRAIL}?endpoint=x&_external=1&_anchor=x&blad=-1&soort=edit")
    assert page.status_code == 200
    assert f'href="{TRAIL}.csv?soort=edit"' in page.text


def test_the_list_is_downloaded_with_a_row_per_change(coordinator: CheckedClient) -> None:
    edit(School, name="=1+1", phone="")
    rows = coordinator.get(f"{TRAIL}.csv?soort=edit").get_data(as_text=True).splitlines()
    assert rows[0].endswith("Wanneer;Wie;Wat;Reden;Staat;Soort;Naam;Verschil")
    assert len(rows) == 2
    assert "Zo heet het." in rows[1]
    assert "nu =1+1" in rows[1]
    assert "1 × wijziging: gedownload" in coordinator.get(TRAIL).text


def test_a_page_shows_the_first_of_very_many_changes_and_the_file_all(
    coordinator: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "_SHOWN", 2)
    with connection(), db.atomic():
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, None)
        for role in Role.select().order_by(Role.id).limit(5):
            change_set.change(role, call_about=f"vraag {role.id}")
    page = coordinator.get(TRAIL).text
    assert page.count("nu vraag") == 2 and "En nog 3." in page
    assert coordinator.get("/beheer/spoor.csv").text.count("nu vraag") == 5


def test_a_long_list_is_read_in_batches_and_says_where_it_was_cut(
    coordinator: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        edit(School, name=f"Naam {number}")
    path = f"{TRAIL}.csv?soort=edit"
    rows = coordinator.get(path).get_data(as_text=True).splitlines()
    monkeypatch.setattr(trail, "_AT_ONCE", 3)
    assert coordinator.get(path).get_data(as_text=True).splitlines() == rows
    assert len(rows) == 5
    monkeypatch.setattr(trail, "MOST_EXPORTED", 3)
    cut = coordinator.get(path).get_data(as_text=True).splitlines()
    assert cut[:-1] == rows[:-1]
    assert cut[-1].startswith("Er is meer.")


def test_the_trail_cannot_be_changed(portal_copy: Flask) -> None:
    with stopped_at(datetime.now(UTC)), connection(), db.atomic():  # the database looks at a clock of its own
        edit(School, name="Naam")
        ChangeSet.begin(ChangeSetKind.EDIT, None)  # nothing refers to it
    for statement in (
        "DELETE FROM change_set WHERE author IS NULL", "DELETE FROM change",
        "UPDATE change_set SET author = 1",
        "UPDATE change_set SET at = 0", "UPDATE change SET change_set_id = 1",
    ):  # fmt: skip
        with connection(), pytest.raises(DatabaseError, match="append-only"), db.atomic():
            db.execute_sql(statement)


# ---- Undoing -----------------------------------------------------------------------------------


def test_a_setting_is_changed_told_and_undone(coordinator: CheckedClient) -> None:
    assert save(coordinator).status_code == 302
    page = coordinator.get(TRAIL).text
    assert ">Instelling: nummer van Veilig Thuis – nieuw, waarde 0800 2000" in page
    assert "Staat op hun website." in page
    assert "0800 2000" in coordinator.get(SETTINGS).text
    save(coordinator, nummer="088 222 33 30")
    page = coordinator.get(TRAIL).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "eerst 0800 2000, nu 088 222 33 30" in page
    assert undo_last(coordinator).status_code == 302
    assert "0800 2000" in coordinator.get(SETTINGS).text
    assert undo_last(coordinator).status_code == 302
    with connection():
        assert get_setting(SettingKey.VEILIG_THUIS) == ("", 0)
    assert re.search(r"Bewerking \d+: teruggedraaid", coordinator.get(TRAIL).text)


def test_a_change_on_which_another_built_is_not_undone(coordinator: CheckedClient) -> None:
    first = edit(School, name="Eerst")
    second = edit(School, name="Daarna")
    assert f"bouwt voort: bewerking {second.id}" in coordinator.get(TRAIL).text
    answer = coordinator.submit(f"/bewerkingen/{first.id}/terugdraaien")
    assert answer.status_code == 409
    assert "Latere wijzigingen bouwen hierop voort." in answer.text
    assert f"Bewerking {second.id}" in answer.text
    with connection():
        assert first_row(School).name == "Daarna"


def test_an_earlier_change_that_went_on_does_not_hide_the_button(coordinator: CheckedClient) -> None:
    first = edit(School, name="De Nieuwe Naam")
    second = edit(Person, family_name="Anders")
    with connection(), db.atomic():
        first.change(first_row(Person), family_name="Weer Anders")
        assert (list_dependents(first), list_dependents(second)) == ([second.id], [])
    page = coordinator.get(TRAIL).text
    assert f"/bewerkingen/{second.id}/terugdraaien" in page
    assert f"/bewerkingen/{first.id}/terugdraaien" not in page


def test_a_change_is_undone_once_and_for_thirty_days(coordinator: CheckedClient) -> None:
    with connection():
        name = first_row(School).name
    old = edit(School, name="Nieuw")
    with stopped_at(f"{TODAY + timedelta(days=31)} 09:00:00"):
        coordinator.sign_in("coordinator")
        assert coordinator.submit(f"/bewerkingen/{old.id}/terugdraaien").status_code == 409
        assert "Terugdraaien</button>" not in coordinator.get(TRAIL).text
    coordinator.sign_in("coordinator")
    assert coordinator.submit(f"/bewerkingen/{old.id}/terugdraaien").status_code == 302
    assert coordinator.submit(f"/bewerkingen/{old.id}/terugdraaien").status_code == 409
    with connection():
        assert first_row(School).name == name


def test_undoing_a_large_change_set_is_asked_first_with_its_numbers(coordinator: CheckedClient) -> None:
    with connection(), db.atomic():
        author = Account.get(Account.role == "coordinator").id
        imported = ChangeSet.begin(ChangeSetKind.IMPORT, author, ref=1, reason="namen.csv")
        employer, school, role = map(first_row, (Organisation, School, Role))
        for number in range(UNASKED):
            name = {"given_name": f"Sol {number}", "family_name": "Nieuw", "sort_key": "nieuw"}
            person = imported.add(Person, organisation=employer, slug=f"sol-{number}", **name)
            imported.add(Assignment, person=person, school=school, role=role, valid_from=TODAY)
        Account.update(person=person).where(Account.role == "member").execute()
        before = Person.select().count()
    undo = f"/bewerkingen/{imported.id}/terugdraaien"
    asked = undo_last(coordinator)
    assert asked.status_code == 303
    page = coordinator.get(asked.headers["Location"])
    for said in ("10 mensen verdwijnen", "10 plekken verdwijnen", "1 account hoort"):
        assert said in page.text
    with connection():
        assert Person.select().count() == before
    fields = {name: values[0] for name, values in hidden(page.text).items()}
    assert coordinator.submit(undo, fields).status_code == 302
    with connection():
        assert Person.select().count() == before - 10
    assert coordinator.get(undo).status_code == 404


def test_a_row_that_is_gone_and_the_days_of_a_week_have_words(portal_copy: Flask) -> None:
    ended = {"before": '{"valid_until": null}', "after": '{"valid_until": "2026-12-01"}'}
    week = {"before": '{"working_days": ""}', "after": '{"working_days": "1235"}'}
    with connection():
        texts = describe(
            Change(id=number, table=table, row="99999", **values)
            for number, (table, values) in enumerate(
                (("contact_detail", ended), ("assignment", ended), ("person", week))
            )
        )
    assert (texts[0].name, texts[1].name) == ("is er niet meer", "is er niet meer")
    assert texts[2].difference == "werkdagen: eerst leeg, nu ma, di, wo, vr"


# ---- Settings ----------------------------------------------------------------------------------


def test_no_text_promises_a_term_until_the_coordinator_types_one(coordinator: CheckedClient) -> None:
    assert "werkdag" not in coordinator.get("/toegankelijkheid").text
    save(coordinator, toegankelijkheid="1", aanvraag="5")
    assert "Je krijgt binnen 1 werkdag antwoord." in coordinator.get("/toegankelijkheid").text
    with connection():
        assert get_setting(SettingKey.ANSWER_DAYS).value == "5"
    for wrong in ("0", "-5", "vijf", "5,5", "100", "²"):
        answer = save(coordinator, aanvraag=wrong)
        assert answer.status_code == 422
        assert "Vul een aantal werkdagen in, zoals 5." in answer.text


def test_two_who_change_a_setting_see_both_values(coordinator: CheckedClient) -> None:
    page = hidden(coordinator.get(SETTINGS).text)
    save(coordinator, nummer="088 222 33 30")
    answer = coordinator.post(SETTINGS, data={**page, **NUMBER})
    assert answer.status_code == 409
    assert "088 222 33 30" in answer.text
    assert "0800 2000" in answer.text
    again = coordinator.post(SETTINGS, data={**hidden(answer.text), **NUMBER})
    assert again.status_code == 302
    with connection():
        assert get_setting(SettingKey.VEILIG_THUIS).value == "0800 2000"


def test_a_setting_that_was_undone_and_set_again_has_another_version(coordinator: CheckedClient) -> None:
    save(coordinator)
    page = hidden(coordinator.get(SETTINGS).text)
    undo_last(coordinator)
    save(coordinator, nummer="088 222 33 30")
    assert coordinator.post(SETTINGS, data={**page, **NUMBER}).status_code == 409


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"nummer": "bel maar"}, "Vul een telefoonnummer in"),
        ({"reden": ""}, "Schrijf in een paar woorden waarom"),
        ({"reden": "123456782"}, "Dit lijkt een burgerservicenummer."),
    ],
)
def test_a_setting_is_refused(coordinator: CheckedClient, fields: dict[str, str], message: str) -> None:
    answer = save(coordinator, **fields)
    assert answer.status_code == 422
    assert message in answer.text
    with connection():
        assert not Setting.select().exists()


def test_the_same_value_is_no_change(coordinator: CheckedClient) -> None:
    save(coordinator)
    save(coordinator)
    with connection():
        assert ChangeSet.select().count() == 1


def test_the_number_stands_in_the_tool_and_in_the_chapter(coordinator: CheckedClient) -> None:
    unknown = "Het nummer van Veilig Thuis staat niet in het Routeboek."
    pages = (
        "/routeboek/zorgen-over-veiligheid", "/routeboek/veilig-thuis-en-meldcode",
        "/routeboek/alles",
    )  # fmt: skip
    for path in pages:
        assert unknown in coordinator.get(path).text
    save(coordinator)
    for path in pages:
        page = coordinator.get(path).text
        assert unknown not in page
        assert 'href="tel:08002000"' in page


# ---- Clearing ----------------------------------------------------------------------------------


def test_personal_values_are_cleared_when_undoing_is_over(coordinator: CheckedClient) -> None:
    with connection():
        family = first_row(Person).family_name
    edit(Person, family_name="Anders")
    edit(School, name="De Nieuwe Naam")
    with stopped_at(f"{TODAY + timedelta(days=31)} 09:00:00"), connection():
        at = TODAY + timedelta(days=31)
        assert clear_old_values(_noon(at) - timedelta(days=30)) == 3  # a person and two reasons
        assert clear_old_values(_noon(at) - timedelta(days=30)) == 0
        stored = "".join(f"{c.before} {c.after}" for c in Change.select())
        reasons = [c.reason for c in ChangeSet.select().order_by(ChangeSet.id)]
    assert family not in stored
    assert "Anders" not in stored
    assert "De Nieuwe Naam" in stored
    assert reasons == ["", ""]
    assert f"achternaam: eerst {ERASED}, nu {ERASED}" in coordinator.get(TRAIL).text


def test_a_change_that_still_has_to_begin_keeps_its_values(portal_copy: Flask) -> None:
    with connection(), db.atomic():
        later = TODAY + timedelta(days=60)
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, None, effective_on=later)
        change_set.change(first_row(Person), family_name="Anders")
    with connection():
        assert clear_old_values(_noon(TODAY + timedelta(days=60))) == 0
        assert clear_old_values(_noon(TODAY + timedelta(days=61))) == 1


def test_a_forgotten_person_is_cleared_at_once_and_does_not_return(portal_copy: Flask) -> None:
    with connection(), db.atomic():
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, None)
        person = change_set.add(Person, organisation=1, given_name="Noora", family_name="Vergeten", working_days="")
        other = ChangeSet.begin(ChangeSetKind.EDIT, None)
        other.remove(person)
        assert clear_values_of(person.id) == 2
        undo(other)
        assert not Person.select().where(Person.id == person.id).exists()
        assert "Vergeten" not in "".join(f"{c.before} {c.after}" for c in Change.select())


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
