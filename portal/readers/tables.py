"""A table as it was read from a workbook or a CSV file, before anybody knows what it means."""

from datetime import date
from typing import NamedTuple

MAX_FILE = 5_000_000  # bytes
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 20_000, 200, 250_000  # the whole file; only filled cells count
MAX_TEXT = 10_000_000  # characters of all cells


class UnreadableFile(ValueError):
    """A file of which nothing is read. The message is one Dutch sentence: the fault and the remedy."""


class Cell(NamedTuple):
    """A cell. A merged cell stands in each of its rows and columns."""

    text: str = ""  # as a person reads it; "" where the cell is empty
    number: float | None = None
    day: date | None = None  # of a cell that is formatted as a date
    is_merged: bool = False
    has_lost_formula: bool = False  # a formula of which the file holds no value


class Row(NamedTuple):
    """A row; `number` counts from 1, as in a spreadsheet."""

    number: int
    cells: tuple[Cell, ...]
    is_hidden: bool = False  # or its sheet is
    struck: float = 0  # the share of its filled cells that are struck through


class Table(NamedTuple):
    """A sheet of a workbook, or a CSV file. Rows without a filled cell are left out; all rows have
    the same number of cells."""

    name: str
    rows: tuple[Row, ...]


def too_large(limit: int, noun: str) -> UnreadableFile:
    """The refusal of a file with more than `limit` of `noun`, such as "kolommen"."""
    return UnreadableFile(
        f"Dit bestand is te groot: meer dan {f'{limit:,}'.replace(',', '.')} {noun}. "
        "Zet alleen wat nodig is in een nieuw bestand, of verdeel het over meer bestanden."
    )
