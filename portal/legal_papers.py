"""Papers for who asks how data are handled, made from the register of data: the register of
processing (AVG, art. 30) and a filled starting sheet for the DPIA (art. 35).

`python -m portal.legal_papers verwerkingsregister` prints the one, `… dpia` the other; their text
stands in templates/papers/.
"""

import sys
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader

from portal import data_register as register
from portal import retention_periods as periods
from portal.config import ROOT
from portal.data_register import Mark


class Processing(NamedTuple):
    """A kind of data about people, as a register of processing lists it."""

    kept: periods.Kept
    subjects: str
    recipients: str
    columns: list[str]  # "tabel: kolom, kolom"


def list_processing() -> list[Processing]:
    """Every kind with a column about people, and the logs and the backups, which are files."""
    listed = []
    for kept in periods.ALL:
        tables: dict[str, list[str]] = {}
        for column in register.list_columns():
            if column.kept is kept and column.mark is Mark.PERSON:
                tables.setdefault(column.table, []).append(column.name)
        if tables or kept in (periods.LOGS, periods.BACKUPS):
            subjects, recipients = register.PEOPLE.get(kept, (register.MEMBERS, register.COORDINATORS))
            columns = [f"{table}: {', '.join(names)}" for table, names in sorted(tables.items())]
            listed.append(Processing(kept, subjects, recipients, columns))
    return listed


def write_paper(name: str) -> str:
    """A paper as Markdown, by the name of its template."""
    folder = FileSystemLoader(ROOT / "templates" / "papers")
    papers = Environment(loader=folder, trim_blocks=True, keep_trailing_newline=True)  # noqa: S701 - no HTML
    columns = list(register.list_columns())
    return papers.get_template(f"{name}.md").render(
        listed=list_processing(), columns=len(columns), personal=sum(column.mark is Mark.PERSON for column in columns)
    )


if __name__ == "__main__":
    print(write_paper(sys.argv[1]), end="")
