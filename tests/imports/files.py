"""Small files of coordinators, imports of them, and who is at Camelot then."""

from datetime import date

from portal.accounts.models import Account
from portal.database import connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, Role
from portal.imports import decisions_and_clearing, reading_now_or_later
from portal.imports.apply import apply_import, list_differences
from portal.imports.difference import Difference, fingerprint
from portal.imports.models import Coverage, Import
from tests.clock import TODAY
from tests.factories import CAMELOT

HEADING = "school;rol;naam;organisatie;telefoon;e-mail;werkdagen;vanaf;tot"
# A school that is asked for, and a column that nobody knows.
ASKING = """school;rol;naam;kleur
De Knotwilg;CJG-coach;Noor Proef;rood
Camelot;CJG-coach;Bo Test;blauw
"""


def make_file_import(
    text: str = ASKING,
    *,
    sender: str = "CJG",
    coverage: Coverage = Coverage.PARTLY,
    made_on: object = TODAY,
    effective_on: object = TODAY,
) -> Import:
    """An import of a CSV file, that was read."""
    answers = reading_now_or_later.Answers(
        "namen.csv", sender, made_on, effective_on, (), coverage,  # type: ignore[arg-type]
    )  # fmt: skip
    with connection():
        return reading_now_or_later.start(answers, text.encode(), 1)


def lines(*rows: str) -> str:
    """A file with the usual columns."""
    return "\n".join([HEADING, *rows])


NOOR = "Camelot;CJG-coach;Noor Proef;CJG Kennemerland;0612345981;noor@cjg.example;ma di;;"
UNKNOWN_SCHOOL = lines("De Knotwilg;CJG-coach;Noor Proef;;;;;;", "Camelot;CJG-coach;Bo Test;;;;;;")


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


def answer(row: Import, value: str) -> None:
    with connection():
        opened = reading_now_or_later.open_import(Import.get_by_id(row.id))
        assert opened
        (question,) = opened.found.questions
        decision = reading_now_or_later.Decision(value, question.word)
        assert decisions_and_clearing.decide(row.id, {question.key: decision}, {}, [question]) == {}
