"""Small files of coordinators, and imports of them."""

from portal.database import connection
from portal.imports import reading_now_or_later
from portal.imports.models import Coverage, Import
from tests.clock import TODAY

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


UNKNOWN_SCHOOL = lines("De Knotwilg;CJG-coach;Noor Proef;;;;;;", "Camelot;CJG-coach;Bo Test;;;;;;")
