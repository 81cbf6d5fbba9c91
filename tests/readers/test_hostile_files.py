"""Files made to fill the memory, to keep the processor busy, or to reach other files."""

import os
import stat
import struct
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest

from portal.readers import files
from portal.readers.files import read_tables
from portal.readers.tables import UnreadableFile
from portal.readers.workbook import MAX_MEMORY
from tests.readers.archives import MAIN, pack, workbook_of
from tests.readers.fixtures import Readers

ICARUS = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
STRINGS = "xl/sharedStrings.xml"


def strings(text: str, definition: str = "") -> bytes:
    """A workbook of which the only cell holds `text`."""
    part = f"{definition}<sst {MAIN}><si><t>{text}</t></si></sst>"
    return workbook_of(ICARUS, parts={STRINGS: part})


def laughs() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return strings("&l9;", f'<!DOCTYPE sst [<!ENTITY l0 "{"ha" * 100}">{lines}]>')


def quadratic() -> bytes:
    return strings("&a;" * 50_000, f'<!DOCTYPE sst [<!ENTITY a "{"ha" * 50_000}">]>')


def external() -> bytes:
    return strings("&a;", '<!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/passwd">]>')


def nested() -> bytes:
    inner = pack({"0": bytes(9_000_000)})
    for _ in range(4):
        inner = pack({str(n): inner for n in range(16)})
    return inner


def lying() -> bytes:
    """The list of the archive states a hundred bytes for a part of 10 MB."""
    data = bytearray(workbook_of(" " * 10_000_000))
    (entry,) = [e for e in zipfile.ZipFile(BytesIO(data)).infolist() if e.file_size > 1_000_000]
    at = data.rindex(struct.pack("<L", entry.file_size))
    data[at : at + 4] = struct.pack("<L", 100)
    return bytes(data)


def sheets(number: int) -> bytes:
    names = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, number + 1))
    book = (
        f'<workbook {MAIN} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships"><sheets>{names}</sheets></workbook>'
    )
    return workbook_of(ICARUS, parts={"xl/workbook.xml": book})


def merged(*references: str) -> bytes:
    cells = "".join(f'<mergeCell ref="{reference}"/>' for reference in references)
    return workbook_of(ICARUS, f"<mergeCells>{cells}</mergeCells>")


def many_strings() -> bytes:
    return workbook_of(ICARUS, parts={STRINGS: f"<sst {MAIN}>{'<si><t>a</t></si>' * 760_000}</sst>"})


def long_string_everywhere() -> bytes:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 400))
    return workbook_of(cells, parts={STRINGS: f"<sst {MAIN}><si><t>{'a' * 32_000}</t></si></sst>"})


def encrypted() -> bytes:
    data = bytearray(workbook_of(ICARUS))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = data.find(signature)
        while found >= 0:
            data[found + at] |= 1
            found = data.find(signature, found + 1)
    return bytes(data)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (lambda: workbook_of(" " * 51_000_000), "meer dan 50 MB, uitgepakt"),
    "bomb in bombs": (nested, "zip-bestand"),
    "bomb that lies about its size": (lying, "beschadigd"),
    "64 MB": (lambda: bytes(64_000_000), "meer dan 5 MB"),
    "many parts": (lambda: pack({str(n): "" for n in range(1_000)}), "meer dan 200 onderdelen"),
    "many sheets": (lambda: sheets(10_000), "meer dan 100 bladen"),
    "far cells": (
        lambda: workbook_of(
            ICARUS + '<row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>'
        ),
        "meer dan 200 kolommen",
    ),
    "many rows": (lambda: workbook_of("<row><c><v>1</v></c></row>" * 100_000), "20.000 rijen"),
    "many cells in a row": (
        lambda: workbook_of(f"<row>{'<c><v>1</v></c>' * 760_000}</row>"), "250.000 cellen",
    ),
    "many merged ranges": (
        lambda: merged(*(f"A{n}:J{n}" for n in range(1, 25_002))), "250.000 samengevoegde cellen",
    ),
    "one merged range": (lambda: merged("A1:XFD1048576"), "samengevoegde cellen"),
    "many strings": (many_strings, "250.000 cellen"),
    "one string in many cells": (long_string_everywhere, "meer dan 10.000.000 tekens"),
    "billion laughs": (laughs, "beschadigd|te veel"),
    "quadratic entity": (quadratic, "beschadigd|te veel"),
    "external entity": (external, "beschadigd"),
    "deep nesting": (lambda: workbook_of("<row>" * 200_000), "te groot|beschadigd"),
    "cut off": (lambda: workbook_of(ICARUS)[:-40], "beschadigd"),
    "cut off in a part": (lambda: workbook_of(ICARUS)[:900], "beschadigd"),
    "no sheet": (lambda: pack({"[Content_Types].xml": "<Types/>"}), "beschadigd"),
    "encrypted parts": (encrypted, "beschadigd"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def peaks(readers: Readers) -> Iterator[list[int]]:
    """The most memory (kB) that each process took that read a file: less than it may."""
    readers.peaks.clear()
    yield readers.peaks
    assert all(peak * 1024 < MAX_MEMORY for peak in readers.peaks)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_gets_one_sentence(kind: str) -> None:
    make, words = HOSTILE[kind]
    with pytest.raises(UnreadableFile, match=words) as refused:
        read_tables("lijst.xlsx", make())
    assert str(refused.value).startswith("Dit ") and len(str(refused.value)) < 200


def test_two_rows_a_million_apart_are_two_rows(peaks: list[int]) -> None:
    data = workbook_of(ICARUS + '<row r="1048576"><c r="A1048576" t="s"><v>0</v></c></row>')
    (table,) = read_tables("lijst.xlsx", data)
    assert [row.number for row in table.rows] == [1, 1048576]
    assert len(peaks) == 1


def test_the_stated_dimension_is_not_believed() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 501))
    (table,) = read_tables("x", workbook_of(rows, before='<dimension ref="A1:A2"/>'))
    assert len(table.rows) == 500


def test_names_and_links_in_the_archive_write_nothing() -> None:
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    parts = {"../../../tmp/kernwijzer-escaped": "x", "/tmp/kernwijzer-escaped": "x", link: "/etc"}
    with zipfile.ZipFile(BytesIO(workbook_of(ICARUS))) as archive:
        parts |= {name: archive.read(name).decode() for name in archive.namelist()}
    (table,) = read_tables("lijst.xlsx", pack(parts))
    assert table.rows[0].cells[0].text == "Icarus"
    with pytest.raises(FileNotFoundError):
        open("/tmp/kernwijzer-escaped")  # noqa: PTH123, SIM115 - it is not there


@pytest.mark.usefixtures("new_program")
def test_reading_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Remembered(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Remembered)
    monkeypatch.setattr(files, "_PATIENCE", 0.01)
    with pytest.raises(UnreadableFile, match="te veel tijd"):
        read_tables("lijst.xlsx", workbook_of(ICARUS))
    (reader,) = started
    with pytest.raises(ChildProcessError):  # it is not left, not even as a zombie
        os.waitpid(reader.pid, 0)


@pytest.mark.usefixtures("new_program")
def test_the_process_that_reads_has_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    run, seen = subprocess.run, {}

    def remember(command: list[str], **options: object) -> object:
        seen.update(options)
        return run(command, **options)  # type: ignore[call-overload]  # passed on as they came

    monkeypatch.setattr(subprocess, "run", remember)
    (table,) = read_tables("lijst.xlsx", workbook_of(ICARUS))
    assert table.rows[0].cells[0].text == "Icarus"
    assert seen["env"] == {}
