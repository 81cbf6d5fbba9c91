"""Files that people send: workbooks and CSV files in every shape, and what is no table."""

from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from portal.readers.files import read_tables
from portal.readers.tables import Table, UnreadableFile
from tests.readers.archives import CONTENT_TYPES, pack, save, workbook_of


def texts(data: bytes, name: str = "lijst.csv") -> list[list[str]]:
    (table,) = read_tables(name, data)
    return [[cell.text for cell in row.cells] for row in table.rows]


@pytest.fixture(scope="module")
def workbook() -> list[Table]:
    """A workbook with all that people do in one, which is read once."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Haarlem"
    sheet.append(["Kernteams 2026", None, None, None])
    sheet.merge_cells("A1:XFD1")
    sheet.append(["School", "Naam", "Telefoon", "Vanaf"])
    sheet.append(["Icarus", "Renée Dubois", 612345911, date(2026, 8, 1)])
    at = datetime(2026, 8, 1, 9, 30)  # noqa: DTZ001 - a workbook knows no time zones
    sheet.append([None, "Teun van den Berg\nIda Vos", 235511200.0, at])
    sheet.merge_cells("A3:A4")
    sheet.append([])
    sheet.append([1.5, True, "=1+1", '=IF(1=1,"","x")'])
    sheet.append([612345912, None, None, "#N/A"])
    sheet["A7"].number_format = "0000000000"
    sheet.row_dimensions[4].hidden = True
    sheet["B3"].font = Font(strike=True)
    hidden = book.create_sheet("Oud")
    hidden.sheet_state = "hidden"
    hidden.append(["Icarus"])
    return read_tables("kernteams.xlsx", save(book))


def test_sheets_and_rows_keep_their_names_and_numbers(workbook: list[Table]) -> None:
    assert [table.name for table in workbook] == ["Haarlem", "Oud"]
    assert [row.number for row in workbook[0].rows] == [1, 2, 3, 4, 6, 7]
    assert {len(row.cells) for row in workbook[0].rows} == {4}


def test_a_merged_cell_stands_in_all_its_rows_and_columns(workbook: list[Table]) -> None:
    rows = workbook[0].rows
    assert [cell.text for cell in rows[0].cells] == ["Kernteams 2026"] * 4
    assert [row.cells[0].text for row in rows[2:4]] == ["Icarus"] * 2
    assert rows[3].cells[0].is_merged and not rows[1].cells[0].is_merged


def test_numbers_and_days_are_as_people_read_them(workbook: list[Table]) -> None:
    rows = workbook[0].rows
    assert [rows[n].cells[2].text for n in (2, 3)] == ["612345911", "235511200"]
    assert rows[2].cells[2].number == 612345911
    assert (rows[2].cells[3].text, rows[2].cells[3].day) == ("1-8-2026", date(2026, 8, 1))
    assert (rows[3].cells[3].text, rows[3].cells[3].day) == ("1-8-2026 09:30", date(2026, 8, 1))
    assert [cell.text for cell in rows[4].cells[:2]] == ["1,5", "WAAR"]
    assert [rows[5].cells[n].text for n in (0, 3)] == ["0612345912", "#N/A"]
    assert rows[3].cells[1].text == "Teun van den Berg\nIda Vos"


def test_a_formula_without_a_value_is_marked(workbook: list[Table]) -> None:
    assert [cell.has_lost_formula for cell in workbook[0].rows[4].cells] == [
        False, False, True, True,
    ]  # fmt: skip


def test_of_a_row_is_told_which_share_is_struck_through(workbook: list[Table]) -> None:
    assert [row.struck for row in workbook[0].rows] == [0, 0, 0.25, 0, 0, 0]


def test_hidden_rows_and_sheets_are_marked(workbook: list[Table]) -> None:
    shown, hidden = workbook
    assert [row.number for row in shown.rows if row.is_hidden] == [4]
    assert hidden.rows[0].is_hidden


def test_a_formula_with_a_value_counts_as_its_value() -> None:
    data = workbook_of(
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1&amp;""</f><v></v></c>'
        '<c r="C1"><f>NOW()</f></c></row>'
    )
    ((row,),) = (table.rows for table in read_tables("x.xlsx", data))
    assert [(cell.text, cell.has_lost_formula) for cell in row.cells] == [
        ("2", False), ("", False), ("", True),
    ]  # fmt: skip


def test_a_workbook_with_macros_is_read_under_any_name() -> None:
    macros = CONTENT_TYPES.replace(
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main", "vnd.ms-excel.sheet.macroEnabled.main"
    )
    assert macros != CONTENT_TYPES
    parts: dict[str, str | bytes] = {"xl/vbaProject.bin": b"\0macro", "[Content_Types].xml": macros}
    data = workbook_of('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', parts=parts)
    assert texts(data, "lijst.csv") == [["Icarus"]]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""), ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b""), ("utf-16-be", b""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_encoding_and_delimiter_is_found(encoding: str, mark: bytes, delimiter: str, end: str) -> None:
    lines = [["School", "Naam"], ["’t Schelpenpad", "Renée Dubois"], ["Bos en Vaart", "Zoë Vos"]]
    text = end.join(delimiter.join(line) for line in lines)
    assert texts(mark + text.encode(encoding), "lijst.xlsx") == lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sep=,\na;b,c\n", [["a;b", "c"]]),
        ('"sep=;"\r\na,1;c\r\n', [["a,1", "c"]]),
        ('Naam;Rol\n"Berg, Teun\nvan den";CJG', [["Naam", "Rol"], ["Berg, Teun\nvan den", "CJG"]]),
        ('a;"b "" c";d', [["a", 'b " c', "d"]]),
        ('a;"De Ark;b\n' + "c;d;e\n" * 60, [["a", '"De Ark', "b"], *[["c", "d", "e"]] * 60]),
        (
            "Naam;Rol\nVos, I.;ib, intern\nBos, F.;jv, ggd",
            [["Naam", "Rol"], ["Vos, I.", "ib, intern"], ["Bos, F.", "jv, ggd"]],
        ),
        ("School\nIcarus\nCamelot", [["School"], ["Icarus"], ["Camelot"]]),
        ("a;b\n;;\n\nc;;d", [["a", "b", ""], ["c", "", "d"]]),
    ],
    ids=["sep", "sep-quoted", "line-break", "quotes", "open-quote", "commas", "one-column", "gaps"],
)  # fmt: skip
def test_a_csv_file_is_read_as_it_was_meant(text: str, expected: list[list[str]]) -> None:
    assert texts(text.encode()) == expected


def test_rows_of_a_csv_file_count_as_in_a_spreadsheet() -> None:
    (table,) = read_tables("lijst.csv", b'sep=;\n"a\nb";c\n\nd;e\n')
    assert [row.number for row in table.rows] == [1, 3]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "leeg"),
        (b" ;;\n", "leeg"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "zonder wachtwoord"),
        (OLE + "Workbook".encode("utf-16-le"), "oud Excel-bestand"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word-bestand"),
        (b"%PDF-1.7", "PDF-bestand"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><table>", "webpagina"),
        (b"<html><table><tr><td>Icarus", "webpagina"),
        (b'<?xml version="1.0"?><Workbook>', "XML-bestand"),
        (b"\x89PNG\r\n\x1a\n\0\0", "afbeelding"),
        (b"\x7fELF\x02\x01\x01" + bytes(9), "geen Excel- of CSV-bestand"),
        (bytes(range(256)) * 9, "geen Excel- of CSV-bestand"),
        (b"a;b\n" * 20_001, "meer dan 20.000 rijen"),
        (b";" * 200 + b"a", "meer dan 200 kolommen"),
        (b"a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q;r;s;t\n" * 12_501, "meer dan 250.000 gevulde cellen"),
        (b"a" * 131_073, "meer dan 131.072 tekens"),
        (b"a" * 5_000_001, "meer dan 5 MB"),
    ],
)
def test_a_file_that_is_no_table_gets_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_tables("lijst.xlsx", data)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("content.xml", "OpenDocument-bestand"),
        ("Index/Document.iwa", "Numbers"),
        ("word/document.xml", "Word-bestand"),
        ("ppt/presentation.xml", "PowerPoint-bestand"),
        ("xl/workbook.bin", "binair Excel-bestand"),
        ("kernteams.xlsx", "zip-bestand"),
    ],
)
def test_an_archive_of_another_program_is_named(name: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_tables("lijst.xlsx", pack({name: "x"}))


def test_only_one_workbook_is_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.readers import files

    monkeypatch.setattr(files, "_WAIT", 0)
    with files._reading, pytest.raises(UnreadableFile, match="ander bestand"):
        read_tables("lijst.xlsx", workbook_of(""))
