"""A check says that a row is right, and changes nothing else."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from portal.database import connection, db
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind, is_outdated
from portal.directory.checked_rows import record_check
from portal.directory.models import CheckedBy, ContactDetail
from portal.directory.new_people_and_details import replace_detail
from portal.directory.undoing import undo
from tests.clock import TODAY
from tests.factories import begin_change_set, make_detail, make_person

LONG_AGO = date(2025, 9, 1)


@pytest.fixture(autouse=True)
def _transaction(portal_copy: Flask) -> Iterator[None]:
    with connection(), db.atomic():
        yield


@pytest.fixture
def number() -> ContactDetail:
    """A number that a file gave."""
    row = make_detail(make_person(), "+31612345678")
    ContactDetail.update(checked_on=LONG_AGO, checked_by=CheckedBy.SOURCE).execute()
    return ContactDetail.get_by_id(row.id)


def state(row: ContactDetail) -> tuple[date | None, CheckedBy]:
    found = ContactDetail.get_by_id(row.id)
    return found.checked_on, found.checked_by


def test_a_check_is_recorded_with_its_day_and_who_checked(number: ContactDetail) -> None:
    change_set = record_check([number], CheckedBy.CALL, None)
    assert change_set and change_set.kind is ChangeSetKind.CONFIRMATION
    assert state(number) == (TODAY, CheckedBy.CALL)


def test_a_second_check_of_the_day_records_nothing(number: ContactDetail) -> None:
    assert record_check([number], CheckedBy.SELF, None)
    assert record_check([number], CheckedBy.CALL, None) is None
    assert state(number) == (TODAY, CheckedBy.SELF)


def test_the_day_of_a_file_is_no_check(number: ContactDetail) -> None:
    ContactDetail.update(checked_on=TODAY).execute()
    assert record_check([number], CheckedBy.CALL, None)


def test_a_row_that_is_gone_is_not_checked(number: ContactDetail) -> None:
    begin_change_set().remove(number)
    assert record_check([number], CheckedBy.CALL, None) is None


def test_a_form_that_was_open_can_still_be_sent(number: ContactDetail) -> None:
    version = f"contact_detail:{number.id}:{number.row_version}"
    record_check([number], CheckedBy.CALL, None)
    assert not is_outdated(version)


def test_a_change_is_undone_although_somebody_checked_it(number: ContactDetail) -> None:
    change_set = begin_change_set()
    replace_detail(change_set, number, "+31687654321", TODAY)
    new = ContactDetail.get(ContactDetail.value == "+31687654321")
    ContactDetail.update(checked_on=LONG_AGO).where(ContactDetail.id == new.id).execute()
    check = record_check([new], CheckedBy.CALL, None)
    undo(change_set)
    assert ContactDetail.get_or_none(ContactDetail.id == new.id) is None
    assert check
    undo(check)  # of a row that is gone
    assert Change.select().where(~Change.undone & (Change.row == str(new.id))).count() == 0


def test_a_check_is_undone(number: ContactDetail) -> None:
    check = record_check([number], CheckedBy.CALL, None)
    assert check
    undo(check)
    assert state(number) == (LONG_AGO, CheckedBy.SOURCE)


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        (ChangeSetKind.EDIT, CheckedBy.ORGANISATION),
        (ChangeSetKind.REPORT, CheckedBy.REPORT),
        (ChangeSetKind.IMPORT, CheckedBy.SOURCE),
        (ChangeSetKind.DUO_UPDATE, CheckedBy.SOURCE),
        (ChangeSetKind.REGION_UPDATE, CheckedBy.SOURCE),
    ],
)
def test_a_new_number_was_checked_by_who_typed_it_and_never_by_a_file(
    number: ContactDetail, kind: ChangeSetKind, by: CheckedBy
) -> None:
    replace_detail(ChangeSet.begin(kind, None, ref=1), number, "+31687654321", TODAY)
    new = ContactDetail.get(ContactDetail.value == "+31687654321")
    assert state(new) == (None if by is CheckedBy.SOURCE else TODAY, by)
