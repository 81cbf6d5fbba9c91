"""The rows that an import does not take come back with the reason."""

from datetime import timedelta

import pytest

from portal.database import connection
from portal.directory.change_sets import RuleViolation
from portal.directory.models import Person
from portal.imports import reading_now_or_later, rejected_rows
from portal.imports.apply import apply_import, list_differences
from portal.imports.difference import fingerprint
from portal.imports.models import Import
from tests.clock import TODAY
from tests.factories import make_assignment, make_person, role
from tests.imports.files import NOOR, UNKNOWN_SCHOOL, differences, holders, lines, make_file_import

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("nobody_at_camelot")


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
