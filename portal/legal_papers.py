"""Papers for who asks how data are handled, made from the register of data: the register of
processing (AVG, art. 30) and a filled starting sheet for the DPIA (art. 35).

`python -m portal.legal_papers verwerkingsregister` prints the one, `… dpia` the other; their text
stands in templates/papers/.
"""

import sys
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader

from portal import data_register as register
from portal.config import ROOT
from portal.data_register import Kept, Mark

_COORDINATORS = "de coördinatoren"
_INSTALLER = "wie de portal installeerde"
_EVERYBODY = "iedereen die de portal mag lezen"
_MEMBERS = "mensen in of rond een kernteam"
_ASKERS = "wie iets aanvraagt"
_USERS = "wie inlogt"
# Of each kind with data about people: whose they are, and who sees them.
_PEOPLE = {
    register.PEOPLE: (_MEMBERS, _EVERYBODY),
    register.DETAILS: (_MEMBERS, f"{_EVERYBODY}; een mobiel nummer alleen wie het mag zien"),
    register.NOTICES: (_MEMBERS, f"{_EVERYBODY}, en wie er mail over krijgt"),
    register.REQUESTS: (_ASKERS, f"{_COORDINATORS} en de mailbox voor aanvragen"),
    register.SAVED_FORMS: (_ASKERS, "alleen wie de link heeft"),
    register.ACCOUNTS: (_USERS, _COORDINATORS),
    register.VISITS: (_USERS, _COORDINATORS),
    register.SESSIONS: (_USERS, f"jijzelf en {_COORDINATORS}"),
    register.SECOND_FACTORS: (f"{_COORDINATORS} en de beheerders", "de beheerders"),
    register.SIGN_IN_LINKS: (_USERS, "niemand"),
    register.PENDING_FORMS: (_USERS, "alleen wie het invulde"),
    register.MAIL: ("wie mail krijgt", f"{_COORDINATORS}, zonder de tekst"),
    register.REPORTS: ("wie iets meldt", f"{_COORDINATORS} en wie over die organisatie gaat"),
    register.MEETINGS: (_MEMBERS, "wie bij het overleg hoort"),
    register.REGION: ("wie in een naam, uitleg of bron genoemd is", _EVERYBODY),
    register.LOGS: (f"{_USERS}, als nummer", _INSTALLER),
    register.BACKUPS: ("iedereen hierboven", _INSTALLER),
}


class Processing(NamedTuple):
    """A kind of data about people, as a register of processing lists it."""

    kept: Kept
    subjects: str
    recipients: str
    columns: list[str]  # "tabel: kolom, kolom"


def list_processing() -> list[Processing]:
    """Every kind with a column about people, and the logs and the backups, which are files."""
    listed = []
    for kept in register.ALL:
        tables: dict[str, list[str]] = {}
        for column in register.list_columns():
            if column.kept is kept and column.mark is Mark.PERSON:
                tables.setdefault(column.table, []).append(column.name)
        if tables or kept in (register.LOGS, register.BACKUPS):
            subjects, recipients = _PEOPLE.get(kept, (_MEMBERS, _COORDINATORS))
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
