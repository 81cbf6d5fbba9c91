"""Reader of DUO's files "alle vestigingen" for primary, special and secondary education.

It normalises the differences between the files of the years: encoding, line ends, separator,
column names, and one space for an empty field. Fields are not quoted, so a bare `"` or `,` is part
of the text.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from portal.text import clean_line


class DuoError(ValueError):
    """A file that is not as DUO publishes it. The message is one Dutch sentence with file, line and
    column."""


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


def read_schools(path: Path) -> Iterator[DuoSchool]:
    """Read the locations in the file at `path`, in the order of the file.

    Raises DuoError at the first line that is not as DUO publishes it, and for a file without any.
    """
    lines = _read_lines(path)
    separator = "\t" if "\t" in lines[0] and ";" not in lines[0] else ";"
    names = [_normalise_column(field) for field in lines[0].split(separator)]
    positions = _find_positions(path, names)
    if not any(line.strip() for line in lines[1:]):
        raise DuoError(f"{path.name}, regel 2, kolom 1: hier staat geen enkele school van DUO.")
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        fields = line.split(separator)
        if len(fields) != len(names):
            raise DuoError(
                f"{path.name}, regel {number}, kolom {min(len(fields), len(names))}: "
                f"hier staan {len(fields)} velden, maar de kop heeft er {len(names)}."
            )
        values = {field: clean_line(fields[at]) for field, at in positions.items()}
        for field, (shape, expected) in _SHAPES.items():
            if not re.fullmatch(shape, values[field]):
                at = positions[field]
                raise DuoError(
                    f"{path.name}, regel {number}, kolom {at + 1} ({names[at]}): "
                    f"hier hoort {expected}, maar er staat “{values[field]}”."
                )
        yield DuoSchool(**values)


def _read_lines(path: Path) -> list[str]:
    data = path.read_bytes()
    try:
        # Decode the whole file: its first kilobytes are often plain ASCII.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            before = data[: error.start]
            line = before.count(b"\n") + 1
            column = before.rpartition(b"\n")[2].count(b";") + 1
            raise DuoError(
                f"{path.name}, regel {line}, kolom {column}: hier staat een teken dat niet te "
                "lezen is; is dit wel een bestand van DUO?"
            ) from None
    # Not splitlines(), which also splits at characters that may occur in a name.
    return re.split(r"\r\n|\r|\n", text)


def _normalise_column(field: str) -> str:
    return clean_line(field.replace("_", " ").replace('"', "").upper())


def _find_positions(path: Path, names: list[str]) -> dict[str, int]:
    positions = {}
    for field, aliases in _COLUMNS.items():
        known = next((name for name in aliases if name in names), None)
        if known is None:
            raise DuoError(
                f"{path.name}, regel 1, kolom 1: de kolom {aliases[0]} ontbreekt; "
                "dit is geen bestand “alle vestigingen” van DUO."
            )
        positions[field] = names.index(known)
    return positions
