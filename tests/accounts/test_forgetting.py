"""A person who is forgotten is found nowhere: in no table, file, index, log or new backup."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import audit, clock
from portal.accounts import clearing, forgetting
from portal.accounts.models import Account
from portal.backups import forgotten_people
from portal.backups.make_and_restore import list_backups, make_backup
from portal.config import Config
from portal.database import connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import (
    Assignment,
    ContactDetail,
    ContactPoint,
    Holiday,
    Organisation,
    Person,
    Place,
    Role,
    School,
    Setting,
    SettingKey,
    Vacancy,
)
from portal.directory.undoing import take_back_from
from portal.imports.json_tuples import dump
from portal.imports.models import Import, RememberedWord
from portal.mail.models import DeliveryState, OutgoingMail
from portal.notices.models import Notice
from portal.readers.tables import Cell, Row, Table
from portal.requests.models import Mailbox, RequestDetails, Subject
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient, copied, switch
from tests.editing.conftest import fill_in, refusals, save
from tests.factories import coach, make_assignment, make_detail, make_notice, make_person, make_vacancy
from tests.notices.conftest import hidden

GIVEN, FAMILY = "Quirijntje", "Wolkenveld"
NAME, MAIL, NUMBER = f"{GIVEN} van {FAMILY}", "quirijntje.wolkenveld@cjg.example", "+31687654321"
TRACES = re.compile(f"{GIVEN}|{FAMILY}|87654321|87 65 43 21", re.IGNORECASE)


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


@pytest.fixture(scope="session")
def _with_known(_application: Flask, seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = copied(seeded, tmp_path_factory.mktemp("known"))
    portal = switch(_application, path)
    with stopped_at(f"{TODAY} 09:00:00"):
        _make_known(CheckedClient(portal, portal.response_class).sign_in("coordinator"))
    db.close()
    return path


@pytest.fixture
def template(request: pytest.FixtureRequest, seeded: Path, _with_known: Path) -> Path:
    """A database with the demo, and with somebody for a test that asks for them."""
    return _with_known if "known" in request.fixturenames else seeded


@pytest.fixture
def known(portal_copy: Flask) -> Person:
    """Somebody of whom every part of the portal holds something."""
    with connection():
        return Person.get(Person.family_name == FAMILY)


def _make_known(coordinator: CheckedClient) -> None:
    organisation = str(coach().organisation_id)
    answer = save(
        coordinator, "/beheer/mensen/nieuw", voornaam=GIVEN, tussenvoegsel="van",
        achternaam=FAMILY, organisatie=organisation, telefoon="06 87 65 43 21", email=MAIL,
        reden=f"{NAME} belde zelf.",
    )  # fmt: skip
    assert answer.status_code == 302, answer.text
    with connection():
        person: Person = Person.get(Person.family_name == FAMILY)
    make_assignment(person)
    notice = make_notice(text=f"{NAME} is ziek. Bel {GIVEN} niet; mail {MAIL} of 06-87654321.")
    with connection():
        account = Account.create(email=MAIL, name=NAME, role="member", person=person, created_at=clock.now())
        Notice.update(title=f"Afwezigheid van {NAME}", author_name=NAME, reply_to=MAIL, account=account).where(
            Notice.id == notice.id
        ).execute()
        for number, recipient in enumerate([MAIL, "ander@cjg.example"]):
            OutgoingMail.create(
                key=f"test:{number}:{recipient}", recipient=recipient, subject=f"Over {NAME}",
                body=f"Beste {GIVEN} van {FAMILY},\n\nBel 0687654321.", message_id=f"<{number}>",
                reply_to=f"po@x.example, {MAIL}", created_at=clock.now(),
                waiting_since=clock.now(), next_attempt_at=clock.now(),
            )  # fmt: skip
        details = RequestDetails.get()
        RequestDetails.update(
            name=NAME,
            email=MAIL,
            answers=json.dumps([["Wat vraag je?", f"Groet, {GIVEN}"]]),
            recipients=f"po@x.example; {MAIL}",
        ).where(RequestDetails.request == details.request_id).execute()
        cells = (Cell("De Ark"), Cell(f"van {FAMILY}"), Cell(GIVEN))
        Import.create(
            label="lijst.xlsx", sender="CJG", at=clock.now(), made_on=TODAY, effective_on=TODAY,
            state="open", tables=dump([Table("Blad1", (Row(2, cells),))]),
        )  # fmt: skip
        RememberedWord.create(
            sender="cjg", key=f"person:{GIVEN.lower()} van {FAMILY.lower()}", word=NAME,
            meaning=str(person.id),
        )  # fmt: skip


def list_texts() -> Iterator[tuple[str, str]]:
    """Every value of every table, also of those without a model, with the name of its table."""
    for table in db.get_tables():
        for row in db.execute_sql(f'SELECT * FROM "{table}"').fetchall():
            yield table, " ".join(map(str, row))


def find_traces() -> set[str]:
    """The tables that hold a trace."""
    with connection():
        return {table for table, text in list_texts() if TRACES.search(text)}


def forget(client: CheckedClient, person: Person) -> str:
    path = f"/beheer/mensen/{person.id}/vergeten"
    answer = save(client, path, naam=NAME.upper(), reden=f"{NAME} vroeg het zelf.")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_a_forgotten_person_is_in_no_table(coordinator: CheckedClient, known: Person) -> None:
    before = find_traces()
    assert before >= {
        "person", "contact_detail", "account", "notice", "outgoing_mail", "request_details",
        "import", "remembered_word", "search_document", "change", "change_set",
    }  # fmt: skip
    then = forget(coordinator, known)
    assert find_traces() == set()
    assert "Deze persoon is vergeten." in coordinator.get(then).text


# People of whom a text has another spelling of the name than the directory.
SPELLINGS = [
    (("Pieter-Jan", "", "Quastelmans"), "P.J. Quastelmans; Pieterjan Quastelmans"),
    (("Truida", "van der", "Zwaluwhorst"), "T. v.d. Zwaluwhorst; Zwaluwhorst, Truida v/d"),
    (("Anne-Marie", "van", "Plempe-de Roggeveld"), "A. van Plempe; AnneMarie de Roggeveld"),
    (("Bas", "", "Kwartel"), "bas kwartel; BAS KWARTEL; B. Kwartel"),
    (("Siân", "", "O'Quilligan"), "S. O’Quilligan; Sian OQuilligan; Sia\u0302n O'Quilligan"),
]
COLUMNS: list[tuple[Any, str]] = [
    (ContactPoint, "aliases"), (ContactPoint, "hours"), (School, "aliases"), (Vacancy, "source"),
    (Role, "call_about"), (Holiday, "name"), (Place, "hint"), (Setting, "value"),
    (Organisation, "name"), (Subject, "explanation"), (Assignment, "source"), (Notice, "text"),
    (RequestDetails, "answers"), (OutgoingMail, "subject"),
]  # fmt: skip


def test_names_are_found_in_every_column_however_they_are_spelled(portal_copy: Flask, known: Person) -> None:
    texts = [text for _, text in SPELLINGS]
    with connection(), portal_copy.app_context():
        people = [
            Person.create(organisation=known.organisation_id, given_name=given, infix=infix, family_name=family)
            for (given, infix, family), _ in SPELLINGS
        ]
        Organisation.create(key="praktijk", name="Praktijk", kind=Organisation.PARTNER)
        Setting.delete().execute()
        Setting.create(key=SettingKey.ANSWER_DAYS, value="5")
        make_vacancy("cjg-coach")
        for model, column in COLUMNS:
            key = model._meta.primary_key
            last = model.select(key).order_by(key.desc()).limit(1)
            text = json.dumps(texts) if column == "answers" else f"Een bas of {'; '.join(texts)}."
            changed = model.update({column: text}).where(key.in_(last)).execute()
            assert changed == 1, (model, column)
        School.update(website="https://x.example/bas-kwartel/").where(School.code == "16LF00").execute()
        for person in people:
            forgetting.forget(person.id, None, "Wens.")
        families = "Quastelmans|Zwaluwhorst|Plempe|Roggeveld|Kwartel|Quilligan|Truida|Pieter.?Jan"
        assert [text for _, text in list_texts() if re.search(families, text, re.IGNORECASE)] == []
        assert Organisation.get(Organisation.key == "praktijk").name.startswith("Een bas of voor")
        assert School.get_by_id("16LF00").website == ""


def test_the_page_shows_where_a_family_name_stands_that_may_be_of_another(
    coordinator: CheckedClient, known: Person
) -> None:
    with connection():
        first = ContactPoint.get()
        ContactPoint.update(note=f"Vraag mw. {FAMILY}.", hours="ma").where(ContactPoint.id == first.id).execute()
    page = coordinator.get(f"/beheer/mensen/{known.id}/vergeten").text
    assert "Kijk hier zelf naar" in page
    assert f"Vraag mw. {FAMILY}." in page


@pytest.mark.sqlite("reads the file")
def test_a_forgotten_person_is_in_no_file(portal_copy: Flask, coordinator: CheckedClient, known: Person) -> None:
    """The database with its WAL, the logs, and a new backup."""
    settings: Config = portal_copy.config["KERNWIJZER"]
    before = {path.suffix for path in list_files(settings) if holds_traces(path)}
    assert before & {".sqlite", ".sqlite-wal"}
    forget(coordinator, known)
    make_backup(settings, clock.now())
    assert [path for path in list_files(settings) if holds_traces(path)] == []


def list_files(settings: Config) -> list[Path]:
    return [path for path in settings.database.parent.rglob("*") if path.is_file()]


def holds_traces(path: Path) -> bool:
    return bool(re.search(TRACES.pattern.encode(), path.read_bytes(), re.IGNORECASE))


def test_the_preview_changes_nothing(coordinator: CheckedClient, known: Person) -> None:
    with connection():
        before = sorted(list_texts())
    page = coordinator.get(f"/beheer/mensen/{known.id}/vergeten").text
    assert "Meldingen: 1 rij" in page
    assert "Accounts: 1 rij" in page
    assert "Cjg-coach van" in page or "CJG-coach van" in page
    with connection():
        assert sorted(list_texts()) == before


def test_the_name_and_a_reason_are_asked(coordinator: CheckedClient, known: Person) -> None:
    path = f"/beheer/mensen/{known.id}/vergeten"
    told = refusals(coordinator, path, naam=FAMILY, reden="")
    assert told == [
        f"Typ de hele naam: {NAME}.",
        "Schrijf in een paar woorden waarom, bijvoorbeeld dat die persoon het vroeg.",
    ]
    assert find_traces()


def test_the_pages_of_a_forgotten_person_say_so(coordinator: CheckedClient, known: Person) -> None:
    forget(coordinator, known)
    for path in ("personen/{}", "personen/{}.vcf", "beheer/mensen/{}", "beheer/mensen/{}/vergeten"):
        answer = coordinator.get(f"/{path.format(known.id)}")
        assert answer.status_code == 410, path
        assert "Wat hier stond, is gewist" in answer.text
    assert coordinator.get("/personen/999999").status_code == 404


def test_the_trail_says_that_and_by_whom_without_the_name(coordinator: CheckedClient, known: Person) -> None:
    forget(coordinator, known)
    page = coordinator.get("/beheer/spoor").text
    assert f"Vergeten persoon {known.id}" in page
    assert "voormalig medewerker vroeg het zelf." in page


def test_nothing_is_undone_that_brings_the_person_back(coordinator: CheckedClient, known: Person) -> None:
    """Neither the adding of the person, nor the end or removal of a post, nor the forgetting."""
    (post,) = [row.id for row in list_posts(known)]
    ended = save(coordinator, f"/beheer/mensen/{known.id}/plekken/{post}", laatste_dag="31-12-2026")
    assert ended.status_code == 302, ended.text
    another = make_assignment(known, school="01JO17")
    with connection():
        with db.atomic():
            ChangeSet.begin(ChangeSetKind.EDIT, None).remove(another)
        sets = [row.id for row in ChangeSet.select().order_by(ChangeSet.id.desc())]
    forget(coordinator, known)
    with connection():
        erasure = ChangeSet.get(ChangeSet.kind == ChangeSetKind.ERASURE).id
    for number in (erasure, *sets):
        answer = coordinator.submit(f"/bewerkingen/{number}/terugdraaien", {"zeker": "ja"})
        assert answer.status_code in (302, 409), number
    assert find_traces() == set()
    with connection():
        assert not Person.get_or_none(Person.id == known.id)
        states = [ChangeSet.get_by_id(number).state for number in sets[:2]]
        assert states == ["undone", "undone"]  # of both posts, without an error


def list_posts(person: Person) -> list[Assignment]:
    with connection():
        return list(Assignment.select().where(Assignment.person == person))


def test_a_notice_that_runs_can_be_withdrawn_afterwards(coordinator: CheckedClient, known: Person) -> None:
    """The undoing of a notice of today about the person skips what is gone."""
    with connection(), db.atomic():
        notice = Notice.get(Notice.title.contains(NAME))
        change_set = ChangeSet.get((ChangeSet.kind == ChangeSetKind.NOTICE) & (ChangeSet.ref == notice.id))
        post = Assignment.get(Assignment.person == known)
        change_set.change(post, valid_until=TODAY)
        change_set.add(Assignment, person=coach(), role=post.role_id, school=post.school_id,
                       valid_from=TODAY)  # fmt: skip
        ChangeSet.update(effective_on=TODAY).where(ChangeSet.id == change_set.id).execute()
    forget(coordinator, known)
    page = coordinator.get(f"/wijzigingen/{notice.id}")
    assert "voormalig medewerker" in page.text
    with connection(), db.atomic():
        take_back_from(ChangeSet.get_by_id(change_set.id), TODAY)
        assert Person.get_or_none(Person.id == known.id) is None


def test_somebody_with_the_same_name_or_number_keeps_theirs(coordinator: CheckedClient, known: Person) -> None:
    with connection():
        Person.update(infix="").where(Person.id == known.id).execute()
    other = make_person(GIVEN, FAMILY)
    make_detail(other, as_typed := "06 - 87 65 43 21")
    save(coordinator, f"/beheer/mensen/{known.id}/vergeten", naam=f"{GIVEN} {FAMILY}", reden="Wens.")
    with connection():
        assert Person.get_by_id(other.id).name == f"{GIVEN} {FAMILY}"
        assert ContactDetail.get(ContactDetail.person == other).value == as_typed
        assert not [text for _, text in list_texts() if MAIL in text]
    assert f"{GIVEN} {FAMILY}" in coordinator.get(f"/personen/{other.id}").text


def test_an_account_with_the_address_goes_along_and_one_of_a_colleague_stays(portal_copy: Flask, known: Person) -> None:
    """Somebody signed in by their mail domain, and nobody linked the account yet."""
    with connection(), portal_copy.app_context():
        Account.update(person=None, name="quirijntje.wolkenveld").where(Account.email == MAIL).execute()
        make_detail(known, Account.get(Account.role == "administrator").email, "email")
        before = Account.select().count()
        forgetting.forget(known.id, None, "Wens.")
        assert Account.select().count() == before - 1
    assert find_traces() == set()


def test_mail_to_the_person_is_dropped_and_other_mail_goes(coordinator: CheckedClient, known: Person) -> None:
    forget(coordinator, known)
    with connection():
        mails = list(OutgoingMail.select().where(OutgoingMail.message_id.in_(["<0>", "<1>"])))
    first, second = sorted(mails, key=lambda mail: mail.message_id)
    assert (first.state, first.recipient, first.body) == (DeliveryState.DROPPED, "", "")
    assert (second.state, second.recipient) == (DeliveryState.WAITING, "ander@cjg.example")
    assert second.body == "Beste voormalig medewerker,\n\nBel (gewist)."
    assert second.reply_to == "po@x.example"


def test_who_still_gets_requests_is_not_forgotten_yet(coordinator: CheckedClient, known: Person) -> None:
    with connection():
        newest = Mailbox.select().order_by(Mailbox.id.desc()).get()
        Mailbox.update(address=MAIL).where(Mailbox.id == newest.id).execute()
    page = coordinator.get(f"/beheer/mensen/{known.id}/vergeten").text
    assert "Aanvragen gaan naar dit adres. Kies eerst een andere postbus." in page
    assert "Voorgoed vergeten" not in page


def test_a_file_that_is_being_read_may_hold_the_person(coordinator: CheckedClient, known: Person) -> None:
    with connection():
        Import.update(state="waiting").execute()
    page = coordinator.get(f"/beheer/mensen/{known.id}/vergeten").text
    assert "Er wordt nu een bestand ingelezen." in page


def test_a_file_without_the_person_stays(coordinator: CheckedClient, known: Person) -> None:
    with connection():
        Import.create(
            label="andere.xlsx", sender="CJG", at=clock.now(), made_on=TODAY, effective_on=TODAY,
            state="open", tables=dump([Table("Blad1", (Row(2, (Cell("Anna"), Cell("Visser"))),))]),
        )  # fmt: skip
    forget(coordinator, known)
    with connection():
        assert [row.label for row in Import.select()] == ["andere.xlsx"]


def test_nobody_forgets_themselves_or_somebody_above_them(coordinator: CheckedClient, known: Person) -> None:
    with connection():
        Account.update(role="administrator").where(Account.email == MAIL).execute()
    path = f"/beheer/mensen/{known.id}/vergeten"
    answer = coordinator.submit(path, {"naam": NAME, "reden": "Zomaar."})
    assert answer.status_code == 409
    assert "Deze persoon beheert de portal. Vraag een beheerder." in answer.text
    with connection():
        me = Account.get(Account.role == "coordinator")
        Account.update(person=known).where(Account.id == me.id).execute()
    answer = coordinator.submit(path, {"naam": NAME, "reden": "Zomaar."})
    assert answer.status_code == 409
    assert "Dit ben je zelf." in answer.text


def test_two_coordinators_forget_somebody_once(portal_copy: Flask, coordinator: CheckedClient, known: Person) -> None:
    path = f"/beheer/mensen/{known.id}/vergeten"
    form = fill_in(coordinator, path, naam=NAME, reden="Wens.")
    forget(coordinator, known)
    assert coordinator.post(path, data=form).status_code == 410
    with connection():
        assert ChangeSet.select().where(ChangeSet.kind == ChangeSetKind.ERASURE).count() == 1


def test_who_was_merged_away_is_forgotten_too(coordinator: CheckedClient, known: Person) -> None:
    """The old name of the other stands in the trail only."""
    other = make_person("Truusje", "Oudelandse")
    path = f"/beheer/mensen/{known.id}/samenvoegen"
    preview = coordinator.post(path, data=fill_in(coordinator, path, ander=str(other.id)))
    merged = coordinator.post(path, data=hidden(preview.text) | {"stap": "samenvoegen"})
    assert merged.status_code == 302
    with connection():
        assert [text for _, text in list_texts() if "Oudelandse" in text]
    forget(coordinator, known)
    with connection():
        assert [text for _, text in list_texts() if "Oudelandse" in text] == []


def test_who_left_half_a_year_ago_is_forgotten(portal_copy: Flask, known: Person) -> None:
    later = datetime(2027, 9, 1, tzinfo=UTC)
    with connection(), stopped_at(later), portal_copy.app_context():
        before = datetime(2027, 1, 1, 12, tzinfo=UTC)
        clearing.forget_departed(before)  # others of the demo
        assert Person.get_or_none(Person.id == known.id)  # still works
        post = Assignment.person == known
        Assignment.update(valid_until=date(2027, 1, 1)).where(post).execute()
        assert clearing.forget_departed(before) == 0  # has access
        Account.update(active_until=date(2027, 1, 1)).where(Account.email == MAIL).execute()
        assert clearing.forget_departed(datetime(2026, 12, 1, tzinfo=UTC)) == 0  # too soon
        assert clearing.forget_departed(before) == 1
    assert find_traces() == set()


def test_who_never_had_a_post_is_forgotten_half_a_year_after_being_added(portal_copy: Flask, known: Person) -> None:
    """By the same rule; also one whom the trail does not know."""
    older = make_person("Nooit", "Geplaatst")
    with connection(), stopped_at(datetime(2027, 9, 1, tzinfo=UTC)), portal_copy.app_context():
        Assignment.delete().where(Assignment.person == known).execute()
        Account.update(person=None, email="ander@cjg.example", name="").where(Account.email == MAIL).execute()
        clearing.forget_departed(datetime(2026, 11, 23, tzinfo=UTC))  # the day of adding
        assert Person.get_or_none(Person.id == known.id)
        assert Person.get_or_none(Person.id == older.id) is None
        assert clearing.forget_departed(datetime(2026, 11, 25, tzinfo=UTC)) == 1
    assert find_traces() == set()


def test_a_restore_forgets_again(own_portal: Flask, known_of_own: Person) -> None:
    """Of two backups, the list beside them is applied to the one of before."""
    settings: Config = own_portal.config["KERNWIJZER"]
    with own_portal.app_context(), connection():
        make_backup(settings, clock.now())
        with stopped_at(clock.now() + timedelta(hours=1)):
            forgetting.forget(known_of_own.id, None, "Wens.")
    (_, backup), *_ = list_backups(settings)
    db.close()
    result = own_portal.test_cli_runner().invoke(args=["restore", str(backup)])
    assert result.exit_code == 0, result.output
    assert find_traces() == set()
    assert list(forgotten_people.read(settings).people) == [known_of_own.id]
    db.close()


def test_no_id_is_given_again(own_portal: Flask, known_of_own: Person) -> None:
    """Neither after the end of a row, nor after a restore of a backup from before it."""
    settings: Config = own_portal.config["KERNWIJZER"]

    def add_account() -> int:
        values = {"email": MAIL, "name": NAME, "role": "member", "created_at": clock.now()}
        return int(Account.create(**values, person=None).id)

    with own_portal.app_context(), connection():
        make_backup(settings, clock.now())
        person, account = make_person("Elsje", "Tussenland"), add_account()
        with stopped_at(clock.now() + timedelta(hours=1)):
            forgetting.forget(person.id, None, "Wens.")
            Account.delete().where(Account.id == account).execute()
            assert (make_person().id, add_account()) == (person.id + 1, account + 1)
            forgetting.keep_list()
    (_, backup), *_ = list_backups(settings)
    db.close()
    result = own_portal.test_cli_runner().invoke(args=["restore", str(backup)])
    assert result.exit_code == 0, result.output
    with connection():
        assert make_person().id > person.id + 1
        assert add_account() > account + 1
    db.close()


def test_the_list_is_not_for_a_database_that_went_on(own_portal: Flask, known_of_own: Person) -> None:
    """Its ids belong to the people of another database."""
    settings: Config = own_portal.config["KERNWIJZER"]
    with own_portal.app_context(), connection():
        forgotten_people.keep(settings, {known_of_own.id: clock.now() - timedelta(days=1)})
        audit.record(None, "exported", "trail", 1)
        assert list(forgetting.forget_again()) == [
            f"Persoon {known_of_own.id} is blijven staan. Wis die zelf, als het dezelfde is."
        ]
    assert "person" in find_traces()


def test_of_an_id_that_was_given_again_the_last_moment_counts(own_portal: Flask) -> None:
    settings: Config = own_portal.config["KERNWIJZER"]
    first, second = clock.now() - timedelta(days=2), clock.now()
    with connection():
        for moment in (first, second, first):
            forgotten_people.keep(settings, {7: moment})
    assert forgotten_people.read(settings).people == {7: second}


def test_the_backup_job_writes_what_another_machine_forgot(own_portal: Flask, known_of_own: Person) -> None:
    settings: Config = own_portal.config["KERNWIJZER"]
    with own_portal.app_context(), connection():
        forgetting.forget(known_of_own.id, None, "Wens.")
        forgotten_people.get_path(settings).unlink()
        forgetting.keep_list()
    assert list(forgotten_people.read(settings).people) == [known_of_own.id]


@pytest.fixture
def known_of_own(own_portal: Flask) -> Person:
    person = make_person(GIVEN, FAMILY)
    make_detail(person, NUMBER)
    make_detail(person, MAIL, "email")
    return person
