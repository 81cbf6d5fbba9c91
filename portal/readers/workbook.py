"""Reads a workbook in a process of its own, because a file of a few kilobytes can ask for all the memory there is.

`python -m portal.readers.workbook` reads the workbook from its input and writes JSON, either `{"refused": a Dutch
sentence}` or `{"sheets": …}`. It has no settings, no database and little memory, and it cannot write a file.
"""

import json
import re
import resource
import sys
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet.cell_range import CellRange

from portal.readers.tables import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, UnreadableFile, too_large

MAX_ENTRIES, MAX_UNPACKED, MAX_SHEETS = 200, 50_000_000, 100
MAX_TAGS = 12 * MAX_CELLS  # of a cell and its text there are eight
MAX_MEMORY, MAX_SECONDS = 512 * 1024 * 1024, 20  # bytes; seconds of the processor

# The part of an archive that tells its kind, and the name of that kind.
_KINDS = {
    "xl/workbook.bin": "een binair Excel-bestand (.xlsb)",
    "word/document.xml": "een Word-bestand",
    "ppt/presentation.xml": "een PowerPoint-bestand",
    "content.xml": "een OpenDocument-bestand (.ods)",
    "Index/Document.iwa": "een bestand van Numbers",
    "Index.zip": "een bestand van Numbers",
}
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z0-9:]{1,21})"')
_DAMAGED = (
    "Dit Excel-bestand is beschadigd of heeft een vreemde vorm. Open het in Excel, sla het op als "
    "“Excel-werkmap (.xlsx)” en kies dat bestand."
)


