"""The difference between a file and the directory, and writing it."""

import threading
from datetime import date, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.accounts.models import Account
from portal.accounts.sign_in_addresses import find_by_address
from portal.database import Outdated, connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind, RuleViolation
from portal.directory.models import Absence, Assignment, ContactDetail, Person, Role, School, Substitute, Vacancy
from portal.directory.undoing import take_back
from portal.imports import decisions_and_clearing, reading_now_or_later, rejected_rows
from portal.imports.apply import apply_import, list_differences, reopen_undone
from portal.imports.difference import Difference, Kind, fingerprint, number_to_type
from portal.imports.models import Coverage, Import, ImportState, RememberedWord
from portal.mail.models import OutgoingMail
from tests.clock import TODAY
from tests.factories import (
    CAMELOT,
    directory_rows,
    make_account,
    make_assignment,
    make_detail,
    make_person,
    make_vacancy,
    role,
)
from tests.imports.files import UNKNOWN_SCHOOL, lines, make_file_import

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NOOR = "Camelot;CJG-coach;Noor Proef;CJG Kennemerland;0612345981;noor@cjg.example;ma di;;"


@pytest.fixture(autouse=True)
def portal(portal_copy: Flask) -> Flask:
    """A portal in which nobody holds anything at Camelot, so that a test says who does."""
    with connection():
        Substitute.delete().execute()
        Assignment.delete().where(Assignment.school == CAMELOT).execute()
        Vacancy.delete().execute()
    return portal_copy


def differences(row: Import) -> list[Difference]:
    with connection():
        opened = reading_now_or_later.open_import(Import.get_by_id(row.id))
        assert opened and not opened.found.questions, opened
        return list_differences(opened)


def apply(row: Import, *ticked: str) -> None:
    with connection():
        seen = fingerprint(differences(row))
        author = Account.get(Account.role == "coordinator").id
        assert apply_import(row.id, ticked, seen, author) == []


def holders(role_key: str = "cjg-coach") -> list[tuple[str, date, date | None]]:
    """The holders of a role at Camelot, since when and until when."""
    with connection():
        rows = Assignment.select().join(Role).where((Assignment.school == CAMELOT) & (Role.key == role_key))
        return [
            (row.person.name, row.valid_from, row.valid_until)
            for row in rows.order_by(Assignment.valid_from, Assignment.id)
        ]


def edit(row: object, **values: object) -> None:
    """A change by the coordinator."""
    with connection(), db.atomic():
        author = Account.get(Account.role == "coordinator").id
        ChangeSet.begin(ChangeSetKind.EDIT, author).change(row, **values)


def test_a_file_is_one_change_set_that_nobody_hears_of_and_that_can_be_undone() -> None:
    with connection():
        before, mails = directory_rows(), OutgoingMail.select().count()
    row = make_file_import(lines(NOOR, "Camelot;Directeur;VACATURE;;;;;;"))
    with connection():
        assert directory_rows() == before  # nothing is written by looking
    apply(row)
    with connection():
        noor = Person.get(Person.family_name == "Proef")
        assert holders() == [("Noor Proef", TODAY, None)]
        assert Vacancy.select().count() == 1
        assert noor.working_days == "12"
        post = Assignment.get(Assignment.person == noor)
        assert (post.source, post.checked_on) == (f"Import {row.id}", None)
        (change_set,) = ChangeSet.select().where(ChangeSet.kind == ChangeSetKind.IMPORT)
        assert Import.get_by_id(row.id).change_set == change_set.id
        assert OutgoingMail.select().count() == mails
        with db.atomic():
            take_back(change_set.id, 1)
        assert directory_rows() == before


def test_a_mobile_number_is_for_who_is_signed_in() -> None:
    apply(make_file_import(lines(NOOR, "Camelot;CJG-coach;Bo Test;CJG Kennemerland;0235550111;;;;")))
    with connection():
        seen = {row.value: row.visibility for row in ContactDetail.select() if row.checked_on is None}
    assert seen == {
        "+31612345981": "members", "noor@cjg.example": "open", "+31235550111": "open",
    }  # fmt: skip


def test_the_same_file_again_changes_nothing() -> None:
    apply(make_file_import(lines(NOOR)))
    assert {one.kind for one in differences(make_file_import(lines(NOOR)))} == {Kind.STAYS}


