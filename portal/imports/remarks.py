"""Applies the remarks of a row to its posts: from or until which day, leave, who has a role."""

import re
from collections.abc import Sequence
from dataclasses import replace

from portal.imports import cell_meanings
from portal.imports.directory_snapshot import Snapshot
from portal.imports.people_in_cells import find_leave, read_people, share
from portal.imports.posts_and_questions import Findings
from portal.imports.role_and_organisation_finder import Words
from portal.imports.same_people import Draft
from portal.text import fold

FIRST_DAY = re.compile(r"(?:per|vanaf|m\.?i\.?v\.?|met ingang van|ingaande) (.+)", re.IGNORECASE)
_STOPS = re.compile(
    r"\b(?:vervallen|vervalt|stopt|gestopt|uit dienst|weg|vertrekt|vertrokken|met pensioen)"
    r"(?: per| op| sinds| vanaf)? (\d[\w/. -]{3,18})", re.IGNORECASE,
)  # fmt: skip
# The words beside a number in a remark that is about nothing else.
_BESIDE_A_NUMBER = frozenset([
    "", "ook", "via", "vast", "tel", "telefoon", "mobiel", "mob", "nr", "nummer", "bereikbaar",
    "op", "of", "en", "mail", "prive", "werk",
])  # fmt: skip
_LAST_DAY = re.compile(r"(?:t/?m|tot en met|tot) .+", re.IGNORECASE)


class RemarkReader:
    """Reads the remarks of a sheet into its `drafts`."""

    def __init__(self, drafts: list[Draft], directory: Snapshot, words: Words, findings: Findings) -> None:
        self.drafts, self.directory = drafts, directory
        self.words, self.findings = words, findings

    def use(self, text: str, drafts: Sequence[Draft]) -> bool:
        """Apply a remark to the posts of its row, where it can mean one thing; tells whether it did."""
        if self._add_told(text, drafts):
            return True
        people = list(dict.fromkeys(d.person for d in drafts if not d.person.is_vacancy))
        parts = share(text, [person.given for person in people])
        if parts and all(part == "" or cell_meanings.read_days(part)[0] for part in parts):
            told = dict(zip(people, parts, strict=True))
            for draft in drafts:
                days = cell_meanings.read_days(told.get(draft.person, ""))[0]
                draft.person = draft.person._replace(days=days or draft.person.days)
            return True
        if not drafts or len({draft.roles for draft in drafts}) > 1 or len(people) > 1:
            return False
        first, _, rest = re.sub(",? daarna", ", daarna", text).partition(",")
        stops = (found := _STOPS.search(text)) and cell_meanings.read_date(found[1], self.directory.on)
        opens = (found := FIRST_DAY.fullmatch(text)) and cell_meanings.read_date(found[1], self.directory.on)
        ends = _LAST_DAY.fullmatch(first) and cell_meanings.read_last_day(first, self.directory.on)
        leave = find_leave(text, self.directory.on)
        if stops and stops <= self.directory.on:
            del self.drafts[-len(drafts) :]
            self.findings.reject(drafts[0].row, f"“{text}”: dit is voorbij.")
            return True
        for draft in drafts:
            draft.valid_from = draft.valid_from or opens or None
            draft.valid_until = ends or stops or draft.valid_until
            draft.then_vacancy = bool(ends) and "vacature" in rest
            draft.person = draft.person._replace(leave=leave or draft.person.leave)
        coming = read_people(rest.partition("daarna")[2], self.directory.on) if ends else []
        if len(coming) == 1 and coming[0].family:
            self.drafts += [replace(d, person=coming[0], valid_from=d.valid_until, valid_until=None) for d in drafts]
        return bool(opens or ends or leave or stops)

    def _add_told(self, text: str, drafts: Sequence[Draft]) -> bool:
        """Apply a remark that names the holder of a role, or gives a number of the holder; tells whether it did:
        "directeur: Jan Bos, j.bos@school.nl", "zoco ook via 023 555 01 83", "ook vast: 023 555 01 03"."""
        numbers, emails = tuple(cell_meanings.find_numbers(text)), cell_meanings.find_emails(text)
        first, *others = cell_meanings.EMAIL.sub("", cell_meanings.without_numbers(text)).split() or [""]
        roles = self.words.roles.find(first.strip(":=")).values
        of_role = [d for d in drafts if d.roles == roles] if roles else list(drafts)
        named = read_people(" ".join(others), self.directory.on) if roles else []
        if len(named) == 1 and named[0].given and named[0].family and not of_role:
            person = named[0]._replace(phones=numbers, emails=emails)
            self.drafts += [
                Draft(drafts[0].row, school, roles, first, person, "")
                for school in dict.fromkeys(draft.school for draft in drafts)
            ]
            return True
        if (
            not (numbers or emails)
            or len({d.person.name for d in of_role}) != 1
            or (set(map(fold, others if roles else [first, *others])) - _BESIDE_A_NUMBER)
        ):
            return False
        for draft in of_role:
            phones, mails = draft.person.phones + numbers, draft.person.emails + emails
            draft.person = draft.person._replace(phones=phones, emails=mails)
        return True