def read_workbook(data: bytes) -> list[Any]:
    """The sheets of the workbook `data`: each a name and rows of a number, whether it is hidden, the share of it that
    is struck through, and cells, as `Cell` or None. Raises UnreadableFile; and anything, for a file that is damaged.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        has_formulas = _refuse_large(archive)
        reader = ExcelReader(BytesIO(data), data_only=True, keep_links=False)
        reader.read()
        parts = {sheet.name: rel.target for sheet, rel in reader.parser.find_sheets()}
        room = _Room()
        sheets = []
        for sheet in reader.wb.worksheets:
            lost: set[str] = set()
            if has_formulas:
                with archive.open(parts[sheet.title]) as part:
                    lost = set(_find_lost_formulas(part))
            sheets.append([sheet.title, _rows(sheet, lost, room)])
    return sheets


def _refuse_large(archive: zipfile.ZipFile) -> bool:
    """Raise UnreadableFile for an archive that is large or no workbook; tell whether it holds formulas.

    The sizes that an archive states are a limit: no more than that is unpacked.
    """
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise too_large(MAX_ENTRIES, "onderdelen")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise too_large(MAX_UNPACKED // 1_000_000, "MB, uitgepakt")
    names = {entry.filename for entry in entries}
    for name, kind in _KINDS.items():
        if name in names:
            raise UnreadableFile(
                f"Dit is {kind}. Sla de tabel op als “Excel-werkmap (.xlsx)” of als CSV en kies dat bestand."
            )
    if "[Content_Types].xml" not in names:
        raise UnreadableFile("Dit is een zip-bestand. Pak het uit en kies het Excel-bestand.")
    rows = tags = merged = 0
    has_formulas = False
    for entry in entries:
        part = archive.read(entry) if entry.filename.endswith(".xml") else b""
        rows += len(re.findall(rb"<(?:\w+:)?row[ >]", part))
        if rows > 2 * MAX_ROWS:  # half of them may be empty
            raise too_large(MAX_ROWS, "rijen")
        tags += part.count(b"<")
        if tags > MAX_TAGS:
            raise too_large(MAX_CELLS, "cellen")
        for reference in _MERGED.finditer(part):
            size = CellRange(reference[1].decode()).size
            merged += size["rows"] * size["columns"]
            if merged > MAX_CELLS:
                raise too_large(MAX_CELLS, "samengevoegde cellen")
        if len(re.findall(rb"<(?:\w+:)?sheet ", part)) > MAX_SHEETS:
            raise too_large(MAX_SHEETS, "bladen")
        has_formulas = has_formulas or bool(re.search(rb"<(?:\w+:)?f[ />]", part))
    return has_formulas


def _find_lost_formulas(part: Any) -> Iterator[str]:
    """The cells of a sheet with a formula of which the value was never stored."""
    for _, cell in ElementTree.iterparse(part):  # noqa: S314 - see MAX_MEMORY; no DTD is fetched
        if cell.tag.endswith("}c"):
            found = {child.tag.rpartition("}")[2]: child for child in cell}
            value = found.get("v")
            # An empty text (t="str") is a value.
            is_lost = value is None or (not value.text and cell.get("t") != "str")
            if "f" in found and is_lost:
                yield cell.get("r", "")
        if cell.tag.endswith("}row"):
            cell.clear()


class _Room:
    """The cells that the file may still have, and their text."""

    def __init__(self) -> None:
        self.rows, self.cells, self.text = MAX_ROWS, MAX_CELLS, MAX_TEXT

    def take_row(self) -> None:
        self.rows -= 1
        if self.rows < 0:
            raise too_large(MAX_ROWS, "rijen")

    def take(self, text: str) -> None:
        self.cells -= 1
        self.text -= len(text)
        if self.cells < 0:
            raise too_large(MAX_CELLS, "gevulde cellen")
        if self.text < 0:
            raise too_large(MAX_TEXT, "tekens")


def _rows(sheet: Any, lost: set[str], room: _Room) -> list[Any]:
    rows: dict[int, dict[int, Any]] = {}
    struck: dict[int, list[bool]] = defaultdict(list)  # of each filled cell

    def put(row: int, column: int, cell: list[Any]) -> None:
        if column > MAX_COLUMNS:
            raise too_large(MAX_COLUMNS, "kolommen")
        if row not in rows:
            room.take_row()
        room.take(cell[0])
        rows.setdefault(row, {})[column] = cell

    # Only cells that are there: a sheet with two cells can be 17 billion cells large.
    for (row, column), cell in sorted(sheet._cells.items()):
        if cell.value is not None and cell.value != "":
            put(row, column, _read_cell(cell.value, cell.number_format))
            struck[row].append(bool(cell.font.strike))
        elif cell.coordinate in lost:
            put(row, column, ["", None, None, False, True])
    height = max(rows, default=0)
    width = max((column for cells in rows.values() for column in cells), default=0)
    for merged in sheet.merged_cells.ranges:
        first = rows.get(merged.min_row, {}).get(merged.min_col)
        if first is None:
            continue
        value = [*first[:3], True, first[4]]
        for row in range(merged.min_row, min(merged.max_row, height) + 1):
            for column in range(merged.min_col, min(merged.max_col, width) + 1):
                put(row, column, value)
    is_hidden = sheet.sheet_state != "visible"
    hidden = {row for row, dimension in sheet.row_dimensions.items() if dimension.hidden}
    shares = {row: sum(cells) / len(cells) for row, cells in struck.items()}
    return [
        [row, is_hidden or row in hidden, shares.get(row, 0), [cells.get(column) for column in range(1, width + 1)]]
        for row, cells in sorted(rows.items())
    ]


def _read_cell(value: Any, number_format: str) -> list[Any]:
    if isinstance(value, bool):
        return ["WAAR" if value else "ONWAAR", None, None, False, False]
    if isinstance(value, int | float):
        text = format(value, ".15g").replace(".", ",")
        if set(number_format) == {"0"} and text.isdecimal():
            text = text.zfill(len(number_format))  # shown with the zeros in front
        return [text, value, None, False, False]
    if isinstance(value, date):  # or a datetime
        hour = f" {value:%H:%M}" if isinstance(value, datetime) and value.time() != time() else ""
        text = f"{value.day}-{value.month}-{value.year}{hour}"
        return [text, None, f"{value:%Y-%m-%d}", False, False]
    if isinstance(value, time):
        return [f"{value:%H:%M}", None, None, False, False]
    return [str(value), None, None, False, False]


def main() -> None:
    """Read the workbook at the input, within the limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    answer: dict[str, Any]
    try:
        answer = {"sheets": read_workbook(sys.stdin.buffer.read())}
    except UnreadableFile as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        raise
    except Exception:  # of any kind: the file decides which
        answer = {"refused": _DAMAGED}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))  # `dump` takes four times as long


if __name__ == "__main__":
    main()