def test_one_holder_follows_the_other_from_the_day_of_the_import() -> None:
    """Earlier days keep their answers, whatever day the file names."""
    make_assignment(make_person("Oud", "Baas"), "directeur", valid_from=TODAY - timedelta(days=90))
    row = make_file_import(lines("Camelot;Directeur;Nina Nieuw;;;;;1-9-2026;"))
    (one, *_) = differences(row)
    assert (one.kind, one.before, one.after, one.start) == (
        Kind.CHANGED, "Oud Baas", "Nina Nieuw", TODAY,
    )  # fmt: skip
    apply(row)
    assert [name for name, *_ in holders("directeur")] == ["Oud Baas", "Nina Nieuw"]
    assert holders("directeur")[0][2] == TODAY


def test_a_successor_who_was_announced_stays() -> None:
    make_assignment(make_person("Later", "Baas"), "directeur", valid_from=date(2027, 3, 1))
    apply(make_file_import(lines("Camelot;Directeur;Nina Nieuw;;;;;;")))
    assert holders("directeur") == [
        ("Nina Nieuw", TODAY, date(2027, 3, 1)), ("Later Baas", date(2027, 3, 1), None),
    ]  # fmt: skip


def test_a_vacancy_is_filled_and_a_holder_leaves_one() -> None:
    make_vacancy("directeur", valid_from=YESTERDAY)
    apply(make_file_import(lines("Camelot;Directeur;Nina Nieuw;;;;;;")))
    with connection():
        assert Vacancy.get().valid_until == TODAY
    row = make_file_import(lines("Camelot;Directeur;VACATURE;;;;;1-1-2027;"))
    assert [(d.kind, d.before, d.after) for d in differences(row)] == [(Kind.CHANGED, "Nina Nieuw", "vacature")]
    apply(row)
    assert holders("directeur") == [("Nina Nieuw", TODAY, date(2027, 1, 1))]


def test_a_last_day_that_differs_is_other() -> None:
    apply(make_file_import(lines(NOOR)))
    apply(make_file_import(lines(NOOR.removesuffix(";") + ";31-12-2026")))
    assert holders() == [("Noor Proef", TODAY, date(2027, 1, 1))]


def test_an_absence_brings_its_substitute() -> None:
    row = make_file_import(
        lines(
            "Camelot;CJG-coach;Jet Kooijman (zwangerschapsverlof t/m 1-2-2027, vervanging door "
            "Floor Aarts);CJG Kennemerland;;;;;"
        )
    )
    apply(row)
    with connection():
        absence = Absence.get(Absence.checked_on.is_null())
        assert (absence.person.name, absence.valid_until) == ("Jet Kooijman", date(2027, 2, 2))
        assert Substitute.get().person.name == "Floor Aarts"


# ---- Who is missing ------------------------------------------------------------------------------


def test_who_is_missing_never_stops_by_itself() -> None:
    make_assignment(make_person("Stil", "Weg"))
    partly = make_file_import(lines(NOOR))
    assert Kind.ENDS not in {one.kind for one in differences(partly)}
    for coverage in (Coverage.ITS_SCHOOLS, Coverage.EVERYTHING):
        row = make_file_import(lines(NOOR), coverage=coverage)
        ends = [one for one in differences(row) if one.kind is Kind.ENDS]
        assert "Stil Weg" in {one.before for one in ends}
        assert ({one.school for one in ends} == {CAMELOT}) is (coverage is Coverage.ITS_SCHOOLS)
    apply(row)
    assert ("Stil Weg", TODAY, None) in holders()


def test_who_was_ticked_stops_and_many_have_to_be_typed() -> None:
    make_assignment(make_person("Stil", "Weg"), valid_from=YESTERDAY)
    row = make_file_import(lines(NOOR), coverage=Coverage.ITS_SCHOOLS)
    found = differences(row)
    (end,) = [one for one in found if one.kind is Kind.ENDS]
    assert number_to_type(found, [end]) == 1
    many = [end._replace(kind=Kind.STAYS)] * 9
    assert number_to_type([*many, end], [end]) == 0  # exactly 10 per cent
    apply(row, end.key)
    assert ("Stil Weg", YESTERDAY, TODAY) in holders()


# ---- What is told about people -------------------------------------------------------------------


