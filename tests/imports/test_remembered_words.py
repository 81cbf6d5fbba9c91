"""The next file of a sender asks nothing that was answered."""

import pytest

from portal.database import connection
from portal.directory.models import Role, School
from portal.imports import decisions_and_clearing, reading_now_or_later
from portal.imports.models import RememberedWord
from tests.factories import CAMELOT
from tests.imports.files import NOOR, UNKNOWN_SCHOOL, answer, apply, lines, make_file_import

pytestmark = pytest.mark.usefixtures("nobody_at_camelot")


def test_the_next_file_of_a_sender_asks_nothing_and_the_finder_learns_the_word() -> None:
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
