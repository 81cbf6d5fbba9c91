"""Refuses rows with data about a pupil before anything of them is stored."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from portal.imports import cell_meanings
from portal.imports.columns import Field, Sheet, read_sheet
from portal.imports.people_in_cells import read_name
from portal.imports.role_and_organisation_finder import RoleFinder
from portal.privacy.pupil_data import has_bsn, is_doubtful
from portal.readers.tables import Cell, Row, Table

_BSN = "Hier staat een burgerservicenummer. Haal het weg uit het bestand."
_PUPIL = "Hier lijkt iets over een leerling of ouder te staan. Haal het weg."
REASONS = frozenset([_BSN, _PUPIL])

_DIGITS = re.compile(r"\d(?:[ .-]{0,3}\d){6}")
# Those of a whole name, such as "M.L. King", are no pupil's; in a column of names none are.
_INITIALS = re.compile(r"\b(?:[A-Z]\. ?){1,4}(?=(?:[a-z’'.]{1,6} ){0,3}[A-Z][a-z]{2})")
_EVERY_INITIAL = re.compile(r"\b(?:[A-Z]\. ?){1,4}")
_OF_A_PUPIL = re.compile(
    r"\b(?:leerlinge?n?|kind|kinderen|zoon|dochter|moeder|vader|ouders?|voogd|pleeg\w{3,9}|gezin"
    r"|(?:groep|klas) \d)\b", re.IGNORECASE,
)  # fmt: skip
_OF_AN_OFFICE = re.compile(
    r"ouders? ?(?:&|en|/|-) ?(?:school|jeugd\w{0,9})|ouder- en jeugd\w{0,9}|jeugd (?:&|en) gezin", re.IGNORECASE
)


def find_pupil_data(sheet: Sheet, row: Row, not_names: Collection[str]) -> str:
    """The refusal of a row with data about a pupil, without its text; "" where there is none.
    `not_names`: see `portal.privacy.pupil_data`."""
    fields = {column.position: column.field for column in sheet.columns}
    is_alone = len({cell.text for cell in row.cells if cell.text}) == 1  # a note
    for position, cell in enumerate(row.cells):
        text, field = cell.text, fields.get(position, "")
        is_number = field in (Field.PHONE, Field.MOBILE) and cell_meanings.find_numbers(text)
        if not is_number and _DIGITS.search(text) and has_bsn(text):
            return _BSN
        is_free = field in ("", Field.REMARK, Field.UNUSED) or is_alone
        if " " in text and _is_about_a_pupil(text, tuple(not_names), is_free=is_free):
            return _PUPIL
    return ""


@lru_cache(maxsize=5_000)
def _is_about_a_pupil(text: str, not_names: tuple[str, ...], *, is_free: bool) -> bool:
    if is_free:
        return is_doubtful(_INITIALS.sub("", text), not_names)
    names = cell_meanings.without_numbers(_EVERY_INITIAL.sub("", _OF_AN_OFFICE.sub("", text)))
    if " " not in names.strip() or _OF_A_PUPIL.search(names):
        return " " in names.strip()
    return not all(read_name(names)[::2]) and is_doubtful(names, not_names)


def without_pupil_data(tables: Sequence[Table], roles: RoleFinder, not_names: Collection[str]) -> list[Table]:
    """The tables as they may be stored: of a row with data about a pupil only the refusal."""
    cleaned = []
    for table in tables:
        sheet = read_sheet(table, roles, {})
        rows = [
            row._replace(cells=(Cell(reason), *[Cell()] * (len(row.cells) - 1)))
            if (reason := find_pupil_data(sheet, row, not_names))
            else row
            for row in table.rows
        ]
        cleaned.append(table._replace(rows=tuple(rows)))
    return cleaned
