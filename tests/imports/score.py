"""Scores the interpretation of the messy workbooks against their truth.

    python -m tests.imports.score 1 2 3

prints for each seed the posts that are found, the wrong ones, the questions of the first and of the
second upload, and the CPU time.
"""

import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from portal.app import create_app
from portal.config import Config
from portal.database import connection
from portal.imports.directory_snapshot import Snapshot, load_snapshot
from portal.imports.interpreter import UNKNOWN, interpret
from portal.imports.posts_and_questions import ImportedPerson, Interpretation, Question, RowKey
from portal.readers.files import read_tables
from portal.region import current_region
from portal.text import SMALL_WORDS, fold
from tests.clock import TODAY
from tests.imports.messy_workbook import ExpectedPost, MessyWorkbook, make_workbook

Place = tuple[str, str, str]  # school, role, name without infix


class Score(NamedTuple):
    """The result of two uploads of a workbook, when every question is answered."""

    expected: int
    found: int  # of them, with their numbers, addresses, days, dates and substitutes
    wrong: int  # others
    first: int  # questions
    second: int
    columns: int  # whose meaning is asked
    seconds: float  # of CPU, of the first interpretation

    @property
    def share(self) -> float:
        """Of the expected posts, those that are found."""
        return self.found / self.expected


def score(workbook: MessyWorkbook, directory: Snapshot) -> Score:
    """Interpret a workbook until nothing is open, and once more with the same decisions."""
    tables = read_tables("messy.xlsx", workbook.data)
    truth = {(post.school, post.role, _name(post.person)): post for post in workbook.posts}
    began = time.process_time()
    read = interpret(tables, directory, {})
    seconds = time.process_time() - began
    decisions: dict[str, str] = {}
    texts = {
        RowKey(table.name, row.number): _name(" ".join(cell.text for cell in row.cells))
        for table in tables
        for row in table.rows
    }
    while read.questions:
        missing = truth.keys() - _by_place(read).keys()
        for question in read.questions:
            said = " ".join(texts[row] for row in question.rows)
            named = Counter(school for school, _, name in missing if not name or name in said)
            decisions[question.key] = _answer(question, named)
        read = interpret(tables, directory, decisions)
    posts = _by_place(read)
    return Score(
        len(truth),
        sum(place in posts and _is_right(post, posts[place]) for place, post in truth.items()),
        len(posts.keys() - truth.keys()),
        len(decisions),
        len(interpret(tables, directory, decisions).questions),
        sum(not column.answer for sheet in read.sheets for column in sheet.columns),
        seconds,
    )


def _answer(question: Question, missing: Counter[str]) -> str:
    """The answer of somebody who knows: the school of which most posts of the people in these rows
    are still missing."""
    values = [candidate.value for candidate in question.candidates] or ["overslaan"]
    return UNKNOWN if UNKNOWN in values else max(values, key=lambda value: missing[value])


class _Found(NamedTuple):
    person: ImportedPerson | None
    facts: frozenset[object]


def _by_place(read: Interpretation) -> dict[Place, _Found]:
    found = {}
    for post in read.posts:
        person, leave = post.person, post.absence
        name = f"{person.given_name} {person.infix} {person.family_name}" if person else ""
        stands_in = leave.substitute if leave else None
        facts = {post.valid_from, *(person.phones + person.emails if person else ())}
        facts |= {person.working_days if person else "", leave.valid_until if leave else None}
        if stands_in:
            facts.add(_name(f"{stands_in.given_name} {stands_in.infix} {stands_in.family_name}"))
        found[post.school, post.role, _name(name)] = _Found(person, frozenset(facts))
    return found


def _is_right(expected: ExpectedPost, found: _Found) -> bool:
    until = expected.absent_until
    facts = {
        expected.phone, expected.email, expected.working_days, expected.valid_from,
        until and until + timedelta(days=1), _name(expected.substitute),
    }  # fmt: skip
    return facts - {"", None} <= found.facts


def _name(text: str) -> str:
    return " ".join(word for word in fold(text).split() if word not in SMALL_WORDS)


def main(seeds: list[int]) -> None:
    """Print the scores with the region's directory before anybody is in it."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'score.sqlite'}"
        app = create_app(Config.from_environment({"DATABASE_URL": url}))
        app.test_cli_runner().invoke(args=["seed"])
        with app.app_context(), connection():
            directory = load_snapshot(TODAY, current_region().not_names)
    for seed in seeds:
        result = score(make_workbook(seed), directory)
        sys.stdout.write(f"seed {seed}: {result.share:.1%} {result}\n")


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [1, 2])
