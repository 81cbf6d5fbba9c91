"""Files to download; lists for a spreadsheet among them, that carry no formulas (S-24)."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import Response

_DANGEROUS = "=+-@\t\r\n|%"


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A file `name` to download, as the Dutch Excel reads it: semicolons, UTF-8 with its mark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return download(name, text.getvalue().encode("utf-8-sig"), "text/csv")


def download(name: str, content: bytes, mimetype: str, **parameters: str) -> Response:
    """A file `name` (plain ASCII), of text in UTF-8, that no browser keeps."""
    response = Response(content, mimetype=mimetype)
    response.mimetype_params.update(parameters)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def cell(value: Any) -> str:
    """A value as a spreadsheet shows it, never as one that it carries out: also behind blanks and
    quotes, and in the wide letters that it reads as the plain ones."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    text = str(value)
    first = unicodedata.normalize("NFKC", text).lstrip(" \"'\u200b\ufeff")[:1]
    return f"'{text}" if first and first in _DANGEROUS else text