def test_another_number_holds_from_the_day_on_and_an_empty_cell_says_nothing() -> None:
    apply(make_file_import(lines(NOOR)))
    other = NOOR.replace("0612345981", "0612345982").replace("noor@cjg.example", "")
    row = make_file_import(lines(other), effective_on=TOMORROW)
    (one,) = [d for d in differences(row) if d.kind is not Kind.STAYS]
    assert (one.before, one.after) == ("Noor Proef: 06 12 34 59 81", "06 12 34 59 82")
    apply(row)
    with connection():
        noor = Person.get(Person.family_name == "Proef")
        rows = ContactDetail.select().where(ContactDetail.person == noor)
        assert {(row.value, row.valid_until) for row in rows} == {
            ("+31612345981", TOMORROW), ("+31612345982", None), ("noor@cjg.example", None),
        }  # fmt: skip


def test_an_empty_cell_means_away_only_where_its_column_was_said_to() -> None:
    apply(make_file_import(lines(NOOR)))
    bo = "Camelot;CJG-coach;Bo Test;CJG Kennemerland;0612345983;;wo;;"
    apply(make_file_import(lines(bo)))
    row = make_file_import(lines(bo, NOOR.replace("0612345981", "").replace("ma di", "")))
    assert {one.kind for one in differences(row)} == {Kind.STAYS}
    with connection():
        opened = reading_now_or_later.open_import(row)
        assert opened
        keys = {c.heading: c.key for sheet in opened.found.sheets for c in sheet.columns}
        told = {
            decisions_and_clearing.EMPTY + keys[name]: reading_now_or_later.Decision(decisions_and_clearing.GONE, name)
            for name in ("telefoon", "werkdagen")
        }
        decisions_and_clearing.decide(row.id, told, {})
    (one,) = [d for d in differences(row) if d.kind is not Kind.STAYS]
    assert (one.before, one.after) == ("Noor Proef: 06 12 34 59 81, ma, di", "niets")
    apply(row)
    with connection():
        noor = Person.get(Person.family_name == "Proef")
        assert noor.working_days == ""


def test_somebody_in_two_rows_is_one_person() -> None:
    apply(make_file_import(lines(NOOR, NOOR.replace("Camelot", "Het Schelpenpad").replace("0612345981", ""))))
    with connection():
        assert Person.select().where(Person.family_name == "Proef").count() == 1


def test_a_file_gives_no_account_another_address(portal: Flask) -> None:
    """The keeper of a file could sign in as somebody else: it is asked, and never trusted."""
    for kept in (True, False):
        person = make_person("Ada", f"Account{'ab'[kept]}", "cjg-kennemerland")
        make_detail(person, "ada@cjg.example", "email")
        account = make_account("coordinator", person)
        with connection():
            Account.update(email="ada@cjg.example").where(Account.id == account.id).execute()
        file = f"Camelot;CJG-coach;{person.name};CJG Kennemerland;;kwaad@kwaad.example;;;"
        row = make_file_import(lines(file))
        answer(row, str(person.id))
        (one,) = [d for d in differences(row) if not d.school]
        assert "account" in one.conflict
        apply(row, *([] if kept else [one.key]))
        with connection():
            values = {d.value for d in ContactDetail.select().where(ContactDetail.person == person)}
            assert ("kwaad@kwaad.example" in values) is not kept
            assert find_by_address("kwaad@kwaad.example") is None
            away = Account.update(email=f"weg{account.id}@cjg.example")
            away.where(Account.id == account.id).execute()
            ContactDetail.delete().where(ContactDetail.person == person).execute()


# ---- What somebody changed since -----------------------------------------------------------------


@pytest.mark.parametrize("made_on", [TODAY, YESTERDAY, TOMORROW])
def test_what_a_person_changed_since_is_a_conflict_and_stays(made_on: date) -> None:
    old = make_assignment(make_person("Oud", "Baas"), "directeur", valid_from=YESTERDAY)
    edit(old, valid_until=date(2027, 5, 1))
    row = make_file_import(lines("Camelot;Directeur;Nina Nieuw;;;;;;"), made_on=made_on)
    (one, *_) = differences(row)
    assert bool(one.conflict) is (made_on <= TODAY)
    apply(row)
    names = [name for name, *_ in holders("directeur")]
    assert names == (["Oud Baas"] if made_on <= TODAY else ["Oud Baas", "Nina Nieuw"])


def test_a_conflict_that_was_ticked_takes_the_file() -> None:
    old = make_assignment(make_person("Oud", "Baas"), "directeur", valid_from=YESTERDAY)
    edit(old, valid_until=date(2027, 5, 1))
    row = make_file_import(lines("Camelot;Directeur;Nina Nieuw;;;;;;"))
    apply(row, differences(row)[0].key)
    assert [name for name, *_ in holders("directeur")] == ["Oud Baas", "Nina Nieuw"]


