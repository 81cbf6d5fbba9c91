"""Statements for imports: what was decided about a file, and which files are kept, cleared and forgotten."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from portal.accounts.forgetting import Forgotten
from portal.database import Outdated, db, for_update
from portal.directory.change_sets import RuleViolation
from portal.directory.models import Person
from portal.imports.columns import Column
from portal.imports.json_tuples import dump, load
from portal.imports.models import Import, ImportState, RememberedWord
from portal.imports.posts_and_questions import SKIP, Interpretation, Question
from portal.imports.reading_now_or_later import Decision, Opened, list_decisions
from portal.imports.remembered_words import IS_PERSON
from portal.readers.tables import Table

EMPTY, GONE = "leeg ", "weg"  # before the key of a column: its empty cells; the decision: they are gone


# ---- Decisions ---------------------------------------------------------------------------------


def list_unknown(found: Interpretation) -> list[Column]:
    """The columns without an answer; before they have one nothing is compared or applied."""
    return [column for sheet in found.sheets for column in sheet.columns if not column.answer]


def list_questions(opened: Opened) -> list[Question]:
    """The questions that are open, and then those that were answered."""
    still_open = {question.key for question in opened.found.questions}
    answered = load(list[Question], opened.row.asked)
    return [*opened.found.questions, *(q for q in answered if q.key not in still_open)]


def decide(
    number: int, answers: Mapping[str, Decision], seen: Mapping[str, str], questions: Collection[Question] = ()
) -> dict[str, Decision]:
    """Take decisions, of which some answer these questions; an empty one is taken back. `seen` are
    the decisions that the user saw.

    Nothing is done where somebody else decided otherwise meanwhile; gives those decisions. Raises
    Outdated where the import was applied.
    """
    with db.atomic():
        row = lock_import(number, ImportState.OPEN, ImportState.WAITING)
        stored = list_decisions(row)
        now = {key: stored[key].value if key in stored else "" for key in answers}
        clashes = {key for key, answer in answers.items() if now[key] not in (seen.get(key, ""), answer.value)}
        if not clashes:
            stored.update(answers)
            kept = {key: decision for key, decision in stored.items() if decision.value}
            row.decisions = json.dumps(kept, ensure_ascii=False)
            asked = {question.key: question for question in load(list[Question], row.asked)}
            row.asked = dump(list((asked | {q.key: q for q in questions}).values()))
            row.save(only=["decisions", "asked"])
        return {key: stored.get(key, Decision("", "")) for key in clashes}


def lock_import(number: int, *states: ImportState) -> Import:
    """The import, locked. Raises Outdated where it is not in one of these states."""
    rows = list(for_update(Import.select().where(Import.id == number)))
    if not rows or rows[0].state not in states:
        raise Outdated
    row: Import = rows[0]
    return row


# ---- The imports that are kept -------------------------------------------------------------------


def find(number: int) -> Import | None:
    """The import with this number; None where it was deleted."""
    row: Import | None = Import.get_or_none(Import.id == number)
    return row


def list_imports() -> list[Import]:
    """The imports that are kept, the newest first."""
    return list(Import.select().order_by(Import.id.desc()))


def count_open() -> int:
    """The number of imports that are not applied."""
    return int(Import.select().where(Import.state != ImportState.APPLIED).count())


def delete(number: int) -> None:
    """Delete an import that was not applied."""
    Import.delete().where((Import.id == number) & (Import.state != ImportState.APPLIED)).execute()


def clear_old(before: datetime) -> int:
    """Delete the imports of before this moment (aware, UTC), applied or not; gives their number.
    What was applied stays in the trail. A remembered name goes with its person."""
    people = Person.select(Person.id.cast("TEXT"))
    is_gone = RememberedWord.meaning.not_in(people) & (RememberedWord.meaning != SKIP)
    words = RememberedWord.delete().where(IS_PERSON & is_gone).execute()
    return int(words + Import.delete().where(Import.at < before).execute())


def forget_person(one: Forgotten) -> None:
    """Delete the imports with a row about a person who is forgotten, and the words for that person.
    Raises RuleViolation while a file is read."""
    if Import.select().where(Import.state == ImportState.WAITING).exists():
        raise RuleViolation("Er wordt nu een bestand ingelezen. Probeer het over een minuut weer.")
    for row in Import.select(Import.id, Import.tables):
        tables = load(list[Table], row.tables)
        lines = (" ".join(cell.text for cell in line.cells) for t in tables for line in t.rows)
        if any(map(one.traces.is_in, lines)):
            row.delete_instance()
    for word in RememberedWord.select().where(IS_PERSON):
        if word.meaning == str(one.person) or one.traces.is_in(word.word):
            word.delete_instance()
