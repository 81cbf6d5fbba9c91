"""The files of DUO, present and past."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from portal.config import SEEDS
from portal.readers.duo import DuoError, DuoSchool, read_duo, read_schools
from tests.readers.archives import save

HEAD = (
    "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;"
    "HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;"
    "TELEFOONNUMMER;INTERNETADRES"
)
ROW = "Noord-Holland;41853;01LZ;01LZ00;De Zee;Kade;43;2012 KN;HAARLEM;0392;HAARLEM;Openbaar;0235311651;www.zee.example"


def write(folder: Path, *lines: str, end: str = "\r\n", encoding: str = "cp1252") -> Path:
    path = folder / "duo.csv"
    path.write_bytes("".join(line + end for line in lines).encode(encoding))
    return path


def read_one(path: Path) -> DuoSchool:
    (school,) = read_schools(path)
    return school


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_encoding_and_line_ends_make_no_difference(tmp_path: Path, end: str, encoding: str) -> None:
    row = ROW.replace("De Zee", "’t Zeeën")
    school = read_one(write(tmp_path, HEAD, row, end=end, encoding=encoding))
    assert (school.code, school.name) == ("01LZ00", "’t Zeeën")


def test_the_encoding_is_found_by_one_letter_at_the_end_of_a_large_file(tmp_path: Path) -> None:
    codes = (f"{n // 26 % 100:02}{chr(65 + n % 26)}Y{n // 2600:02}" for n in range(5_000))
    rows = [ROW.replace("01LZ00", code) for code in codes]
    path = write(tmp_path, HEAD, *rows, ROW.replace("De Zee", "De Zeeën"))
    assert list(read_schools(path))[-1].name == "De Zeeën"


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace("INSTELLINGSCODE;VESTIGINGSCODE", "BRIN NUMMER;VESTIGINGSNUMMER"),
        HEAD.replace("VESTIGINGSNAAM", "VESTIGINGSNAAM "),
        HEAD.replace(" ", "_"),
        HEAD.lower(),
    ],
    ids=["until-2021", "2013-trailing-space", "underscores", "lower-case"],
)
def test_every_past_name_of_a_column_is_known(tmp_path: Path, head: str) -> None:
    assert read_one(write(tmp_path, head, ROW)).name == "De Zee"


def test_a_copy_separated_by_tabs_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD.replace(";", "\t"), ROW.replace(";", "\t"))
    assert read_one(path).phone == "0235311651"


def test_one_space_is_empty_and_leading_zeros_stay(tmp_path: Path) -> None:
    row = ROW.replace("HAARLEM;0392;HAARLEM", "HAARLEM;0392; ").replace("0235311651", " ")
    school = read_one(write(tmp_path, HEAD, row))
    assert school.phone == ""
    assert school.municipality_code == "0392"


def test_quotes_commas_and_double_spaces_are_part_of_a_name(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD, ROW.replace("De Zee", 'De "Zee",  locatie  Noord'))
    assert read_one(path).name == 'De "Zee", locatie Noord'


def test_extra_columns_do_not_shift_the_others(tmp_path: Path) -> None:
    vo = read_one(write(tmp_path, HEAD + ";ONDERWIJSSTRUCTUUR", ROW + ";HAVO/VWO"))
    so = read_one(write(tmp_path, "SOORT PRIMAIR ONDERWIJS;" + HEAD, "SBAO;" + ROW))
    assert vo == so == read_one(write(tmp_path, HEAD, ROW))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (ROW + ";te veel", "duo.csv, regel 3, kolom 14: hier staan 15 velden"),
        (ROW.removesuffix(";www.zee.example"), "duo.csv, regel 3, kolom 13: hier staan 13"),
        (ROW.replace("01LZ00", "1"), "duo.csv, regel 3, kolom 4 (VESTIGINGSCODE): hier hoort een"),
        (ROW.replace("01LZ00", "1,00E+05"), "duo.csv, regel 3, kolom 4 (VESTIGINGSCODE)"),
        (ROW.replace("2012 KN", "2012"), "duo.csv, regel 3, kolom 8 (POSTCODE)"),
        (ROW.replace(";0392;", ";H392;"), "duo.csv, regel 3, kolom 10 (GEMEENTENUMMER)"),
        (ROW.replace("De Zee", " "), "duo.csv, regel 3, kolom 5 (VESTIGINGSNAAM)"),
    ],
    ids=["field-too-many", "field-missing", "code", "spreadsheet", "postcode", "zero", "no-name"],
)
def test_an_invalid_line_is_refused_with_file_line_and_column(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(DuoError) as error:
        list(read_schools(write(tmp_path, HEAD, ROW, line)))
    assert str(error.value).startswith(message)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HEAD.encode(),
        HEAD.encode() + b"\r\n\r\n",
        b"naam,adres\r\nx,y\r\n",
        b"%PDF-1.4\n\x81\x8d;",
        b"\xff\xfe;\x81",
    ],
)
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "iets.csv"
    path.write_bytes(content)
    with pytest.raises(DuoError, match=r"iets\.csv, regel \d+, kolom \d+: .*DUO"):
        list(read_schools(path))


ROWS = [HEAD.split(";"), ROW.split(";")]
ZEE = DuoSchool(
    "01LZ00", "41853", "De Zee", "Kade", "43", "2012 KN", "HAARLEM", "0392", "0235311651",
    "www.zee.example",
)  # fmt: skip


def lines(delimiter: str, quote: str = "") -> str:
    """The header and the row with other delimiters and quotes."""
    return "\r\n".join(delimiter.join(quote + field + quote for field in fields) for fields in ROWS)


def saved(row: list[Any]) -> bytes:
    """A workbook that a spreadsheet makes of the file, under a title."""
    book = Workbook()
    for fields in (["Alle vestigingen"], ROWS[0], row):
        book.worksheets[0].append(fields)
    return save(book)


NUMBERS = [int(field) if field.isdecimal() else field for field in ROWS[1]]


@pytest.mark.parametrize(
    "data",
    [
        lines(",", '"').encode("utf-8-sig"),
        lines(";", '"').encode("cp1252"),
        lines("\t").encode("utf-16"),
        lines(";").encode("utf-16-be"),
        f"sep=;\r\n{lines(';')}".encode(),
        f"sep=,\n{lines(',')}\n,,,\n\n".encode(),
        lines(";").replace(";0392;", ";392;").replace(";0235311651;", ";235311651;").encode(),
        lines(";").replace(";0392;", ";'0392;").replace(";0235311651;", ";'0235311651;").encode(),
        lines(";").replace(";0392;", ';="0392";').replace("2012 KN", "2012 kn").encode(),
        saved(NUMBERS),
        lines(";").replace("01LZ00", "01lz00").replace("De Zee", "De  Zee").encode(),
    ],
    ids=["portal", "quoted", "utf-16-tab", "utf-16", "sep", "sep-comma", "zeros", "apostrophes",
         "formulas", "workbook", "cases"],
)  # fmt: skip
def test_a_file_that_was_saved_again_reads_the_same(data: bytes) -> None:
    found = read_duo("duo.xlsx", data)
    assert found.refused == []
    assert found.schools == [ZEE]


@pytest.mark.parametrize(("written", "read"), [("2-4", "2-4"), ("2-apr", "2-4"), ("31-B", "31-B"), ("12", "12")])
def test_a_house_number_is_no_day(written: str, read: str) -> None:
    text = lines(";").replace(";43;", f";{written};")
    assert read_duo("duo.csv", text.encode()).schools[0].house_number == read


def test_a_house_number_that_became_a_day_in_a_workbook_is_a_house_number() -> None:
    row = [date(2026, 4, 2) if field == "43" else field for field in ROWS[1]]
    assert read_duo("duo.xlsx", saved(row)).schools[0].house_number == "2-4"


@pytest.mark.parametrize(
    ("bad", "code", "reason"),
    [
        (ROW.replace("2012 KN", "Haarlem"), "01LZ00", "regel 3, kolom 8 (POSTCODE): hier hoort"),
        (ROW + ";te veel", "01LZ00", "regel 3, kolom 14: hier staan 15 velden"),
        (ROW.replace("01LZ00", "1"), "", "regel 3, kolom 4 (VESTIGINGSCODE)"),
        (ROW.replace("De Zee", '"De Zee').replace(";0392", ""), "01LZ00", "regel 3, kolom"),
    ],
    ids=["postcode", "field-too-many", "code", "open-quote"],
)
def test_a_bad_row_refuses_that_row_only(bad: str, code: str, reason: str) -> None:
    text = "\n".join((HEAD, ROW.replace("01LZ00", "01LZ01"), bad, ROW.replace("01LZ00", "01LZ02")))
    found = read_duo("duo.csv", text.encode())
    assert [school.code for school in found.schools] == ["01LZ01", "01LZ02"]
    ((number, read_code, why),) = found.refused
    assert (number, read_code) == (3, code) and why.startswith(reason)


@pytest.mark.parametrize("again", [ROW, ROW.replace("De Zee", "Anders"), ROW.lower()])
def test_the_second_row_of_a_code_is_refused(again: str) -> None:
    other = ROW.replace("01LZ00", "01LZ01")
    found = read_duo("duo.csv", "\n".join((HEAD, ROW, again, other)).encode())
    assert [(school.code, school.name) for school in found.schools] == [
        ("01LZ00", "De Zee"), ("01LZ01", "De Zee"),
    ]  # fmt: skip
    assert [row.reason for row in found.refused] == ["regel 3: 01LZ00 staat er al."]


def test_the_files_of_the_region_are_read_whole_and_by_their_kind() -> None:
    folder = SEEDS / "zuid-kennemerland" / "schools"
    found = {path.name: read_duo(path.name, path.read_bytes()) for path in folder.iterdir()}
    assert {name: file.education for name, file in found.items()} == {
        "duo-po-2026-04.csv": "po", "duo-so-2026.csv": "so", "duo-vo-2026.csv": "vo",
    }  # fmt: skip
    for name, file in found.items():
        assert file.refused == []
        with (folder / name).open("rb") as whole:
            assert len(file.schools) == sum(1 for _ in whole) - 1
