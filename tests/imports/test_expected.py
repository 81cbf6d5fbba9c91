"""The files in `samples/` mean what a person expects, row by row: `expected/` was written first.

An expectation is a post, a vacancy, a question with the answer that is given, a row that is refused
or a cell that nothing takes. The name stands as given|infix|family, the organisation as its key,
an absence as the day after its last one and the substitute.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.imports.directory_snapshot import Snapshot
from portal.imports.interpreter import interpret
from portal.imports.posts_and_questions import Interpretation, RowKey
from portal.readers.files import read_tables
from portal.readers.tables import Table

SAMPLES = Path(__file__).with_name("samples")
FILES = sorted(path.name for path in SAMPLES.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_file_means_what_a_person_expects(name: str, empty_directory: Snapshot) -> None:
    tables = read_tables(name, (SAMPLES / name).read_bytes())
    with (SAMPLES.with_name("expected") / name).with_suffix(".csv").open(encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    for row in expected:
        row["sheet"] = row["sheet"] or tables[0].name
    answers = {row["about"]: row["answer"] for row in expected if row["outcome"] == "question"}
    found, asked = read_with_answers(tables, empty_directory, answers)
    assert sorted(asked) == sorted(answers)
    posts = {
        (*list(row.values())[:13], row.get("absence") or "")
        for row in expected
        if row["outcome"] in ("post", "vacancy")
    }
    assert set(_posts(found, empty_directory)) == posts
    for outcome, cells in (
        ("rejected", [(row, reason) for row, reason in found.rejected]),
        ("unused", [(cell.row, f"{cell.text} {cell.read_as}") for cell in found.unused]),
    ):
        wanted = [row for row in expected if row["outcome"] == outcome]
        assert len(cells) == len(wanted), (outcome, cells)
        for row in wanted:
            key = RowKey(row["sheet"], int(row["row"]))
            assert [text for at, text in cells if at == key and row["about"] in text], row


@pytest.mark.parametrize("name", FILES)
def test_second_upload_asks_nothing(name: str, empty_directory: Snapshot) -> None:
    tables = read_tables(name, (SAMPLES / name).read_bytes())
    decisions: dict[str, str] = {}
    while questions := interpret(tables, empty_directory, decisions).questions:
        decisions |= {q.key: next((c.value for c in q.candidates), "overslaan") for q in questions}
    again = [Table("later.csv", tables[0].rows)] if len(tables) == 1 else tables
    assert not interpret(again, empty_directory, decisions).questions


def read_with_answers(
    tables: list[Table], directory: Snapshot, answers: dict[str, str]
) -> tuple[Interpretation, list[str]]:
    """The interpretation when every question is answered (by its word), and the words asked for."""
    decisions: dict[str, str] = {}
    asked: list[str] = []
    while True:
        found = interpret(tables, directory, decisions)
        new = [question for question in found.questions if question.word in answers]
        assert len(new) == len(found.questions), found.questions
        if not new:
            return found, asked
        asked += [question.word for question in new]
        decisions |= {question.key: answers[question.word] for question in new}


def _posts(found: Interpretation, directory: Snapshot) -> Iterator[tuple[Any, ...]]:
    keys: dict[int | None, str] = {row.id: row.key for row in directory.organisations}
    for post in found.posts:
        person: tuple[str, ...] = ("",) * 6
        if holder := post.person:
            person = (
                f"{holder.given_name}|{holder.infix}|{holder.family_name}",
                keys.get(holder.organisation, holder.new_organisation),
                " ".join(holder.phones),
                " ".join(holder.emails),
                holder.working_days,
                holder.hours,
            )
        leave = post.absence
        absence = ""
        if leave and (substitute := leave.substitute):
            absence = f"{leave.valid_until} {substitute.given_name} {substitute.family_name}"
        days = (str(day or "") for day in (post.valid_from, post.valid_until))
        outcome = "post" if holder else "vacancy"
        for row in post.rows:
            yield (row.sheet, str(row.number), outcome, post.school, post.role, *person, *days, absence)
