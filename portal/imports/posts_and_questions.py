"""The meaning of an imported file: its posts, and the questions, refusals and readings that come up while it is
interpreted."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import NamedTuple

from portal.imports.columns import Sheet
from portal.imports.found_words import Candidate as Candidate
from portal.labelled_enum import LabelledEnum
from portal.person_names import full_name
from portal.text import clean_line, fold

_ROWS_NAMED = 3  # of those of a question

# Decisions that stand beside a code, key or id of the directory.
SKIP = "overslaan"
NEW = "nieuw"
HIDDEN = "verborgen "  # the decision that a hidden row counts, before its name


class QuestionKind(LabelledEnum):
    """The subject of a question about a word of the file."""

    SCHOOL = "school", "school"
    ROLE = "role", "functie"
    PERSON = "person", "persoon"
    ORGANISATION = "organisation", "organisatie"
    DAY = "day", "datum"
    CELL = "cell", "cel"


class RowKey(NamedTuple):
    sheet: str
    number: int  # from 1, as in a spreadsheet


class Question(NamedTuple):
    """A question about a word that stands in one or more cells; one decision holds for all.

    Its decision is a code of a school, or several with blanks; a key of a role, or several with
    blanks; an id; NEW; SKIP; an ISO date; or the value of a candidate.
    """

    key: str  # kind and folded word: the same in every file, so that a decision is remembered
    kind: QuestionKind
    word: str  # as in the file
    sentence: str  # in Dutch
    rows: tuple[RowKey, ...]
    candidates: tuple[Candidate, ...]


class ImportedPerson(NamedTuple):
    """A person of the file; `person` is the id of somebody who is in the directory."""

    person: int | None
    given_name: str
    infix: str
    family_name: str
    organisation: int | None  # id
    new_organisation: str = ""  # the name of one that is not in the directory
    phones: tuple[str, ...] = ()  # E.164
    emails: tuple[str, ...] = ()
    working_days: str = ""  # ISO weekdays, as Person.working_days
    hours: str = ""
    number: int = 0  # tells namesakes of the file apart

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.infix, self.family_name)


class ImportedAbsence(NamedTuple):
    """The absence of the holder of a post, as far as the file tells it."""

    valid_from: date | None
    valid_until: date | None  # exclusive
    substitute: ImportedPerson | None


class ImportedPost(NamedTuple):
    """A post of the file at one school; without a person it is a vacancy."""

    rows: tuple[RowKey, ...]
    school: str  # code
    role: str  # key
    person: ImportedPerson | None
    valid_from: date | None = None  # None: the day of the import
    valid_until: date | None = None  # exclusive
    absence: ImportedAbsence | None = None

    def days(self, default: date) -> tuple[date, date | None]:
        """Its first day, or the default, and the day after its last one."""
        return self.valid_from or default, self.valid_until


class RejectedRow(NamedTuple):
    """A row, or a part of it, that is not taken, with the fault and the remedy in Dutch."""

    row: RowKey
    reason: str


class Reading(NamedTuple):
    """A cell that was read as something else than stands there: "612345911" as 06 12 34 59 11."""

    row: RowKey
    text: str
    read_as: str


class HiddenRow(NamedTuple):
    """A row that is hidden or struck through in the file, or stands in a sheet that is out of date;
    it counts where somebody says so."""

    key: RowKey
    text: str

    @property
    def name(self) -> str:
        """Its place in the file."""
        return f"{self.key.sheet}, regel {self.key.number}"


class Interpretation(NamedTuple):
    """A whole file, with the decisions that were taken so far."""

    sheets: tuple[Sheet, ...]
    posts: tuple[ImportedPost, ...]
    questions: tuple[Question, ...]
    rejected: tuple[RejectedRow, ...]
    readings: tuple[Reading, ...] = ()
    unused: tuple[Reading, ...] = ()  # remarks that no post has, with the reason
    covers: frozenset[tuple[str, str]] = frozenset()  # each school and role that a row is about
    hidden: tuple[HiddenRow, ...] = ()


def name_rows(question: Question) -> str:
    """The first rows that a question is about: "Blad1 3, Blad1 4, Blad1 8 …"."""
    named = ", ".join(f"{row.sheet} {row.number}" for row in question.rows[:_ROWS_NAMED])
    return f"{named} …" if len(question.rows) > _ROWS_NAMED else named


class Findings:
    """Collects the questions, refusals and readings of a file; equal words make one question, which a decision
    answers for all rows."""

    def __init__(self, decisions: Mapping[str, str]) -> None:
        self._decisions = decisions
        self._asked: dict[str, Question] = {}  # open ones, as they came up, without their rows
        self._rows: dict[str, dict[RowKey, None]] = defaultdict(dict)
        self.rejected: dict[RejectedRow, None] = {}
        self.readings: dict[Reading, None] = {}
        self.unused: dict[Reading, None] = {}
        self.covers: set[tuple[str, str]] = set()

    def ask(
        self,
        kind: QuestionKind,
        about: str,
        word: str,
        sentence: str,
        rows: Sequence[RowKey],
        candidates: Sequence[Candidate],
        is_known: Callable[[str], object] = bool,
    ) -> str:
        """The decision about a word; "" where it is still to be taken, which is then asked, also
        where it is one of before that the directory does not know any more."""
        key = f"{kind}:{fold(about)}"
        decided = self._decisions.get(key, "")
        if decided and (decided in [c.value for c in candidates] or is_known(decided)):
            return decided
        known = self._asked.get(key)
        asked = tuple(candidates) or (known.candidates if known else ())
        self._asked[key] = Question(key, kind, clean_line(word), sentence, (), asked)
        self._rows[key].update(dict.fromkeys(rows))
        return ""

    def list_questions(self) -> tuple[Question, ...]:
        """The questions that are open, as they came up."""
        return tuple(q._replace(rows=tuple(self._rows[key])) for key, q in self._asked.items())

    def cover(self, schools: Sequence[str], roles: Sequence[str]) -> None:
        """Keep that a row is about these roles at these schools."""
        self.covers.update(product(schools, roles))

    def reject(self, row: RowKey, reason: str) -> None:
        """Refuse a row, or a part of it."""
        self.rejected[RejectedRow(row, reason)] = None

    def read_as(self, row: RowKey, text: str, reading: str) -> None:
        """Show that a text was read as something else than stands there."""
        self.readings[Reading(row, text, reading)] = None

    def leave_out(self, row: RowKey, text: str, reason: str) -> None:
        """Show that a text is not used."""
        self.unused[Reading(row, text, reason)] = None
