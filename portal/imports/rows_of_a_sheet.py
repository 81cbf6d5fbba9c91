"""Lines of an imported table: rows below its heading, with their schools and without "idem"."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.imports import cell_meanings
from portal.imports.columns import Column, Field, Sheet
from portal.imports.people_in_cells import read_people
from portal.imports.posts_and_questions import SKIP, Findings, HiddenRow, QuestionKind, RowKey
from portal.imports.role_and_organisation_finder import Words
from portal.imports.rows_about_pupils import REASONS, find_pupil_data
from portal.imports.school_finder import SchoolWords, find_sector
from portal.readers.tables import Row, Table
from portal.text import clean_line, fold

_TOTAL = re.compile(r"(?:sub)?totaal\b|aantal\b|som\b", re.IGNORECASE)
_FORMULA = "De formule heeft geen waarde: open het bestand in Excel en sla het op."
_AROUND = " \n;,-–()."
_LONGEST = 4_000  # characters of a cell
_STRUCK = 0.5  # of its filled cells: nobody means such a row
_FOOTNOTE = 50  # characters of a note
# "PO Oost, zie tabblad PO; verder VO: De Ster", "zie daar"
_ELSEWHERE = re.compile(
    r"\bzie (?:ook )?(?:(?:het|de|ander) )?(?:tab|blad|werkblad|sheet|daar|lijst)[^;\n)]*", re.IGNORECASE
)
_LEADS_ON = re.compile(r"^[\s).,]*(?:(?:verder|en|ook|voor|in|plus)\b\s*)*(?:[^:,]{1,20}:\s*)?", re.IGNORECASE)
# "oud 24-25", "archief", "NIET GEBRUIKEN"; "Oud-Zuid" is a place.
_OUTDATED = re.compile(
    r"\bniet (?:meer )?gebruiken|\bvervallen\b|\bverouderd|\barchief\b|\bback-?up\b"
    r"|\boude?\b(?=\W*(?:$|\d|lijst|versie|bestand|blad))", re.IGNORECASE,
)  # fmt: skip
_DITTO_AT_END = re.compile(r", ?(?:idem|zelfde)$", re.IGNORECASE)
_OF_SCHOOL = (Field.SCHOOL, Field.CODE, Field.LOCATION, Field.PLACE, Field.ADDRESS)
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
    is_elsewhere: bool = False  # its schools stand in another sheet

    @property
    def names_school(self) -> bool:
        """Whether it has words about its school."""
        return bool(self.words.name or self.words.code)

    def of(self, column: Column) -> str:
        """The text of a column."""
        return self.texts.get(column.position, "")

    def get(self, field: Field) -> str:
        """The text of the first column of a field that says something."""
        texts = (self.of(column) for column in self.fields[field])
        return next((text for text in texts if not cell_meanings.is_empty(text)), "")


def hide_outdated(table: Table) -> Table:
    """The table; with its struck rows hidden, and all where its name or first row says that it is out of date."""
    said = f"{table.name}\n{' '.join(c.text for row in table.rows[:1] for c in row.cells[:1])}"
    left = 0 if _OUTDATED.search(said) else _STRUCK
    return table._replace(rows=tuple(row._replace(is_hidden=True) if row.struck >= left else row for row in table.rows))


def list_hidden(tables: Iterable[Table]) -> tuple[HiddenRow, ...]:
    """The rows that count only where somebody says so."""
    return tuple(
        HiddenRow(RowKey(table.name, row.number), " · ".join(c.text for c in row.cells if c.text))
        for table in tables
        for row in table.rows
        if row.is_hidden
    )


def group_columns(sheet: Sheet) -> dict[str, list[Column]]:
    """The columns of a sheet by their field."""
    fields: dict[str, list[Column]] = defaultdict(list)
    for column in sheet.columns:
        fields[column.field].append(column)
    return fields


def read_lines(
    table: Table, sheet: Sheet, words: Words, findings: Findings, shown: Collection[RowKey], not_names: Collection[str]
) -> list[Line]:
    """The lines of a table; not its totals, footnotes and hidden rows, nor rows that are refused.
    `shown` are the hidden rows that count."""
    reader = _LineReader(sheet, words, findings)
    near = find_places(table.name, words)
    heading = [c.text for c in table.rows[sheet.first_row - 1].cells] if sheet.columns else []
    lines: list[Line] = []
    for row in table.rows[sheet.first_row :]:
        key = RowKey(table.name, row.number)
        filled = [cell.text for cell in row.cells if cell.text.strip()]
        is_left_out = row.is_hidden and key not in shown
        if is_left_out or not filled or [c.text for c in row.cells] == heading:
            continue
        if _TOTAL.match(filled[0]):
            continue
        is_alone = len(set(filled)) == 1
        if reason := _find_refusal(sheet, row, not_names):
            findings.reject(key, reason)
        elif is_alone and (found := find_places(filled[0], words)):
            near = found  # a row that begins a place
        elif is_alone and reader.is_note(filled[0], row):
            findings.leave_out(key, filled[0], "Deze regel gaat niet over een school.")
        else:
            lines.append(reader.read(row, key, near))
    return lines


def list_names(table: Table, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """The names of schools that stand beside a code, with that code."""
    fields = group_columns(sheet)
    for row in table.rows[sheet.first_row :]:
        name, code, location = (
            next((row.cells[column.position].text.strip() for column in fields[field]), "")
            for field in (Field.SCHOOL, Field.CODE, Field.LOCATION)
        )
        if name and code and not any(map(cell_meanings.is_ditto, (name, code, location))):
            yield name, join_code(code, location)


def join_code(code: str, location: str) -> str:
    """The code of a school, with the two digits of its location where these stand apart."""
    return code + location.zfill(2) if len(code) == 4 and location else code


def find_places(text: str, words: Words) -> tuple[str, ...]:
    """The places that a text is the names of: "Duindorp & Meerstad"."""
    parts = tuple(part.strip() for part in re.split(r"&|,| en |/", text))
    return parts if all(map(words.schools.is_place, parts)) else ()


def find_schools(words: SchoolWords, row: RowKey, finders: Words, findings: Findings) -> list[str]:
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


class _LineReader:
    """Reads the rows of a sheet, "idem" as what stands above. Where each role has a row, "idem"
    beside the arts is about the arts of the school before."""

    def __init__(self, sheet: Sheet, words: Words, findings: Findings) -> None:
        self._sheet, self._words, self._findings = sheet, words, findings
        self._fields, self._sector = group_columns(sheet), find_sector(sheet.title)
        self._last: dict[int, str] = {}  # texts of the row above
        self._of_role: dict[object, dict[int, str]] = {}  # and of the last row of each role

    def is_note(self, text: str, row: Row) -> bool:
        """Whether the only text of a row is a note or heading: it names no school or people."""
        if text[0] == "*" or len(text) > _FOOTNOTE:
            return True
        schools = (row.cells[c.position].text for f in _OF_SCHOOL for c in self._fields[f])
        named = read_people(text, date.min)
        return not any(schools) and not any(one.name or one.is_vacancy for one in named)

    def read(self, row: Row, key: RowKey, near: tuple[str, ...]) -> Line:
        """The line of a row; `near` are the places that it stands below."""
        line = Line(key, self._read_texts(row, key), self._fields, SchoolWords(""), [])
        code = join_code(line.get(Field.CODE), line.get(Field.LOCATION))
        address = " ".join(filter(None, map(line.of, self._fields[Field.ADDRESS])))
        texts = map(line.of, self._fields[Field.SCHOOL])
        named = name = "\n".join(text for text in texts if not cell_meanings.is_empty(text))
        if _ELSEWHERE.search(name):
            named = _list_named(name, self._words)
            self._findings.leave_out(key, name, "Dit verwijst naar een andere plek.")
        line.words = SchoolWords(named or name, code, line.get(Field.PLACE), address, near, self._sector)
        line.is_elsewhere = bool(name) and not (named or code)
        if not (name or code) or line.is_elsewhere:
            return line
        told = (line.of(column) for field in _BRINGS for column in self._fields[field])
        ticks = map(line.of, self._fields[Field.TICKED])
        brings = any(text not in ("", name) for text in told) or any(map(cell_meanings.is_tick, ticks))
        found = self._words.schools.find(line.words)
        if brings or all(meaning.values for _, meaning in found):
            line.schools = find_schools(line.words, key, self._words, self._findings)
        else:
            line.schools = [code for _, meaning in found for code in meaning.values]
            self._findings.leave_out(key, name or code, "Deze regel noemt geen persoon.")
        return line

    def _read_texts(self, row: Row, key: RowKey) -> dict[int, str]:
        """The texts of a row by their positions, without "idem"."""
        texts: dict[int, str] = {}
        of_role = self._sheet.find(Field.ROLE)
        told = row.cells[of_role.position].text if of_role else ""
        if of_role and cell_meanings.is_ditto(told):
            told = self._last.get(of_role.position, "")
        role = self._words.roles.find(told).values or fold(told)
        is_same = any(cell_meanings.is_ditto(row.cells[c.position].text) for c in self._fields[Field.NAME])
        of_person = self._of_role.get(role, {}) if is_same else self._last
        for column in self._sheet.columns:
            cell, at = row.cells[column.position], column.position
            text = cell.day.isoformat() if cell.day else cell.text.strip()
            above = (self._last if column.field in _OF_SCHOOL else of_person).get(at, "")
            refers_too = _DITTO_AT_END.search(text) and _ELSEWHERE.search(above)
            if cell_meanings.is_ditto(text) or refers_too:
                text = above
                if not text and column.field == Field.NAME:
                    reason = "“Idem”: hierboven staat niemand in deze functie."
                    self._findings.reject(key, reason)
            if cell.has_lost_formula:
                self._findings.leave_out(key, column.heading, _FORMULA)
            texts[at] = "" if text.startswith("#") else text
        self._last = self._of_role[role] = self._last | texts
        return texts


def _list_named(text: str, words: Words) -> str:
    """The schools that a text names itself: of "PO Oost, zie tabblad; VO: De Ster" the last. What
    stands before a reference counts where it is a school for certain."""
    named = []
    for clause in re.split(r"[;\n]", text):
        if found := _ELSEWHERE.search(clause):
            before = clause[: found.start()].strip(_AROUND)
            meanings = words.schools.find(SchoolWords(before)) if before else ()
            if meanings and all(meaning.values for _, meaning in meanings):
                named.append(before)
            clause = clause[found.end() :]
        named.append(_LEADS_ON.sub("", clause).strip(_AROUND))
    return "; ".join(filter(None, named))
