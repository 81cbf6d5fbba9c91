"""The meaning of an imported table: posts, questions that are open, and rows that are refused."""

from datetime import date
from typing import NamedTuple

from portal.labelled_enum import LabelledEnum


class QuestionKind(LabelledEnum):
    """The subject of a question about a word of the file."""

    SCHOOL = "school", "school"
    ROLE = "role", "functie"
    PERSON = "person", "persoon"
    ORGANISATION = "organisation", "organisatie"
    DAY = "day", "datum"
    CELL = "cell", "cel"


class Candidate(NamedTuple):
    """A possible answer to a question, with the reason in Dutch."""

    value: str  # stored as the decision
    label: str
    reason: str


class Question(NamedTuple):
    """A question about a word that stands in one or more cells; one decision holds for all."""

    key: str  # kind and folded word
    kind: QuestionKind
    word: str  # as in the file
    rows: tuple[int, ...]
    candidates: tuple[Candidate, ...]


class ImportedPerson(NamedTuple):
    """A person of the file; `person` is the id of somebody who is in the directory."""

    person: int | None
    given_name: str
    infix: str
    family_name: str
    organisation: int | None  # id
    phones: tuple[str, ...] = ()  # E.164
    emails: tuple[str, ...] = ()
    working_days: str = ""  # ISO weekdays, as Person.working_days
    hours: str = ""


class ImportedAbsence(NamedTuple):
    """The absence of the holder of a post, as far as the file tells it."""

    valid_from: date | None
    valid_until: date | None
    substitute: ImportedPerson | None


class ImportedPost(NamedTuple):
    """A post of the file at one school; without a person it is a vacancy."""

    rows: tuple[int, ...]
    school: str  # code
    role: str  # key
    person: ImportedPerson | None
    valid_from: date | None = None  # None: the day of the import
    valid_until: date | None = None
    absence: ImportedAbsence | None = None


class RejectedRow(NamedTuple):
    """A row of which nothing is taken, with the reason in Dutch: the fault and the remedy."""

    row: int
    reason: str


class Interpretation(NamedTuple):
    """A whole file, with the decisions that were taken so far."""

    posts: tuple[ImportedPost, ...]
    questions: tuple[Question, ...]
    rejected: tuple[RejectedRow, ...]