def test_somebody_who_was_taken_away_since_does_not_return_by_a_file() -> None:
    apply(make_file_import(lines(NOOR), made_on=YESTERDAY))
    with connection():
        post = Assignment.get(Assignment.checked_on.is_null())
    edit(post, valid_until=TOMORROW)
    row = make_file_import(lines(NOOR), effective_on=TOMORROW)
    (one,) = [d for d in differences(row) if d.kind is not Kind.STAYS]
    assert "na de datum van het bestand" in one.conflict
    number = make_detail(make_person("Bo", "Vissers", "cjg-kennemerland"), "+31612345911")
    edit(number, value="+31612345912")
    row = make_file_import(lines("Camelot;CJG-coach;Bo Vissers;CJG Kennemerland;0612345913;;;;"))
    assert [d.conflict != "" for d in differences(row) if not d.school] == [True]


def test_two_people_of_the_file_for_one_post_are_looked_at() -> None:
    row = make_file_import(lines("Camelot;Directeur;Nina Nieuw;;;;;;", "Camelot;Directeur;Ook Nieuw;;;;;;"))
    with connection():
        opened = reading_now_or_later.open_import(row)
        assert opened
        apply(row)
    assert len(holders("directeur")) == 1


# ---- Who applies it ------------------------------------------------------------------------------


def test_what_was_seen_is_what_is_written() -> None:
    row = make_file_import(lines(NOOR))
    seen = fingerprint(differences(row))
    edit(Person.get(), given_name="Anders")  # nothing that the file is about
    with connection():
        make_assignment(make_person("Noor", "Proef", "cjg-kennemerland"))
        with pytest.raises(Outdated):
            apply_import(row.id, (), seen, 1)
    apply(row)
    with connection(), pytest.raises(Outdated):
        apply_import(row.id, (), seen, 1)  # it was applied


def test_what_contradicts_the_directory_is_told_and_the_rest_is_done() -> None:
    before = TODAY - timedelta(days=9)
    make_assignment(make_person(), "directeur", valid_from=before, valid_until=YESTERDAY)
    row = make_file_import(lines(NOOR, "Camelot;Directeur;Nina Nieuw;;;;;;"))
    with connection(), pytest.MonkeyPatch.context() as patch:

        def refuse(*arguments: object, **options: object) -> None:
            if arguments[2] == role("directeur"):
                raise RuleViolation("Dat kan niet.")
            assign(*arguments, **options)  # type: ignore[arg-type]

        from portal.directory.assignments import assign

        patch.setattr("portal.imports.apply.assignments.assign", refuse)
        (refused,) = apply_import(row.id, (), fingerprint(differences(row)), 1)
        assert refused.reason == "Dat kan niet."
        assert not Person.select().where(Person.given_name == "Nina").exists()
        assert rejected_rows.count_rejected(Import.get_by_id(row.id)) == 1
    assert holders() == [("Noor Proef", TODAY, None)]


@pytest.mark.parametrize("until", ["1-8-2026", "31-7-2027", "1-1-2026"])
def test_a_last_day_before_the_first_is_refused_where_nobody_was(until: str) -> None:
    row = make_file_import(lines(f"Camelot;CJG-coach;Noor Proef;CJG Kennemerland;;;;1-8-2027;{until}"))
    with connection():
        seen = fingerprint(differences(row))
        refused = apply_import(row.id, (), seen, 1)
        rejected = rejected_rows.count_rejected(Import.get_by_id(row.id))
    assert len(refused) == 1 or rejected == 1
    assert holders() == []


def test_the_rows_of_an_open_question_come_back() -> None:
    row = make_file_import(UNKNOWN_SCHOOL)
    with connection():
        opened = reading_now_or_later.open_import(row)
        assert opened
        seen = fingerprint(list_differences(opened))
        apply_import(row.id, (), seen, 1)
        rejected = rejected_rows.list_rejected(reading_now_or_later.open_as_read(row).found)  # type: ignore[union-attr]
        assert [(one.row.number, "De Knotwilg" in one.reason) for one in rejected] == [(2, True)]
        assert rejected_rows.count_rejected(Import.get_by_id(row.id)) == 1


