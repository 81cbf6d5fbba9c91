"""Interprets the tables of a file: from lines to drafts of posts for `same_people`. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from portal import phones
from portal.imports import cell_meanings
from portal.imports.columns import Column, Field, Sheet, find_owner, find_roles, read_sheet
from portal.imports.directory_snapshot import Snapshot
from portal.imports.found_words import Candidate, Found
from portal.imports.people_in_cells import PersonText, is_for_another, read_name, read_people, share
from portal.imports.posts_and_questions import HIDDEN, SKIP, Findings, Interpretation, QuestionKind, RowKey
from portal.imports.remarks import FIRST_DAY, RemarkReader
from portal.imports.role_and_organisation_finder import Words
from portal.imports.rows_of_a_sheet import (
    Line,
    find_schools,
    group_columns,
    hide_outdated,
    list_hidden,
    list_names,
    read_lines,
)
from portal.imports.same_people import Draft, Joiner
from portal.imports.school_finder import SchoolWords
from portal.readers.tables import Table
from portal.text import clean_line, fold

VACANT, UNKNOWN, PERSON, YES, NO = "vacature", "onbekend", "persoon", "ja", "nee"
DAY_FIRST, MONTH_FIRST = "dag-maand", "maand-dag"
_SEE = re.compile(r"zie (?:ook )?(?:bij )?(.+)", re.IGNORECASE | re.DOTALL)
_BLOCKS = 3  # of rows below a school, so many that nobody is asked about them
_NUMBERS = (Field.PHONE, Field.MOBILE)
_DETAILS = (*_NUMBERS, Field.EMAIL, Field.DAYS, Field.HOURS)


def interpret(
    tables: Sequence[Table], directory: Snapshot, decisions: Mapping[str, str], roles: Sequence[str] = ()
) -> Interpretation:
    """The meaning of a file with the decisions that were taken, also for earlier files of the same
    sender. `roles` (keys) are those of the upload, for a sheet that names none."""
    words, findings = Words(directory), Findings(decisions)
    tables = [hide_outdated(table) for table in tables]
    hidden = list_hidden(tables)
    shown = {row.key for row in hidden if decisions.get(HIDDEN + row.name)}
    words.roles.hear(cell.text for table in tables for row in table.rows for cell in row.cells)
    words.roles.hear(table.name for table in tables)
    sheets, drafts = [read_sheet(table, words.roles, decisions) for table in tables], []
    for table, sheet in zip(tables, sheets, strict=True):
        words.schools.learn(list_names(table, sheet))
    for table, sheet in zip(tables, sheets, strict=True):
        lines = read_lines(table, sheet, words, findings, shown, directory.not_names)
        drafts += _Reader(sheet, lines, directory, words, findings, roles).read()
        if table.rows and not sheet.columns:
            first = table.rows[0]
            findings.leave_out(
                RowKey(table.name, first.number), first.cells[0].text,
                "Dit blad is niet gelezen: geen rij heeft de namen van kolommen.",
            )  # fmt: skip
    posts = Joiner(directory, words, findings).join(drafts)
    return Interpretation(
        tuple(sheets), tuple(posts), findings.list_questions(), tuple(findings.rejected),
        tuple(findings.readings), tuple(findings.unused), frozenset(findings.covers), hidden,
    )  # fmt: skip


class _Reader:
    """Reads the lines of one sheet."""

    def __init__(
        self, sheet: Sheet, lines: Sequence[Line], directory: Snapshot, words: Words,
        findings: Findings, given_roles: Sequence[str],
    ) -> None:  # fmt: skip
        self.sheet, self.lines, self.directory = sheet, lines, directory
        self.words, self.findings, self.given_roles = words, findings, tuple(given_roles)
        self.drafts: list[Draft] = []
        self.remark_reader = RemarkReader(self.drafts, directory, words, findings)
        fields = group_columns(sheet)
        self.people, self.weekdays = fields[Field.PEOPLE], fields[Field.WEEKDAY]
        self.crossed, self.remarks = fields[Field.TICKED], fields[Field.REMARK]
        has_names = bool(fields[Field.NAME] or fields[Field.FAMILY_NAME])
        self.is_wide = not has_names and len(self.people) > 1
        self.has_school = bool(fields[Field.SCHOOL] or fields[Field.CODE])
        self.own = [column for column in sheet.columns if column.field != Field.WEEKDAY]
        self.owners = {c.position: find_owner(sheet, c, words.roles) for c in sheet.columns}
        with_school = [line for line in lines if line.names_school]
        # A school stands in the first of its rows.
        self.has_blocks = 2 * len(with_school) <= len(lines) and len(with_school) >= _BLOCKS
        self.block: Line | None = None
        self.names = [c for c in sheet.columns if c.field in (Field.NAME, Field.PEOPLE)]
        named = sum(bool(line.of(self.names[0])) for line in lines) if len(self.names) == 1 else 0
        self.has_name_blocks = 1 < named <= len(with_school) / 2
        self.name_above = ""
        for line in lines if self.has_blocks else ():
            if line.names_school:
                self.block = line
            elif self.block:
                line.schools = self.block.schools
        # Of each school the first row, also the first of each role.
        self.by_school = {
            (code, role): line
            for line in reversed(lines)
            for code in line.schools
            for role in ("", *words.roles.find(line.get(Field.ROLE)).values)
        }
        self.month_first = {
            column.position: self._has_month_first(column)
            for column in sheet.columns
            if column.field in (Field.FROM, Field.UNTIL)
        }

    def read(self) -> list[Draft]:
        """The posts of the sheet."""
        for line in self.lines:
            before = len(self.drafts)
            (self._read_wide if self.is_wide else self._read_long)(line)
            for text in (clean_line(line.of(column)) for column in self.remarks):
                if not cell_meanings.is_empty(text) and not self.remark_reader.use(text, self.drafts[before:]):
                    self.findings.leave_out(line.key, text, "Deze opmerking is niet overgenomen.")
        return self.drafts

    def _has_month_first(self, column: Column) -> bool | None:
        """Whether 8/1/2026 has its month first; None where that is asked, because nothing in the column tells."""
        texts = {line.key: cell_meanings.find_slashed(line.of(column)) for line in self.lines}
        slashed = {key: pair for key, pair in texts.items() if pair}
        month_first = any(second > 12 for _, second in slashed.values())
        day_first = any(first > 12 for first, _ in slashed.values())
        if month_first != day_first or all(first == second for first, second in slashed.values()):
            return month_first and not day_first
        first, second = next(iter(slashed.values()))
        answer = self.findings.ask(
            QuestionKind.DAY, column.heading, f"{first}/{second}",
            f"In “{column.heading}” staat {first}/{second}. Wat staat vooraan?", list(slashed),
            [Candidate(DAY_FIRST, "de dag", "zo schrijven we het in Nederland"),
             Candidate(MONTH_FIRST, "de maand", "zo schrijft een Engels Excel het")],
        )  # fmt: skip
        return answer == MONTH_FIRST if answer else None

    # ---- A line --------------------------------------------------------------------------------

    def _read_wide(self, line: Line) -> None:
        for column in self.people if line.schools else ():
            found = find_roles(column, self.words.roles)
            if text := self._look_up(line, column, ""):
                own = [c for c in self.own if self.owners[c.position] == column]
                self._add(line, text, found, column.heading, own)
            self.findings.cover(line.schools, found.values)

    def _look_up(self, line: Line, column: Column, role: str) -> str:
        """The text of a cell; of "zie Aloysius" that of the other school, in the row of the role
        where each role has a row."""
        text, seen = line.of(column), [line.key]
        while see := _SEE.fullmatch(text):
            options = [
                option
                for _, found in self.words.schools.find(SchoolWords(clean_line(see[1])))
                for option in found.options
                if (option, role) in self.by_school
            ]
            other = self.by_school[options[0], role] if len(options) == 1 else line
            text = other.of(column)
            if other.key in seen or cell_meanings.is_empty(text):
                said = clean_line(line.of(column))
                self.findings.reject(line.key, f"“{said}”: daar staat niemand in deze kolom.")
                return ""
            seen.append(other.key)
        return "" if cell_meanings.is_empty(text) else text

    def _read_long(self, line: Line) -> None:
        named = next((c for c in self.names if not cell_meanings.is_empty(line.of(c))), None)
        roles = self.words.roles.find(line.get(Field.ROLE)).values
        name = self._look_up(line, named, roles[0] if roles else "") if named else _join_name(line)
        days = [column for column in self.weekdays if line.of(column)]
        if line.names_school:
            self.block = line
            name = name or (self._belongs_to(line) if self.has_name_blocks else "")
        self.name_above = name or self.name_above
        if self.crossed:
            self._read_crosses(line, name)
        elif not name and not days:
            self.findings.cover(line.schools, roles)
        elif line.is_elsewhere or (not self.has_school and not days):  # only details
            self._add(replace(line, schools=[""]), name, None, "", self.own, days)
        elif not self.has_school:
            days = [column for column in days if self._add_schools(line, line.of(column))]
            self._add(line, name, *self._find_role(line), self.own, days)
        elif line.schools or self._belongs_above(line):
            self._add(line, name, *self._find_role(line), self.own, days)

    def _read_crosses(self, line: Line, name: str) -> None:
        """Read a row of crosses: below schools those of a person, below people those of a school;
        there it may also tell the numbers of the people."""
        for column in self.crossed:
            text = line.of(column)
            if cell_meanings.is_tick(text) and self.has_school:
                self._add(line, column.heading, *self._find_role(line), ())
            elif cell_meanings.is_tick(text):
                self._add_schools(line, column.heading)
            elif cell_meanings.find_numbers(text) or cell_meanings.find_emails(text):
                self._add(replace(line, schools=[""]), f"{column.heading} {text}", None, "", ())
        if not self.has_school and line.schools:
            self._add(line, name, *self._find_role(line), self.own)

    def _add_schools(self, line: Line, text: str) -> bool:
        """Whether a cell of a week schedule names schools, which are added."""
        if cell_meanings.is_tick(text) or cell_meanings.is_empty(text) or fold(text) in cell_meanings.NOT_THERE:
            return False
        words = SchoolWords(text, near=line.words.near)
        found = find_schools(words, line.key, self.words, self.findings)
        line.schools = list(dict.fromkeys([*line.schools, *found]))
        return True

    def _belongs_to(self, line: Line) -> str:
        """The person above, for a school without a person in a sheet where most have none."""
        answer = self.name_above and self.findings.ask(
            QuestionKind.CELL, f"lege naam {self.sheet.name}", "(leeg)",
            f"Op blad {self.sheet.name}, waar geen naam staat: hoort de school bij de persoon "
            "erboven?", [line.key],
            [Candidate(YES, "ja", ""), Candidate(NO, "nee, daar is niemand", "")],
        )  # fmt: skip
        return self.name_above if answer == YES else ""

    def _belongs_above(self, line: Line) -> bool:
        """Whether a row without a school belongs to the one above it."""
        if line.names_school or (self.has_blocks and self.block):
            return False  # its school is asked for, or skipped
        answer = self.block and self.findings.ask(
            QuestionKind.CELL, "lege school", "(leeg)",
            "Waar geen school staat: hoort de rij bij de school erboven?", [line.key],
            [Candidate(YES, "ja", ""), Candidate(NO, "nee, sla die rijen over", "")],
        )  # fmt: skip
        if not self.block or answer in (NO, SKIP):
            self.findings.reject(line.key, "In deze rij staat geen school.")
            return False
        line.schools = self.block.schools
        return answer == YES and bool(line.schools)

    def _find_role(self, line: Line) -> tuple[Found, str]:
        """The role of a row: of its cell, its column, the upload, or the title of the sheet."""
        roles = self.words.roles
        if text := line.get(Field.ROLE):
            return roles.find(text), text
        if self.people:
            return find_roles(self.people[0], roles), self.people[0].heading
        if self.given_roles:
            return Found(self.given_roles), self.sheet.name
        word = "dit bestand" if "." in self.sheet.name else f"blad {self.sheet.name}"
        found = roles.find(re.sub(r"\d{4}.*", "", self.sheet.name))
        return found if any(found) else roles.find_within(self.sheet.title), word

    def _decide_roles(self, found: Found, word: str, line: Line) -> tuple[str, ...]:
        """Keys of roles; none where they are asked for, or were skipped."""
        named = [candidate.value for candidate in found.candidates]
        fitting = [k for k in named if any(self._applies(k, school) for school in line.schools)]
        if found.values or len(fitting) == 1:
            return found.values or tuple(fitting)
        answer = self.findings.ask(
            QuestionKind.ROLE, word, word, f"Welke functie is “{clean_line(word)}”?", [line.key],
            found.candidates,
            lambda value: value == SKIP or self.words.roles.labels.keys() >= {*value.split()},
        )  # fmt: skip
        if answer == SKIP:
            self.findings.reject(line.key, f"Je koos om “{clean_line(word)}” over te slaan.")
        return () if answer == SKIP else tuple(answer.split())

    def _applies(self, role: str, school: str) -> bool:
        row = self.words.schools.get(school)
        return row is not None and any(
            known.key == role and known.applies(row.sector, row.municipality) for known in self.directory.roles
        )

    # ---- People --------------------------------------------------------------------------------

    def _add(
        self, line: Line, text: str, found: Found | None, heading: str, own: Sequence[Column],
        days: Sequence[Column] = (),
    ) -> None:  # fmt: skip
        """Add the posts of the people in a cell, with what other columns tell of them."""
        people = self._read_people(text, line)
        roles = self._decide_roles(found, heading, line) if found and people else ()
        for column in own if people else ():
            if column.field in _DETAILS and not cell_meanings.is_empty(line.of(column)):
                people = self._add_details(people, column, line)
        period = self._read_period(own, line) if people else None
        for hint in [hint for person in people if not person.is_vacancy for hint in person.hints]:
            if not any(self.words.roles.find(hint)):
                self.findings.leave_out(line.key, hint, "Dit is niet overgenomen.")
        worked = "".join(cell_meanings.read_days(column.heading)[0] for column in days)
        texts = {c.field: line.of(c) for c in reversed(own) if not cell_meanings.is_empty(line.of(c))}
        for school in line.schools:
            keys = tuple(key for key in roles if self._applies(key, school))
            if roles and not keys:
                self._reject_roles(line.key, roles, school)
            if not keys and found:
                continue
            self.findings.cover([school], keys)
            for at, person in enumerate(people if period else ()):
                hinted = [key for key in keys for hint in person.hints if self._names(hint, key)]
                mine = keys[at : at + 1] if len(keys) == len(people) > 1 else keys
                told = (FIRST_DAY.search(hint) for hint in person.hints if person.is_vacancy)
                opens = (self._read_day(match[1]) for match in told if match)
                draft = Draft(
                    line.key, school, tuple(dict.fromkeys(hinted)) or mine, heading,
                    person._replace(days=person.days or worked),
                    texts.get(Field.ORGANISATION, ""),
                    next(opens, person.since or (period and period[0])),
                    person.until or (period and period[1]),
                )  # fmt: skip
                # A cell with a role names all that the person has; a heading names them for others.
                is_own = heading and heading == line.get(Field.ROLE)
                each = [(role,) for role in draft.roles] if is_own else [draft.roles]
                self.drafts += [replace(draft, roles=some) for some in each]

    def _read_people(self, text: str, line: Line) -> list[PersonText]:
        said = clean_line(text)
        if cell_meanings.is_empty(text):
            return []
        if is_for_another(text):
            reason = f"“{said}”: wie is er weg? Schrijf “Naam (vervanging door Naam)”."
            self.findings.reject(line.key, reason)
            return []
        people = [] if cell_meanings.DESK.search(text) else read_people(text, self.directory.on)
        if cell_meanings.is_unknown(text):
            people = [PersonText("", "", "", unclear=said)]
        if not people:
            self.findings.reject(line.key, f"“{said}” is geen persoon. Zet een nummer bij de contactpunten.")
        return [known for person in people if (known := self._clarify(person, line))]

    def _clarify(self, person: PersonText, line: Line) -> PersonText | None:
        """The person or vacancy of a part of a cell that may be no name, as it was decided."""
        if not (said := person.unclear):
            return person
        candidates = [
            Candidate(VACANT, "een vacature", "er is nog niemand"),
            Candidate(UNKNOWN, "onbekend", "er komt niets in de portal"),
            Candidate(PERSON, "de naam van een persoon", ""),
        ]
        answer = self.findings.ask(
            QuestionKind.CELL, said, said, f"Wat betekent “{said}”?", [line.key],
            candidates[:2] if cell_meanings.is_unknown(said) else candidates,
        )  # fmt: skip
        if answer != PERSON:
            return person._replace(is_vacancy=True) if answer == VACANT else None
        given, infix, family = read_name(said, is_sure=True)
        return person._replace(given=given, infix=infix, family=family)

    def _names(self, hint: str, role: str) -> bool:
        return role in self.words.roles.find(hint).options

    def _reject_roles(self, row: RowKey, roles: Sequence[str], school: str) -> None:
        labels = " en ".join(map(self.words.roles.label, roles))
        where = self.words.schools.get(school)
        kind = f"het {where.sector_label} in {where.place}" if where else "deze school"
        self.findings.reject(row, f"De functie {labels} hoort niet bij {kind}.")

    def _read_day(self, text: str) -> date | None:
        return cell_meanings.read_date(text, self.directory.on)

    def _read_period(self, own: Sequence[Column], line: Line) -> tuple[date | None, date | None] | None:
        """The first day of a row and the day after its last; None where one of them is asked for,
        or they contradict each other."""
        opens = self._read_end(own, line, Field.FROM, cell_meanings.read_date)
        ends = self._read_end(own, line, Field.UNTIL, cell_meanings.read_last_day)
        if opens and ends and opens[0] and ends[0] and ends[0] <= opens[0]:
            self.findings.reject(line.key, "De laatste dag ligt voor de eerste.")
            return None
        return (opens[0], ends[0]) if opens and ends else None

    def _read_end(
        self, own: Sequence[Column], line: Line, field: Field, read: Callable[[str, date, bool], date | None]
    ) -> tuple[date | None] | None:
        """The day in the columns of a field; None where it is asked for."""
        for column in line.fields[field]:
            text = line.of(column)
            if column not in own or cell_meanings.is_empty(text) or fold(text) in cell_meanings.NO_DAY:
                continue
            if re.search(r"\b9999\b", text):
                continue
            month_first = self.month_first[column.position]
            if month_first is None and cell_meanings.find_slashed(text):
                return None
            if day := read(text, self.directory.on, bool(month_first)):
                return (day,)
            answer = self.findings.ask(
                QuestionKind.DAY, text, text, f"Welke dag is “{clean_line(text)}”?", [line.key], (),
                lambda value: value == SKIP or self._read_day(value),
            )  # fmt: skip
            return (read(answer, self.directory.on, False),) if answer else None
        return (None,)

    def _add_details(self, people: list[PersonText], column: Column, line: Line) -> list[PersonText]:
        text = line.of(column)
        parts = share(text, [one.given for one in people])
        values = cell_meanings.find_emails(text) or cell_meanings.find_numbers(text)
        if parts is None and len(values) == len(people) > 1:
            parts = list(values)
        if parts is None and len(people) > 1 and column.field not in (Field.DAYS, Field.HOURS):
            self.findings.leave_out(line.key, text, "Van wie is dit? Er staan meer mensen.")
            return people
        return [
            self._add_detail(person, column, said, line) if said else person
            for person, said in zip(people, parts or [text] * len(people), strict=True)
        ]

    def _add_detail(self, person: PersonText, column: Column, text: str, line: Line) -> PersonText:
        if column.field in _NUMBERS:
            numbers = cell_meanings.find_numbers(text)
            shown = " en ".join(map(phones.grouped, numbers))
            if not numbers:
                self.findings.leave_out(line.key, text, "Dit is geen telefoonnummer.")
            elif re.sub(r"[\s-]", "", line.of(column)) != re.sub(r"\s", "", shown):
                self.findings.read_as(line.key, line.of(column), shown)
            return person._replace(phones=person.phones + tuple(numbers))
        if column.field == Field.EMAIL:
            emails = cell_meanings.find_emails(text)
            if not emails:
                self.findings.leave_out(line.key, text, "Dit is geen e-mailadres.")
            return person._replace(emails=person.emails + emails)
        days, hours = cell_meanings.read_days(text)
        if not days and column.field == Field.DAYS:
            self.findings.leave_out(line.key, text, "Hier staan geen dagen van de week.")
            return person
        return person._replace(days=days or person.days, hours=person.hours or hours)


def _join_name(line: Line) -> str:
    """The name of columns for its parts."""
    infix, family = line.get(Field.INFIX), line.get(Field.FAMILY_NAME)
    names = filter(None, map(line.of, line.fields[Field.GIVEN_NAME]))
    given = max(names, key=lambda name: ("." not in name, len(name)), default="")  # no initials
    return f"{infix} {family}, {given}".strip() if family and given else (family or given)
