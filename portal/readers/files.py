"""Reads the tables of a file that somebody sends: a workbook or a CSV file, whatever its name."""

import json
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

from portal.readers.delimited import read_delimited
from portal.readers.tables import MAX_FILE, Cell, Row, Table, UnreadableFile, too_large
from portal.text import clean

_ROOT = Path(__file__).parent.parent.parent
_PATIENCE = 45  # seconds; the processor may be busy with other things
_WAIT = 10  # seconds for the reading of another file
_reading = threading.Lock()

_SAVE_AS = "Sla de tabel op als “Excel-werkmap (.xlsx)” of als CSV en kies dat bestand."
# The first bytes of a file, and its kind.
_KINDS = {
    b"%PDF": "een PDF-bestand",
    b"{\\rtf": "een tekstdocument",
    b"\x89PNG": "een afbeelding",
    b"\xff\xd8\xff": "een afbeelding",
    b"<!doctype html": "een webpagina",
    b"<html": "een webpagina",
    b"<table": "een webpagina",
    b"<?xml": "een XML-bestand",
}
_EMPTY = Cell()


def read_tables(name: str, data: bytes) -> list[Table]:
    """The sheets of the workbook, or the table of the CSV file, of which `data` are the bytes and
    `name` is the name. Of a workbook one is read at a time.

    Raises UnreadableFile. A macro is never run, a formula never calculated.
    """
    if len(data) > MAX_FILE:
        raise too_large(MAX_FILE // 1_000_000, "MB")
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, kind in _KINDS.items():
        if start.startswith(magic.lower()):
            raise UnreadableFile(f"Dit is {kind}. {_SAVE_AS}")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refuse_old_office(data)
    tables = _read_workbook(data) if data.startswith(b"PK") else [read_delimited(name, data)]
    if not any(table.rows for table in tables):
        raise UnreadableFile("Dit bestand is leeg. Kies een bestand met een tabel.")
    return tables


def _refuse_old_office(data: bytes) -> UnreadableFile:
    """The refusal of a file in the format of Office before 2007, which also holds every file with a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return UnreadableFile("Dit bestand heeft een wachtwoord. Sla het zonder wachtwoord op en kies het opnieuw.")
    if "WordDocument".encode("utf-16-le") in data:
        return UnreadableFile(f"Dit is een Word-bestand. {_SAVE_AS}")
    return UnreadableFile(
        "Dit is een oud Excel-bestand (.xls). Open het in Excel, sla het op als “Excel-werkmap "
        "(.xlsx)” en kies dat bestand."
    )


def _read_workbook(data: bytes) -> list[Table]:
    if not _reading.acquire(timeout=_WAIT):
        raise UnreadableFile("Er wordt nu een ander bestand gelezen. Probeer het zo opnieuw.")
    try:
        # No environment: it holds the password of the database.
        done = subprocess.run(
            [sys.executable, "-B", "-m", "portal.readers.workbook"],
            input=data, capture_output=True, timeout=_PATIENCE, cwd=_ROOT, env={}, check=True,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise UnreadableFile(
            "Dit bestand kost te veel tijd of geheugen. Kopieer de cellen naar een nieuw, leeg "
            "Excel-bestand en kies dat."
        ) from None
    finally:
        _reading.release()
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise UnreadableFile(answer["refused"])
    return [
        Table(
            name,
            tuple(
                Row(number, tuple(_cell(cell) if cell else _EMPTY for cell in cells), is_hidden, struck)
                for number, is_hidden, struck, cells in rows
            ),
        )
        for name, rows in answer["sheets"]
    ]


def _cell(fields: list[object]) -> Cell:
    text, number, day, is_merged, has_lost_formula = fields
    return Cell(
        clean(str(text)),
        float(str(number)) if number is not None else None,
        date.fromisoformat(str(day)) if day else None,
        bool(is_merged),
        bool(has_lost_formula),
    )