def test_an_import_that_was_undone_is_open_again_and_one_of_nothing_is_no_change() -> None:
    row = make_file_import(lines(NOOR))
    apply(row)
    with connection(), db.atomic():
        take_back(int(Import.get_by_id(row.id).change_set or 0), 1)
    with connection():
        reopen_undone()
        again = decisions_and_clearing.find(row.id)
        assert again and again.state is ImportState.OPEN
    apply(row)
    nothing = make_file_import(lines(NOOR))
    apply(nothing)
    with connection():
        done = Import.get_by_id(nothing.id)
        assert (done.state, done.change_set) == (ImportState.APPLIED, None)


# ---- Words ---------------------------------------------------------------------------------------


def answer(row: Import, value: str) -> None:
    with connection():
        opened = reading_now_or_later.open_import(Import.get_by_id(row.id))
        assert opened
        (question,) = opened.found.questions
        decision = reading_now_or_later.Decision(value, question.word)
        assert decisions_and_clearing.decide(row.id, {question.key: decision}, {}, [question]) == {}


def test_the_next_file_of_a_sender_asks_nothing_and_the_finder_learns_the_word(portal: Flask) -> None:
    row = make_file_import(UNKNOWN_SCHOOL)
    answer(row, CAMELOT)
    apply(row)
    again, other = (make_file_import(UNKNOWN_SCHOOL), make_file_import(UNKNOWN_SCHOOL, sender="Iemand anders"))
    with connection():
        opened = reading_now_or_later.open_import(again)
        assert opened and not opened.found.questions
        word = RememberedWord.get(RememberedWord.key.startswith("school"))
        school = School.get_by_id(word.meaning)
        assert "De Knotwilg" in school.aliases
        assert decisions_and_clearing.find(other.id)


def test_a_name_of_another_role_is_not_learned() -> None:
    """The next sender may mean that role."""
    row = make_file_import(lines(NOOR.replace("CJG-coach", "JGZ")))
    answer(row, "cjg-coach")
    apply(row)
    with connection():
        assert RememberedWord.get(RememberedWord.word == "JGZ").meaning == "cjg-coach"
        assert "JGZ" not in Role.get(Role.key == "cjg-coach").aliases


def test_an_answer_is_taken_back_and_a_second_coordinator_is_told() -> None:
    row = make_file_import(UNKNOWN_SCHOOL)
    answer(row, CAMELOT)
    with connection():
        opened = reading_now_or_later.open_import(Import.get_by_id(row.id))
        assert opened and not opened.found.questions
        (question,) = decisions_and_clearing.list_questions(opened)
        mine = {question.key: reading_now_or_later.Decision("18KK00", question.word)}
        clashes = decisions_and_clearing.decide(row.id, mine, {question.key: ""}, [question])
        assert clashes[question.key].value == CAMELOT
        back = {question.key: reading_now_or_later.Decision("", question.word)}
        assert decisions_and_clearing.decide(row.id, back, {question.key: CAMELOT}, [question]) == {}
        opened = reading_now_or_later.open_import(Import.get_by_id(row.id))
        assert opened and opened.found.questions


# ---- Large files and old imports -----------------------------------------------------------------


def test_a_large_file_waits_for_the_worker_which_reads_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_now_or_later, "LARGE", 10)
    row, other = make_file_import(lines(NOOR)), make_file_import(lines(NOOR))
    with connection():
        Import.update(busy_until=clock.now() + timedelta(minutes=1)).where(Import.id == other.id).execute()
        reading_now_or_later.read_waiting()
        assert Import.get_by_id(row.id).state is ImportState.WAITING  # another worker is reading
        Import.update(busy_until=None).execute()
        reading_now_or_later.read_waiting()
        read = Import.get_by_id(row.id)
        assert (read.state, read.file, read.busy_until) == (ImportState.OPEN, "", None)
        assert reading_now_or_later.open_import(read)
        decisions_and_clearing.decide(row.id, {"school:x": reading_now_or_later.Decision(CAMELOT, "x")}, {})
        assert reading_now_or_later.open_import(Import.get_by_id(row.id)) is None  # and it is read once more
        reading_now_or_later.read_waiting()
        assert reading_now_or_later.open_import(Import.get_by_id(row.id))


