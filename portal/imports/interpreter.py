"""Interprets the tables of a file: from rows to posts, questions and refusals. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from portal import phones
from portal.imports import cells
from portal.imports.cells import PersonText
from portal.imports.columns import Column, Field, Sheet, find_owner, find_roles, read_sheet
from portal.imports.directory_snapshot import Snapshot
from portal.imports.interpretation import (
    SKIP,
    Interpretation,
    Question,
    QuestionKind,
    Reading,
    RejectedRow,
    RowKey,
)
from portal.imports.people import Draft, join_people
from portal.imports.words import (
    Candidate,
    Found,
    OrganisationFinder,
    RoleFinder,
    SchoolFinder,
    SchoolWords,
)
from portal.privacy.bsn import has_bsn
from portal.privacy.pupil_data import is_doubtful
from portal.readers.tables import Cell, Row, Table
from portal.text import clean_line, fold

VACANT, UNKNOWN, YES, NO = "vacature", "onbekend", "ja", "nee"
DAY_FIRST, MONTH_FIRST = "dag-maand", "maand-dag"
_TOTAL = re.compile(r"(?:sub)?totaal\b|aantal\b|som\b", re.IGNORECASE)
_FORMULA = "De formule heeft geen waarde: open het bestand in Excel en sla het op."
_SEE = re.compile(r"zie (?:ook )?(?:bij )?(.+)", re.IGNORECASE | re.DOTALL)
_LAST_DAY = re.compile(r"(?:t/?m|tot en met|tot) .+", re.IGNORECASE)
_FIRST_DAY = re.compile(r"(?:per|vanaf|m\.?i\.?v\.?|met ingang van|ingaande) (.+)", re.IGNORECASE)
_NOT_THERE = frozenset(["vrij", "roostervrij", "afwezig", "kantoor", "thuis", "thuiswerken"])
_DIGITS = re.compile(r"\d(?:[ .-]{0,3}\d){6}")
_TICK = re.compile(r"x|v|1|ja|√|✓|✔|•", re.IGNORECASE)


def interpret(
    tables: Sequence[Table],
    directory: Snapshot,
    decisions: Mapping[str, str],
    roles: Sequence[str] = (),
    shown: Collection[RowKey] = frozenset(),
) -> Interpretation:
    """The meaning of a file with the decisions that were taken, also for earlier files of the same
    sender. `roles` (keys) are those of the upload, for a sheet that names none; `shown` are the
    hidden rows that count."""
    reader = _Reader(directory, decisions, roles, shown)
    sheets = tuple(reader.read(table) for table in tables)
    posts = join_people(reader.drafts, directory, decisions, reader)
    return Interpretation(
        sheets, tuple(posts), reader.list_questions(), tuple(dict.fromkeys(reader.rejected)),
        tuple(dict.fromkeys(reader.readings)), tuple(dict.fromkeys(reader.unused)),
        frozenset(reader.covers),
    )  # fmt: skip


@dataclass
class _Line:
    """A row below the heading, with the words of its cells; "idem" is what stands above."""

    key: RowKey
    texts: dict[int, str]
    cells: tuple[Cell, ...]
    words: SchoolWords
    schools: list[str] = field(default_factory=list)

    def of(self, column: Column | None) -> str:
        """The text of a column."""
        return self.texts.get(column.position, "") if column else ""


class _Reader:
    def __init__(
        self,
        directory: Snapshot,
        decisions: Mapping[str, str],
        roles: Sequence[str],
        shown: Collection[RowKey],
    ) -> None:
        self.directory = directory
        self.decisions = decisions
        self.given_roles = tuple(roles)
        self.shown = shown
        self.schools = SchoolFinder(directory)
        self.roles = RoleFinder(directory.roles)
        self.organisations = OrganisationFinder(directory.organisations)
        self.drafts: list[Draft] = []
        self.rejected: list[RejectedRow] = []
        self.readings: list[Reading] = []
        self.unused: list[Reading] = []
        self.covers: set[tuple[str, str]] = set()
        self._questions: dict[str, Question] = {}
        self._month_first: dict[int, bool] = {}  # per column of the sheet that is read

    # ---- Questions ---------------------------------------------------------------------------

    def ask(
        self, kind: QuestionKind, about: str, word: str, sentence: str,
        rows: Collection[RowKey], candidates: Sequence[Candidate],
    ) -> str:  # fmt: skip
        """The decision about a word; "" where it is still to be taken, which is then asked."""
        key = f"{kind}:{fold(about)}"
        if decided := self.decisions.get(key):
            return decided
        known = self._questions.get(key)
        all_rows = tuple(dict.fromkeys([*(known.rows if known else ()), *rows]))
        asked = tuple(candidates) or (known.candidates if known else ())
        self._questions[key] = Question(key, kind, clean_line(word), sentence, all_rows, asked)
        return ""

    def list_questions(self) -> tuple[Question, ...]:
        """The questions that are open, as they came up."""
        return tuple(self._questions.values())

    def reject(self, row: RowKey, reason: str) -> None:
        """Refuse a row, or a part of it."""
        self.rejected.append(RejectedRow(row, reason))

    # ---- A sheet -----------------------------------------------------------------------------

    def read(self, table: Table) -> Sheet:
        """Read the rows of a table into drafts."""
        sheet = read_sheet(table, self.roles, self.decisions)
        near = self._places_of(table.name)
        lines: list[_Line] = []
        above: dict[int, str] = {}
        heading = [c.text for c in table.rows[sheet.first_row - 1].cells] if sheet.columns else []
        for row in table.rows[sheet.first_row :]:
            key = RowKey(table.name, row.number)
            filled = [cell.text for cell in row.cells if cell.text.strip()]
            if row.is_hidden and key not in self.shown:
                continue
            if not filled or [c.text for c in row.cells] == heading or _TOTAL.match(filled[0]):
                continue
            if len(set(filled)) == 1 and (found := self._places_of(filled[0])):
                near = found  # a row that begins a place
                continue
            if reason := self._find_pupil_data(sheet, row):
                self.reject(key, reason)
                continue
            if line := self._read_line(sheet, row, key, above, near):
                lines.append(line)
        self._month_first = self._read_day_order(sheet, lines)
        by_school = {code: line for line in reversed(lines) for code in line.schools}
        owners = {c.position: find_owner(sheet, c, self.roles) for c in sheet.columns}
        for line in lines:
            self._make_drafts(sheet, line, by_school, owners)
        return sheet

    def _places_of(self, text: str) -> tuple[str, ...]:
        parts = [part.strip() for part in re.split(r"&|,| en |/", text)]
        return tuple(parts) if all(map(self.schools.is_place, parts)) else ()

    def _find_pupil_data(self, sheet: Sheet, row: Row) -> str:
        """The refusal of a row with data about a pupil; the text itself is not repeated."""
        numbers = {c.position for c in sheet.columns if c.field in (Field.PHONE, Field.MOBILE)}
        free = {c.position for c in sheet.columns if c.field in (Field.REMARK, Field.UNUSED, "")}
        for position, cell in enumerate(row.cells):
            text = cell.text
            is_number = position in numbers and cells.find_numbers(text)
            if not is_number and _DIGITS.search(text) and has_bsn(text):
                return "Hier staat een burgerservicenummer. Haal het weg uit het bestand."
            if position in free and " " in text and self._is_doubtful(text):
                return "Hier lijkt iets over een leerling of ouder te staan. Haal het weg."
        return ""

    def _is_doubtful(self, text: str) -> bool:
        """Whether a remark is about a pupil or parent; names of schools, as in "MLK = OBS M.L.
        King", left out."""
        parts = [part.strip() for part in re.split(r"[=;]", text)]
        others = (part for part in parts if not self.schools.find(SchoolWords(part))[0][1].values)
        return is_doubtful("; ".join(others), self.directory.not_names)

    def _read_line(
        self, sheet: Sheet, row: Row, key: RowKey, above: dict[int, str], near: tuple[str, ...]
    ) -> _Line | None:
        texts: dict[int, str] = {}
        for column in sheet.columns:
            cell = row.cells[column.position]
            text = cell.day.isoformat() if cell.day else cell.text.strip()
            if cells.is_ditto(text):
                text = above.get(column.position, "")
            elif text.startswith("#"):
                text = ""
            if cell.has_lost_formula:
                self.unused.append(Reading(key, column.heading, _FORMULA))
            texts[column.position] = above[column.position] = text
        line = _Line(key, texts, row.cells, SchoolWords("", near=near))
        if len({text for text in texts.values() if text}) == 1 and len(texts) > 2:
            only = next(text for text in texts.values() if text)
            if only.startswith("*") or len(only) > 50:  # a footnote
                self.unused.append(Reading(key, only, "Deze regel gaat niet over een school."))
                return None
        code = line.of(sheet.find(Field.CODE))
        if code and (location := line.of(sheet.find(Field.LOCATION))) and len(code) == 4:
            code += location.zfill(2)
        address = [line.of(c) for c in sheet.columns if c.field == Field.ADDRESS]
        name, place = line.of(sheet.find(Field.SCHOOL)), line.of(sheet.find(Field.PLACE))
        line.words = SchoolWords(name, code, place, " ".join(address).strip(), near)
        if line.words.name or line.words.code:
            line.schools = self._find_schools(line.words, key)
        return line

    def _find_schools(self, words: SchoolWords, row: RowKey) -> list[str]:
        codes: list[str] = []
        for name, found in self.schools.find(words):
            if found.values:
                codes.extend(found.values)
                continue
            place = words.place if len(self.schools.find(words)) == 1 else ""
            answer = self.ask(
                QuestionKind.SCHOOL, f"{words.code} {name} {place}", name or words.code,
                f"Welke school is “{clean_line(name or words.code)}”?", [row], found.candidates,
            )  # fmt: skip
            if answer == SKIP:
                self.reject(row, f"Je koos om “{clean_line(name)}” over te slaan.")
            elif answer:
                known = [code for code in answer.split() if self.schools.get(code)]
                codes.extend(known)
        return list(dict.fromkeys(codes))

    def _read_day_order(self, sheet: Sheet, lines: Sequence[_Line]) -> dict[int, bool]:
        """Per column whether 8/1/2026 has its month first; asked where nothing tells."""
        orders = {}
        for column in sheet.columns:
            if column.field not in (Field.FROM, Field.UNTIL):
                continue
            slashed = {line.key: s for line in lines if (s := cells.find_slashed(line.of(column)))}
            if not slashed:
                continue
            month_first = any(second > 12 for _, second in slashed.values())
            day_first = any(first > 12 for first, _ in slashed.values())
            unclear = all(first != second for first, second in slashed.values())
            if month_first == day_first and unclear:
                first, second = next(iter(slashed.values()))
                answer = self.ask(
                    QuestionKind.DAY, column.heading, column.examples[0],
                    f"In “{column.heading}” staat ook {first}/{second}. Wat staat vooraan?",
                    list(slashed),
                    [Candidate(DAY_FIRST, "de dag", "zo schrijven we het in Nederland"),
                     Candidate(MONTH_FIRST, "de maand", "zo schrijft een Engels Excel het")],
                )  # fmt: skip
                month_first = answer == MONTH_FIRST
            orders[column.position] = month_first
        return orders

    # ---- A row -------------------------------------------------------------------------------

    def _make_drafts(
        self, sheet: Sheet, line: _Line, by_school: Mapping[str, _Line],
        owners: Mapping[int, Column | None],
    ) -> None:  # fmt: skip
        before = len(self.drafts)
        people = [column for column in sheet.columns if column.field == Field.PEOPLE]
        if people and not sheet.find(Field.NAME) and not sheet.find(Field.FAMILY_NAME):
            for column in people:
                text = self._look_up(line, column, by_school)
                of = [c for c in sheet.columns if owners[c.position] == column]
                if text and line.schools:
                    self._add(line, text, find_roles(column, self.roles), column.heading, of)
                elif line.schools and (found := find_roles(column, self.roles)).values:
                    self.covers |= {(s, r) for s in line.schools for r in found.values}
        else:
            self._read_long(sheet, line)
        self._read_remarks(sheet, line, self.drafts[before:])

    def _look_up(self, line: _Line, column: Column, by_school: Mapping[str, _Line]) -> str:
        """The text of a cell; of "zie Aloysius" that of the other school."""
        text, seen = line.of(column), [line.key]
        while see := _SEE.fullmatch(text):
            options = [
                option
                for _, found in self.schools.find(SchoolWords(clean_line(see[1])))
                for option in (*found.values, *(c.value for c in found.candidates))
                if option in by_school
            ]
            other = by_school[options[0]] if len(options) == 1 else line
            text = other.of(column)
            if other.key in seen or cells.is_empty(text):
                self.reject(line.key, f"“{line.of(column)}”: daar staat niemand in deze kolom.")
                return ""
            seen.append(other.key)
        return "" if cells.is_empty(text) else text

    def _read_long(self, sheet: Sheet, line: _Line) -> None:
        name = line.of(sheet.find(Field.NAME)) or _join_name(sheet, line)
        days = [c for c in sheet.columns if c.field == Field.WEEKDAY and line.of(c)]
        if not cells.is_empty(name) or days:
            roles, heading = self._find_role(sheet, line)
            own = [c for c in sheet.columns if c.field != Field.WEEKDAY]
            is_schedule = not sheet.find(Field.SCHOOL) and not sheet.find(Field.CODE)
            if is_schedule and days:
                worked = ""
                for column in days:
                    text = line.of(column)
                    if _TICK.fullmatch(text) or cells.is_empty(text) or fold(text) in _NOT_THERE:
                        continue
                    worked += cells.read_days(column.heading)[0]
                    words = SchoolWords(text, near=line.words.near)
                    line.schools += self._find_schools(words, line.key)
                line.schools = list(dict.fromkeys(line.schools))
            else:
                worked = "".join(cells.read_days(c.heading)[0] for c in days)
            if is_schedule and not days:  # a list of numbers
                self._add(replace(line, schools=[""]), name, None, "", own)
            elif line.schools or self._belongs_above(line, has_school=is_schedule):
                self._add(line, name, roles, heading, own, worked)
        elif line.schools:
            found = self.roles.find(line.of(sheet.find(Field.ROLE)))
            self.covers |= {(school, role) for school in line.schools for role in found.values}

    def _belongs_above(self, line: _Line, *, has_school: bool) -> bool:
        """Whether a row without a school belongs to the one above it."""
        if has_school or line.words.name or line.words.code:
            return False
        above = [
            draft for draft in self.drafts if draft.row.sheet == line.key.sheet and draft.school
        ]
        if not above:
            self.reject(line.key, "In deze rij staat geen school.")
            return False
        answer = self.ask(
            QuestionKind.CELL, "lege school", "(leeg)",
            "Waar geen school staat: hoort de rij bij de school erboven?", [line.key],
            [Candidate(YES, "ja", ""), Candidate(NO, "nee, sla die rijen over", "")],
        )  # fmt: skip
        if answer in (NO, SKIP):
            self.reject(line.key, "In deze rij staat geen school.")
        line.schools = list(dict.fromkeys(d.school for d in above if d.row == above[-1].row))
        return answer == YES

    def _find_role(self, sheet: Sheet, line: _Line) -> tuple[Found, str]:
        """The role of a row: of its cell, its column, the upload, or the title of the sheet."""
        text, people = line.of(sheet.find(Field.ROLE)), sheet.find(Field.PEOPLE)
        if not cells.is_empty(text):
            return self.roles.find(text), text
        if people:
            return find_roles(people, self.roles), people.heading
        if self.given_roles:
            return Found(self.given_roles), sheet.name
        found = self.roles.find(re.sub(r"\d{4}.*", "", sheet.name))
        word = "dit bestand" if "." in sheet.name else f"blad {sheet.name}"
        return found if any(found) else self.roles.find_within(sheet.title), word

    def _decide_roles(self, found: Found, word: str, line: _Line) -> tuple[str, ...]:
        """Keys of roles; none where they are asked for, or were skipped."""
        named = [candidate.value for candidate in found.candidates]
        fitting = [k for k in named if any(self._applies(k, school) for school in line.schools)]
        if found.values or len(fitting) == 1:
            return found.values or tuple(fitting)
        answer = self.ask(
            QuestionKind.ROLE, word, word, f"Welke functie is “{clean_line(word)}”?", [line.key],
            found.candidates,
        )  # fmt: skip
        if answer == SKIP:
            self.reject(line.key, f"Je koos om “{clean_line(word)}” over te slaan.")
        return () if answer == SKIP else tuple(answer.split())

    def _applies(self, role: str, school: str) -> bool:
        row = self.schools.get(school)
        return row is not None and any(
            known.key == role and known.applies(row.sector, row.municipality)
            for known in self.directory.roles
        )

    def _add(
        self, line: _Line, text: str, found: Found | None, heading: str, own: Sequence[Column],
        worked: str = "",
    ) -> None:  # fmt: skip
        """Add the posts of the people in a cell, with what other columns tell of them."""
        people = self._read_people(text, line)
        if not people:
            return
        roles = self._decide_roles(found, heading, line) if found else ()
        people = self._add_details(people, own, line, worked)
        valid_from = self._read_from(own, line)
        until = next((line.of(c) for c in own if c.field == Field.UNTIL and line.of(c)), "")
        organisation = next((line.of(c) for c in own if c.field == Field.ORGANISATION), "")
        for school in line.schools:
            keys = tuple(key for key in roles if self._applies(key, school))
            if roles and not keys:
                self._reject_role(line.key, roles, school)
                continue
            if not keys and school:
                continue
            self.covers |= {(school, key) for key in keys}
            for at, person in enumerate(people):
                mine = keys[at : at + 1] if len(keys) == len(people) > 1 else keys
                hinted = [k for k in keys for hint in person.hints if k in self._keys_of(hint)]
                start = valid_from
                told = (_FIRST_DAY.search(hint) for hint in person.hints if person.is_vacancy)
                start = next((self._day(match[1]) for match in told if match), start)
                self.drafts.append(
                    Draft(
                        line.key, school, tuple(dict.fromkeys(hinted)) or mine, heading, person,
                        "" if cells.is_empty(organisation) else organisation, start,
                        person.until or cells.read_last_day(until, self.directory.on),
                    )
                )  # fmt: skip

    def _day(self, text: str, month_first: bool = False) -> date | None:
        return cells.read_date(text, self.directory.on, month_first)

    def _keys_of(self, hint: str) -> set[str]:
        found = self.roles.find(hint)
        return {*found.values, *(c.value for c in found.candidates)}

    def _reject_role(self, row: RowKey, roles: Sequence[str], school: str) -> None:
        where = self.schools.get(school)
        sector = where.sector_label if where else ""
        place = where.place if where else ""
        labels = " en ".join(self.roles.label(role) for role in roles if role in self.roles.labels)
        self.reject(row, f"De functie {labels} hoort niet bij het {sector} in {place}.")

    def _read_people(self, text: str, line: _Line) -> list[PersonText]:
        if cells.is_empty(text):
            return []
        if cells.is_unknown(text):
            answer = self.ask(
                QuestionKind.CELL, text, text, f"Wat betekent “{clean_line(text)}”?", [line.key],
                [Candidate(VACANT, "een vacature", "er is nog niemand"),
                 Candidate(UNKNOWN, "onbekend", "er komt niets in de portal")],
            )  # fmt: skip
            return [PersonText("", "", "", is_vacancy=True)] if answer == VACANT else []
        if cells.is_desk(text):
            self.reject(
                line.key,
                f"“{clean_line(text)}” is geen persoon. Zet dit nummer bij de contactpunten.",
            )
            return []
        people = cells.read_people(text, self.directory.on)
        if not people:
            self.reject(line.key, f"In “{clean_line(text)}” staat geen naam.")
        return people

    def _read_from(self, own: Sequence[Column], line: _Line) -> date | None:
        column = next((c for c in own if c.field == Field.FROM and line.of(c)), None)
        if not column or cells.is_empty(line.of(column)):
            return None
        text = line.of(column)
        month_first = self._month_first.get(column.position, False)
        day = cells.read_date(text, self.directory.on, month_first)
        if day is None:
            answer = self.ask(
                QuestionKind.DAY, text, text, f"Welke dag is “{clean_line(text)}”?", [line.key], ()
            )
            return cells.read_date(answer, self.directory.on) if answer not in ("", SKIP) else None
        return day

    def _add_details(
        self, people: list[PersonText], own: Sequence[Column], line: _Line, worked: str
    ) -> list[PersonText]:
        for column in own:
            text = line.of(column)
            if cells.is_empty(text) or column.field not in (
                Field.PHONE, Field.MOBILE, Field.EMAIL, Field.DAYS, Field.HOURS,
            ):  # fmt: skip
                continue
            parts = cells.share(text, [person.given for person in people])
            if parts is None and len(people) > 1 and column.field not in (Field.DAYS, Field.HOURS):
                self.unused.append(Reading(line.key, text, "Van wie is dit? Er staan meer mensen."))
                continue
            people = [
                self._add_detail(person, column, parts[at] if parts else text, line)
                for at, person in enumerate(people)
            ]
        if worked:
            people = [person._replace(days=person.days or worked) for person in people]
        return people

    def _add_detail(self, person: PersonText, column: Column, text: str, line: _Line) -> PersonText:
        if not text:
            return person
        if column.field in (Field.PHONE, Field.MOBILE):
            numbers = cells.find_numbers(text)
            shown = " en ".join(map(phones.grouped, numbers))
            if not numbers:
                self.unused.append(Reading(line.key, text, "Dit is geen telefoonnummer."))
            elif re.sub(r"[\s-]", "", text) != re.sub(r"\s", "", shown):
                self.readings.append(Reading(line.key, text, shown))
            return person._replace(phones=person.phones + tuple(numbers))
        if column.field == Field.EMAIL:
            emails = tuple(cells.find_emails(text))
            if not emails:
                self.unused.append(Reading(line.key, text, "Dit is geen e-mailadres."))
            return person._replace(emails=person.emails + emails)
        days, hours = cells.read_days(text)
        if column.field == Field.HOURS and not days:
            return person._replace(hours=clean_line(text))
        if not days:
            self.unused.append(Reading(line.key, text, "Hier staan geen dagen van de week."))
            return person
        return person._replace(days=days, hours=person.hours or hours)

    def _read_remarks(self, sheet: Sheet, line: _Line, drafts: list[Draft]) -> None:
        for column in sheet.columns:
            text = clean_line(line.of(column))
            if column.field != Field.REMARK or cells.is_empty(text):
                continue
            if not (drafts and self._use_remark(text, drafts)):
                self.unused.append(Reading(line.key, text, "Deze opmerking is niet overgenomen."))

    def _use_remark(self, text: str, drafts: list[Draft]) -> bool:
        """Apply a remark to the posts of its row, where it can mean one thing."""
        people = list(dict.fromkeys(d.person for d in drafts if not d.person.is_vacancy))
        parts = cells.share(text, [person.given for person in people])
        if parts and all(part == "" or cells.read_days(part)[0] for part in parts):
            days = dict(zip(people, parts, strict=True))
            for draft in drafts:
                if read := cells.read_days(days.get(draft.person, ""))[0]:
                    draft.person = draft.person._replace(days=read)
            return True
        if len({draft.roles for draft in drafts}) > 1 or len(people) > 1:
            return False
        if (found := _FIRST_DAY.fullmatch(text)) and (day := self._day(found[1])):
            for draft in drafts:
                draft.valid_from = draft.valid_from or day
            return True
        first, *rest = re.split(r", *| daarna", text, maxsplit=1)
        if _LAST_DAY.fullmatch(first) and (until := cells.read_last_day(first, self.directory.on)):
            for draft in drafts:
                draft.valid_until = until
                draft.then_vacancy = bool(re.search(r"\bvacature\b", " ".join(rest)))
            return True
        if re.search(r"verlof|ziek|afwezig", text, re.IGNORECASE):
            leave = cells.read_leave(text, self.directory.on)
            for draft in drafts:
                draft.person = draft.person._replace(leave=leave)
            return True
        return False


def _join_name(sheet: Sheet, line: _Line) -> str:
    """The name of columns for its parts."""
    given, infix, family = (
        line.of(sheet.find(part)) for part in (Field.GIVEN_NAME, Field.INFIX, Field.FAMILY_NAME)
    )
    return f"{infix} {family}, {given}".strip() if family and given else (family or given)
