"""Reads CSV and text files, in the encodings and with the delimiters that people send."""

import csv
import re
from collections import Counter
from collections.abc import Iterator

from portal.readers.tables import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Cell, Row, Table, UnreadableFile, too_large
from portal.text import clean

_DELIMITERS = ";,\t"
_LINES_IN_A_FIELD = 50  # a quote that closes later was not meant as one
_EMPTY = Cell()
_BINARY = UnreadableFile("Dit is geen Excel- of CSV-bestand. Kies een bestand met de naam .xlsx of .csv.")


def read_delimited(name: str, data: bytes) -> Table:
    """The table in the text `data`. Raises UnreadableFile."""
    rows: list[Row] = []
    filled = 0
    for number, fields in read_records(data):
        cells = tuple(Cell(value) if (value := clean(field)) else _EMPTY for field in fields)
        if not any(cell.text for cell in cells):
            continue
        filled += sum(cell is not _EMPTY for cell in cells)
        rows.append(Row(number, cells))
        if len(rows) > MAX_ROWS:
            raise too_large(MAX_ROWS, "rijen")
        if len(cells) > MAX_COLUMNS:
            raise too_large(MAX_COLUMNS, "kolommen")
        if filled > MAX_CELLS:
            raise too_large(MAX_CELLS, "gevulde cellen")
    width = max((len(row.cells) for row in rows), default=0)
    return Table(name, tuple(row._replace(cells=row.cells + (_EMPTY,) * (width - len(row.cells))) for row in rows))


def read_records(data: bytes, lines_in_a_field: int = _LINES_IN_A_FIELD) -> Iterator[tuple[int, list[str]]]:
    """The number and the fields of each record in the text `data`, as many as it has. A quoted
    field holds at most `lines_in_a_field` lines.

    Raises UnreadableFile.
    """
    text = _decode(data)
    # Not splitlines(), which also splits at characters that may occur in a name.
    lines = [line + "\n" for line in re.split(r"\r\n|\r|\n", text)]
    if named := re.fullmatch(r"\"?sep=(.)\"?", lines[0].strip("\n "), re.IGNORECASE):
        delimiter, lines = named[1], lines[1:]
    else:
        delimiter = _find_delimiter(lines)
    yield from enumerate(_records(lines, delimiter, lines_in_a_field), start=1)


def _decode(data: bytes) -> str:
    """The text of a file: UTF-16 by its mark or its zeros, else UTF-8, else cp1252."""
    encodings = ["utf-8-sig", "cp1252"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\0" in data:
        # Every second byte of Western text in UTF-16 is zero.
        odd, even = data[1:2000:2].count(0), data[0:2000:2].count(0)
        encodings = ["utf-16-le" if odd > even else "utf-16-be"]
    for encoding in encodings:
        try:
            # Decode the whole file: its first kilobytes are often plain ASCII.
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and sum(c < " " and c not in "\t\r\n" for c in text[:2000]) < 10:
            return text
    raise _BINARY


def _find_delimiter(lines: list[str]) -> str:
    """The delimiter that splits most of the first lines into the same number of fields, or most fields."""
    first = [line for line in lines[:200] if line.strip()][:100]

    def regularity(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(fields) for fields in _records(first, delimiter, _LINES_IN_A_FIELD))
        width, times = max(widths.items(), key=lambda of: (of[0] > 1, of[1]), default=(1, 0))
        return (times, width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=regularity)


def _records(lines: list[str], delimiter: str, most: int) -> Iterator[list[str]]:
    """The fields of each record. A quote that does not close in `most` lines is part of the text,
    so that it swallows no other records. Raises UnreadableFile."""
    at = 0
    try:
        while at < len(lines):
            several = lines[at : at + most]
            reader = csv.reader([*several, ""], delimiter=delimiter)
            fields = next(reader)
            if reader.line_num > len(several):
                reader = csv.reader(several, delimiter=delimiter, quoting=csv.QUOTE_NONE)
                fields = next(reader)
            yield fields
            at += reader.line_num
    except csv.Error:
        raise too_large(csv.field_size_limit(), "tekens in een cel") from None
