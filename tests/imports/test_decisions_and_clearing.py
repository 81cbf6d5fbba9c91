"""The decisions of people about a file, and how long it is kept."""

from datetime import timedelta

import pytest

from portal.database import connection
from portal.imports import decisions_and_clearing, reading_now_or_later
from portal.imports.models import Import
from tests.factories import CAMELOT
from tests.imports.files import NOOR, UNKNOWN_SCHOOL, answer, lines, make_file_import

pytestmark = pytest.mark.usefixtures("nobody_at_camelot")


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


def test_an_import_goes_after_14_days() -> None:
    row = make_file_import(lines(NOOR))
    with connection():
        assert decisions_and_clearing.clear_old(row.at) == 0
        assert decisions_and_clearing.clear_old(row.at + timedelta(seconds=1)) == 1
        assert Import.select().count() == 0
