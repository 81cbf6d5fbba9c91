"""Writing a file into the directory: what it makes of posts, people and their details."""

from datetime import date, timedelta

import pytest

from portal.accounts.models import Account
from portal.accounts.sign_in_addresses import find_by_address
from portal.database import Outdated, connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Absence, Assignment, ContactDetail, Person, Substitute, Vacancy
from portal.directory.undoing import take_back
from portal.imports import decisions_and_clearing, reading_now_or_later
from portal.imports.apply import apply_import, reopen_undone
from portal.imports.difference import Kind, fingerprint
from portal.imports.models import Import, ImportState
from portal.mail.models import OutgoingMail
from tests.clock import TODAY
from tests.factories import directory_rows, make_account, make_assignment, make_detail, make_person, make_vacancy
from tests.imports.files import NOOR, answer, apply, differences, edit, holders, lines, make_file_import

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("nobody_at_camelot")


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


def test_a_file_gives_no_account_another_address() -> None:
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
