"""The rows of a file that were not taken, as a workbook to correct and send again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO

from portal.imports.read_models import RejectedRow, RowKey
from portal.readers.tables import Table
from portal.web.csv_and_excel import new_workbook


def write_rejected(tables: Iterable[Table], headings: Mapping[str, int], rejected: Iterable[RejectedRow]) -> bytes:
    """A workbook with the rejected rows of each sheet below its headings, and the reasons in a last
    column. `headings` are their positions. Nothing in it is a formula."""
    reasons: dict[RowKey, list[str]] = defaultdict(list)
    for key, reason in rejected:
        reasons[key].append(reason)
    data = BytesIO()
    with new_workbook(data) as book:
        for table in tables:
            told = [row for row in table.rows if RowKey(table.name, row.number) in reasons]
            if not told:
                continue
            sheet = book.add_worksheet()
            named = [table.rows[headings[table.name]]] if table.name in headings else []
            for at, row in enumerate([*named, *told]):
                texts = [cell.text for cell in row.cells]
                why = reasons.get(RowKey(table.name, row.number), ["Waarom niet overgenomen"])
                sheet.write_row(at, 0, [*texts, " ".join(why)])
    return data.getvalue()
