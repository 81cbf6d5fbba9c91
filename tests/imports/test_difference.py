"""The difference that a file would make: its changes, its conflicts, and the people who stop."""

from datetime import date, timedelta

import pytest

from portal.accounts.models import Account
from portal.database import connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, ContactDetail
from portal.imports import reading_now_or_later
from portal.imports.difference import Kind, number_to_type
from portal.imports.models import Coverage
from tests.clock import TODAY
from tests.factories import CAMELOT, make_assignment, make_detail, make_person
from tests.imports.files import NOOR, apply, differences, edit, holders, lines, make_file_import

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("nobody_at_camelot")


def test_the_same_file_again_changes_nothing() -> None:
    apply(make_file_import(lines(NOOR)))
    assert {one.kind for one in differences(make_file_import(lines(NOOR)))} == {Kind.STAYS}


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


def test_many_who_are_replaced_have_to_be_typed() -> None:
    make_assignment(make_person("Oude", "Arts"), "jeugdarts", valid_from=YESTERDAY)
    row = make_file_import(lines("Camelot;jeugdarts;Noor Proef;GGD;;;;;"))
    (replaced, _) = differences(row)
    assert number_to_type([replaced], [replaced]) == 1


def test_a_vacancy_beside_several_holders_ends_nobody_by_itself() -> None:
    make_assignment(make_person("Stil", "Weg"), valid_from=YESTERDAY)
    row = make_file_import(lines("Camelot;CJG-coach;VACATURE;;;;;;"))
    (found,) = differences(row)
    assert found.conflict and not found.is_taken
    assert number_to_type([found], [found]) == 1
    apply(row)
    assert holders() == [("Stil Weg", YESTERDAY, None)]


def test_two_people_of_the_file_for_one_post_are_looked_at() -> None:
    row = make_file_import(lines("Camelot;Directeur;Nina Nieuw;;;;;;", "Camelot;Directeur;Ook Nieuw;;;;;;"))
    with connection():
        opened = reading_now_or_later.open_import(row)
        assert opened
        apply(row)
    assert len(holders("directeur")) == 1


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