def test_a_file_of_few_bytes_and_many_cells_waits_for_the_worker_too() -> None:
    for rows, state in ((300, ImportState.OPEN), (900, ImportState.WAITING)):
        names = (f"De Knotwilg {at};CJG-coach;Noor" for at in range(rows))
        content = "\n".join(["school;rol;naam", *names])
        assert len(content) < reading_now_or_later.LARGE
        row = make_file_import(content)
        with connection():
            kept = Import.get_by_id(row.id)
        assert (kept.state, kept.file, bool(kept.interpretation)) == (state, "", rows == 300)
    with connection():
        reading_now_or_later.read_waiting()
        opened = reading_now_or_later.open_as_read(Import.get_by_id(row.id))
    assert opened and len(opened.found.questions) == 900


def test_the_other_jobs_do_not_wait_for_a_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_now_or_later, "LARGE", 10)
    reading, may_end = threading.Event(), threading.Event()

    def read(row: Import) -> None:
        reading.set()
        may_end.wait(10)
        row.state = ImportState.OPEN

    monkeypatch.setattr(reading_now_or_later, "read", read)
    make_file_import(lines(NOOR))
    with connection():
        reading_now_or_later.begin_reading()  # comes back while it is read
        assert reading.wait(10)
        reading_now_or_later.begin_reading()
    readers = [thread for thread in threading.enumerate() if thread.name == "import"]
    assert len(readers) == 1
    may_end.set()
    readers[0].join(10)
    assert not readers[0].is_alive()


def test_a_large_file_that_cannot_be_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_now_or_later, "LARGE", 3)
    row = make_file_import("%PDF-1.4 nee")
    with connection():
        reading_now_or_later.read_waiting()
        refused = Import.get_by_id(row.id)
        assert (refused.state, refused.file) == (ImportState.REFUSED, "")
        assert "PDF" in refused.refusal


def test_an_import_goes_after_14_days() -> None:
    row = make_file_import(lines(NOOR))
    with connection():
        assert decisions_and_clearing.clear_old(row.at) == 0
        assert decisions_and_clearing.clear_old(row.at + timedelta(seconds=1)) == 1
        assert Import.select().count() == 0


def test_of_a_row_with_a_bsn_only_the_refusal_is_kept() -> None:
    row = make_file_import("school;rol;naam;opm.\nCamelot;CJG-coach;Noor Proef;BSN 111222333")
    with connection():
        kept = Import.get_by_id(row.id)
    assert "burgerservicenummer" in kept.tables
    assert not any(word in f"{kept.tables}{kept.file}" for word in ("111222333", "Noor"))


def test_a_vacancy_beside_several_holders_ends_nobody_by_itself() -> None:
    make_assignment(make_person("Stil", "Weg"), valid_from=YESTERDAY)
    row = make_file_import(lines("Camelot;CJG-coach;VACATURE;;;;;;"))
    (found,) = differences(row)
    assert found.conflict and not found.is_taken
    assert number_to_type([found], [found]) == 1
    apply(row)
    assert holders() == [("Stil Weg", YESTERDAY, None)]


def test_many_who_are_replaced_have_to_be_typed() -> None:
    make_assignment(make_person("Oude", "Arts"), "jeugdarts", valid_from=YESTERDAY)
    row = make_file_import(lines("Camelot;jeugdarts;Noor Proef;GGD;;;;;"))
    (replaced, _) = differences(row)
    assert number_to_type([replaced], [replaced]) == 1


def test_a_number_that_somebody_replaced_since_does_not_return_by_a_file() -> None:
    apply(make_file_import(lines(NOOR)))
    with connection():
        (detail,) = ContactDetail.select().where(ContactDetail.value == "+31612345981")
    make_detail(detail.person_id, "+31235550199")
    for change in ({"valid_until": TODAY}, {"value": "+31612345982"}):
        edit(detail, **change)
        changed = [one for one in differences(make_file_import(lines(NOOR))) if not one.school]
        assert [("gewijzigd door" in one.conflict, one.is_taken) for one in changed] == [(True, False)]


def test_a_silent_division_is_a_change_by_a_person() -> None:
    karim = make_person("Karim", "Weg", "cjg-kennemerland")
    post = make_assignment(karim, valid_from=YESTERDAY)
    with connection(), db.atomic():
        author = Account.get(Account.role == "coordinator").id
        ChangeSet.begin(ChangeSetKind.DIVISION, author).change(post, valid_until=TODAY)
    row = make_file_import(lines("Camelot;CJG-coach;Karim Weg;CJG Kennemerland;;;;;"))
    assert [one.is_taken for one in differences(row) if one.school] == [False]
