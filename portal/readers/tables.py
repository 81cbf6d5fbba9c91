"""A table as it was read from a workbook or a CSV file, before anybody knows what it means."""

from datetime import date
from typing import NamedTuple


class Cell(NamedTuple):
    """A cell. A merged cell stands in each of its rows."""

    text: str = ""  # as a person reads it; "" where the cell is empty
    number: float | None = None
    day: date | None = None  # of a cell that is formatted as a date
    is_merged: bool = False
    has_lost_formula: bool = False  # a formula of which the file holds no value


class Row(NamedTuple):
    """A row; `number` counts from 1, as in a spreadsheet."""

    number: int
    cells: tuple[Cell, ...]
    is_hidden: bool = False


class Table(NamedTuple):
    """A sheet of a workbook, or a CSV file."""

    name: str
    rows: tuple[Row, ...]
