"""The rejected rows of a file: how many, for which reasons, and as a workbook to correct and send again."""

from collections import defaultdict
from io import BytesIO
from typing import cast

from portal.imports.json_tuples import dump, load
from portal.imports.models import Import
from portal.imports.posts_and_questions import Interpretation, RejectedRow, RowKey
from portal.imports.reading_now_or_later import open_import
from portal.readers.tables import Table
from portal.web.csv_and_excel import new_workbook


def write_file(row: Import) -> bytes:
    """The rows of an import that are not taken, or were not, as a workbook: those of each sheet below its headings,
    and the reasons in a last column. Nothing in it is a formula."""
    found = _get_meaning(row)
    headings = {sheet.name: sheet.first_row - 1 for sheet in found.sheets if sheet.columns}
    reasons: dict[RowKey, list[str]] = defaultdict(list)
    for key, reason in list_rejected(found):
        reasons[key].append(reason)
    data = BytesIO()
    with new_workbook(data) as book:
        for table in load(list[Table], row.tables):
            told = [line for line in table.rows if RowKey(table.name, line.number) in reasons]
            if not told:
                continue
            sheet = book.add_worksheet()
            named = [table.rows[headings[table.name]]] if table.name in headings else []
            for at, line in enumerate([*named, *told]):
                texts = [cell.text for cell in line.cells]
                why = reasons.get(RowKey(table.name, line.number), ["Waarom niet overgenomen"])
                sheet.write_row(at, 0, [*texts, " ".join(why)])
    return data.getvalue()


def count_rejected(row: Import) -> int:
    """The number of rows that are not taken, or were not."""
    return len({one.row for one in list_rejected(_get_meaning(row))})


def list_rejected(found: Interpretation) -> list[RejectedRow]:
    """The rows that are not taken: those that are refused, and those of a question that is open."""
    unanswered = "Deze vraag is nog niet beantwoord: {}"
    still_open = (
        RejectedRow(row, unanswered.format(question.sentence)) for question in found.questions for row in question.rows
    )
    return [*found.rejected, *still_open]


def _get_meaning(row: Import) -> Interpretation:
    """The meaning of a file; of one that was applied, what it was then."""
    if opened := open_import(row):
        return opened.found
    stored = row.interpretation or dump(Interpretation((), (), (), ()))
    return cast(Interpretation, load(Interpretation, stored))
