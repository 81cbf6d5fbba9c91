"""Files to download, among them CSV without formulas (CWE-1236)."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Response

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_DANGEROUS = "=+-@\t\r\n|%"


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A CSV file as Dutch Excel reads it: semicolons, and UTF-8 with a byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return download(name, text.getvalue().encode("utf-8-sig"), "text/csv")


def new_workbook(content: io.BytesIO) -> "Workbook":
    """A workbook that writes itself to `content`, and in which a text is no formula and no link."""
    from xlsxwriter import Workbook  # few pages need it

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return Workbook(content, options)


def xlsx_file(name: str, content: bytes) -> Response:
    """A workbook to download."""
    return download(name, content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def download(name: str, content: bytes, mimetype: str, **parameters: str) -> Response:
    """A download of UTF-8 text that no browser caches; `name` is plain ASCII."""
    response = Response(content, mimetype=mimetype)
    response.mimetype_params.update(parameters)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def cell(value: Any) -> str:
    """A value as text that a spreadsheet never executes as a formula, not behind blanks or quotes
    and not in full-width characters either."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    text = str(value)
    first = unicodedata.normalize("NFKC", text).lstrip(" \"'\u200b\ufeff")[:1]
    return f"'{text}" if first and first in _DANGEROUS else text
