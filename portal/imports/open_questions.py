"""Questions, refusals and readings that come up while a file is interpreted."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import product

from portal.imports.found_words import Candidate
from portal.imports.read_models import Question, QuestionKind, Reading, RejectedRow, RowKey
from portal.text import clean_line, fold

_ROWS_NAMED = 3  # of those of a question


def name_rows(question: Question) -> str:
    """The first rows that a question is about: "Blad1 3, Blad1 4, Blad1 8 …"."""
    named = ", ".join(f"{row.sheet} {row.number}" for row in question.rows[:_ROWS_NAMED])
    return f"{named} …" if len(question.rows) > _ROWS_NAMED else named


class Findings:
    """Collects them; equal words make one question, which a decision answers for all rows."""

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
