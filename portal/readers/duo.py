"""Reader of DUO's files "alle vestigingen" for primary, special and secondary education.

It normalises the differences between the files of the years and of the programs that saved them
again: encoding, separator, quotes, column names, one space for an empty field, the zeros that a
spreadsheet drops, and the house numbers that it takes for days.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from portal.readers.delimited import read_records
from portal.readers.files import read_tables
from portal.readers.tables import UnreadableFile
from portal.text import clean_line


class DuoError(UnreadableFile):
    """A file that is not as DUO publishes it. The message is one Dutch sentence with file, line and column."""


class DuoSchool(NamedTuple):
    """A location of a school. Codes keep their leading zeros; an empty field is ""."""

    code: str
    board: str
    name: str
    street: str
    house_number: str
    postcode: str
    place: str
    municipality_code: str
    phone: str
    website: str


class RefusedRow(NamedTuple):
    """A row that is not as DUO publishes it; `code` is "" where it cannot be read."""

    number: int
    code: str
    reason: str  # in Dutch, with the line and column


class DuoFile(NamedTuple):
    """The rows of a file of DUO, in its order. `education` is "po", "so" or "vo"."""

    education: str
    schools: list[DuoSchool]
    refused: list[RefusedRow]


# The names of each column since 2013, as _normalise_column gives them.
_COLUMNS = {
    "code": ("VESTIGINGSCODE", "VESTIGINGSNUMMER"),
    "board": ("BEVOEGD GEZAG NUMMER",),
    "name": ("VESTIGINGSNAAM",),
    "street": ("STRAATNAAM",),
    "house_number": ("HUISNUMMER-TOEVOEGING",),
    "postcode": ("POSTCODE",),
    "place": ("PLAATSNAAM",),
    "municipality_code": ("GEMEENTENUMMER",),
    "phone": ("TELEFOONNUMMER",),
    "website": ("INTERNETADRES",),
}
_SHAPES = {
    "code": (r"\d\d[A-Z]{2}\d\d", "een code van een vestiging, zoals 01LZ00"),
    "name": (r".+", "de naam van een school"),
    "postcode": (r"[1-9]\d{3} ?[A-Z]{2}", "een postcode, zoals 2033 CE"),
    "municipality_code": (r"\d{4}", "een gemeentenummer van vier cijfers, zoals 0392"),
}
_ROWS_ABOVE_HEADER = 15
_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")

Record = tuple[int, list[str]]  # its number, counted from 1, and its fields


def read_schools(path: Path) -> Iterator[DuoSchool]:
    """Read the locations in the file at `path`, in the order of the file.

    Raises DuoError at the first line that is not as DUO publishes it, and for a file without any.
    """
    found = read_duo(path.name, path.read_bytes())
    if found.refused:
        raise DuoError(f"{path.name}, {found.refused[0].reason}")
    yield from found.schools


def read_duo(name: str, data: bytes) -> DuoFile:
    """The rows of a file with this name: as DUO publishes it, or saved again by a spreadsheet.

    Raises UnreadableFile, which DuoError is for a file without the columns or rows of DUO.
    """
    records = iter(_read_records(name, data))
    seen = []
    for number, fields in records:
        columns = [_normalise_column(field) for field in fields]
        if {"VESTIGINGSNAAM", "POSTCODE"} <= set(columns) or number > _ROWS_ABOVE_HEADER:
            break
        seen.append(columns)
    else:
        columns = max(seen, key=len, default=[])
    positions = _find_positions(name, columns)
    rows = [(number, fields) for number, fields in records if any(map(str.strip, fields))]
    if not rows:
        raise DuoError(f"{name}, regel 2, kolom 1: hier staat geen enkele school van DUO.")
    read: list[DuoSchool | RefusedRow] = []
    codes: set[str] = set()
    for number, fields in rows:
        row = _read_row(number, fields, columns, positions)
        if isinstance(row, DuoSchool) and row.code in codes:
            row = RefusedRow(number, row.code, f"regel {number}: {row.code} staat er al.")
        read.append(row)
        codes.add(row.code)
    return DuoFile(
        "vo" if "ONDERWIJSSTRUCTUUR" in columns else "so" if "CLUSTER" in columns else "po",
        [row for row in read if isinstance(row, DuoSchool)],
        [row for row in read if isinstance(row, RefusedRow)],
    )


def _read_records(name: str, data: bytes) -> Iterable[Record]:
    if not data.startswith(b"PK"):
        try:
            # No field of DUO has two lines: a quote that stays open costs one row.
            return list(read_records(data, lines_in_a_field=1))
        except UnreadableFile:
            raise DuoError(
                f"{name}, regel 1, kolom 1: hier staat een teken dat niet te lezen is; is dit wel een bestand van DUO?"
            ) from None
    tables = read_tables(name, data)
    return [
        (
            row.number,
            # A spreadsheet shows the house number 2-4 as the second of April.
            [f"{cell.day.day}-{cell.day.month}" if cell.day else cell.text for cell in row.cells],
        )
        for row in next((table for table in tables if table.rows), tables[0]).rows
    ]


def _read_row(number: int, fields: list[str], columns: list[str], positions: dict[str, int]) -> DuoSchool | RefusedRow:
    if len(fields) != len(columns):
        found = re.search(r"\b\d\d[A-Z]{2}\d\d\b", " ".join(fields))
        reason = (
            f"regel {number}, kolom {min(len(fields), len(columns))}: hier staan {len(fields)} "
            f"velden, maar de kop heeft er {len(columns)}."
        )
        return RefusedRow(number, found[0] if found else "", reason)
    values = _repair({field: clean_line(fields[at]) for field, at in positions.items()})
    for field, (shape, expected) in _SHAPES.items():
        if not re.fullmatch(shape, values[field]):
            at = positions[field]
            reason = (
                f"regel {number}, kolom {at + 1} ({columns[at]}): hier hoort {expected}, maar er "
                f"staat “{values[field]}”."
            )
            return RefusedRow(number, values["code"] if field != "code" else "", reason)
    return DuoSchool(**values)


def _repair(values: dict[str, str]) -> dict[str, str]:
    """The fields with what a spreadsheet took away: leading zeros, and house numbers like 2-4."""
    for field in ("code", "postcode", "municipality_code", "phone"):
        # Both are ways to keep a zero in a spreadsheet: '0392 and ="0392".
        values[field] = re.sub(r"""^'|^="|"$""", "", values[field])
    number, phone = values["municipality_code"], values["phone"]
    day = re.fullmatch(r"(\d{1,2})-([a-z]{3})", values["house_number"])
    return {
        **values,
        "code": values["code"].upper(),
        "postcode": values["postcode"].upper(),
        "municipality_code": number.zfill(4) if number.isdecimal() else number,
        # An area code, a mobile or a service number begins with a zero; 14 0123 has none.
        "phone": f"0{phone}" if re.fullmatch(r"[1-9]\d{8}|[89]00\d{4}", phone) else phone,
        "house_number": (
            f"{day[1]}-{_MONTHS.index(day[2]) + 1}" if day and day[2] in _MONTHS else values["house_number"]
        ),
    }


def _normalise_column(field: str) -> str:
    return clean_line(field.replace("_", " ").replace('"', "").upper())


def _find_positions(name: str, columns: list[str]) -> dict[str, int]:
    positions = {}
    for field, aliases in _COLUMNS.items():
        known = next((alias for alias in aliases if alias in columns), None)
        if known is None:
            raise DuoError(
                f"{name}, regel 1, kolom 1: de kolom {aliases[0]} ontbreekt; "
                "dit is geen bestand “alle vestigingen” van DUO."
            )
        positions[field] = columns.index(known)
    return positions
