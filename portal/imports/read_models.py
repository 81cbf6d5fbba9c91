"""The meaning of an imported file: posts, questions that are open, and rows that are refused."""

from datetime import date
from typing import NamedTuple

from portal.imports.columns import Sheet
from portal.imports.found_words import Candidate as Candidate
from portal.labelled_enum import LabelledEnum
from portal.person_names import full_name

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
