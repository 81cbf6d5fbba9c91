"""Lines of an imported table: rows below its heading, with their schools and without "idem"."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.imports import cells
from portal.imports.columns import Column, Field, Sheet
from portal.imports.findings import Findings
from portal.imports.interpretation import SKIP, QuestionKind, RowKey
from portal.imports.pupil_data import REASONS, find_pupil_data
from portal.imports.words import SchoolWords, Words
from portal.readers.tables import Row, Table
from portal.text import clean_line

_TOTAL = re.compile(r"(?:sub)?totaal\b|aantal\b|som\b", re.IGNORECASE)
_FORMULA = "De formule heeft geen waarde: open het bestand in Excel en sla het op."
_AROUND = " \n;,-–()."
_LONGEST = 4_000  # characters of a cell
_FOOTNOTE = 50
# "zie tabblad PO; verder VO: De Ster", "zie daar"
_ELSEWHERE = re.compile(
    r"\bzie (?:ook )?(?:(?:het|de|ander) )?(?:tab|blad|werkblad|sheet|daar|lijst)[^;\n)]*",
    re.IGNORECASE,
)
_VERDER = re.compile(
    r"^(?:(?:verder|en|ook|voor)\b\s*)?(?:(?:po|vo|so|sbo)\s*:)?\s*", re.IGNORECASE
)
_BRINGS = (
    Field.PEOPLE, Field.NAME, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.WEEKDAY, Field.PHONE,
    Field.MOBILE, Field.EMAIL,
)  # fmt: skip


@dataclass
class Line:
    """A row, with the texts of its columns by position, and the codes of its schools."""

    key: RowKey
    texts: Mapping[int, str]
    fields: Mapping[str, Sequence[Column]]
    words: SchoolWords
    schools: list[str]

    def of(self, column: Column) -> str:
        """The text of a column."""
        return self.texts.get(column.position, "")

    def get(self, field: Field) -> str:
        """The text of the first column of a field that says something."""
        texts = (self.of(column) for column in self.fields.get(field, ()))
        return next((text for text in texts if not cells.is_empty(text)), "")


def group_columns(sheet: Sheet) -> dict[str, list[Column]]:
    """The columns of a sheet by their field."""
    fields: dict[str, list[Column]] = {}
    for column in sheet.columns:
        fields.setdefault(column.field, []).append(column)
    return fields


def read_lines(
    table: Table, sheet: Sheet, words: Words, findings: Findings, shown: Collection[RowKey],
    not_names: Collection[str],
) -> list[Line]:  # fmt: skip
    """The lines of a table; not its totals, footnotes and hidden rows, nor rows that are refused.
    `shown` are the hidden rows that count."""
    fields = group_columns(sheet)
    near = find_places(table.name, words)
    heading = [c.text for c in table.rows[sheet.first_row - 1].cells] if sheet.columns else []
    above: dict[int, str] = {}
    lines: list[Line] = []
    for row in table.rows[sheet.first_row :]:
        key = RowKey(table.name, row.number)
        filled = [cell.text for cell in row.cells if cell.text.strip()]
        is_left_out = row.is_hidden and key not in shown
        if is_left_out or not filled or [c.text for c in row.cells] == heading:
            continue
        if _TOTAL.match(filled[0]):
            continue
        if reason := _find_refusal(sheet, row, not_names):
            findings.reject(key, reason)
        elif len(set(filled)) == 1 and (found := find_places(filled[0], words)):
            near = found  # a row that begins a place
        elif len(set(filled)) == 1 and (filled[0][0] == "*" or len(filled[0]) > _FOOTNOTE):
            findings.leave_out(key, filled[0], "Deze regel gaat niet over een school.")
        else:
            texts = _read_texts(sheet, row, key, above, findings)
            lines.append(_make_line(key, texts, fields, near, words, findings))
    return lines


def find_places(text: str, words: Words) -> tuple[str, ...]:
    """The places that a text is the names of: "Duindorp & Meerstad"."""
    parts = tuple(part.strip() for part in re.split(r"&|,| en |/", text))
    return parts if all(map(words.schools.is_place, parts)) else ()


def find_schools(
    words: SchoolWords, row: RowKey, finders: Words, findings: Findings
) -> list[str]:  # fmt: skip
    """The codes of the schools that a row names; none for those that are asked for."""
    codes: list[str] = []
    named = finders.schools.find(words)
    for name, found in named:
        word = name or words.code
        place = words.place if len(named) == 1 else ""
        answer = " ".join(found.values) or findings.ask(
            QuestionKind.SCHOOL, f"{words.code} {name} {place}", word,
            f"Welke school is “{clean_line(word)}”?", [row], found.candidates,
            lambda value: value == SKIP or all(map(finders.schools.get, value.split())),
        )  # fmt: skip
        if answer == SKIP:
            findings.reject(row, f"Je koos om “{clean_line(word)}” over te slaan.")
        else:
            codes += answer.split()
    return list(dict.fromkeys(codes))


def _find_refusal(sheet: Sheet, row: Row, not_names: Collection[str]) -> str:
    if row.cells[0].text in REASONS:
        return row.cells[0].text
    if any(len(cell.text) > _LONGEST for cell in row.cells):
        return "In deze rij staat een cel met te veel tekst."
    return find_pupil_data(sheet, row, not_names)


def _read_texts(
    sheet: Sheet, row: Row, key: RowKey, above: dict[int, str], findings: Findings
) -> dict[int, str]:
    texts: dict[int, str] = {}
    for column in sheet.columns:
        cell = row.cells[column.position]
        text = cell.day.isoformat() if cell.day else cell.text.strip()
        if cells.is_ditto(text):
            text = above.get(column.position, "")
        if cell.has_lost_formula:
            findings.leave_out(key, column.heading, _FORMULA)
        texts[column.position] = above[column.position] = "" if text.startswith("#") else text
    return texts


def _make_line(
    key: RowKey, texts: Mapping[int, str], fields: Mapping[str, Sequence[Column]],
    near: tuple[str, ...], words: Words, findings: Findings,
) -> Line:  # fmt: skip
    line = Line(key, texts, fields, SchoolWords("", near=near), [])
    code, location = line.get(Field.CODE), line.get(Field.LOCATION)
    if len(code) == 4 and location:
        code += location.zfill(2)
    address = " ".join(filter(None, map(line.of, fields.get(Field.ADDRESS, ()))))
    names = (line.of(column) for column in fields.get(Field.SCHOOL, ()))
    name = "\n".join(name for name in names if not cells.is_empty(name))
    named = _ELSEWHERE.sub("", name)
    if named != name:
        named = _VERDER.sub("", named.strip(_AROUND)).strip(_AROUND)
    line.words = SchoolWords(named or name, code, line.get(Field.PLACE), address, near)
    if name and not (named or code):
        findings.reject(key, f"“{clean_line(name)}”: deze rij verwijst naar een andere plek.")
    elif name or code:
        told = (line.of(column) for field in _BRINGS for column in fields.get(field, ()))
        brings = any(text not in ("", name) for text in told)
        found = words.schools.find(line.words)
        if brings or all(meaning.values for _, meaning in found):
            line.schools = find_schools(line.words, key, words, findings)
        else:
            line.schools = [code for _, meaning in found for code in meaning.values]
            findings.leave_out(key, name or code, "Deze regel noemt geen persoon.")
    return line
