"""The import in the shell: prints what it asks and what it changes, and writes it when asked to."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from portal import clock
from portal.database import db
from portal.database.directory_version import lock_directory
from portal.directory.schools_and_kernen import label_schools, list_roles, list_workplaces
from portal.imports import apply, decisions_and_clearing, reading_now_or_later
from portal.imports.difference import Difference, Kind, choose
from portal.imports.posts_and_questions import Question
from portal.web.formatting import day


class Unfinished(Exception):
    """A file that is not written, because something is open; the message is Dutch."""


def import_file(path: Path, sender: str, roles: Sequence[str], *, is_applied: bool) -> Iterator[str]:
    """The questions and differences of a file, in Dutch; with `is_applied` they are written.

    Raises UnreadableFile, and Unfinished where columns or questions are open.
    """
    made_on = clock.day_of(datetime.fromtimestamp(path.stat().st_mtime, UTC))
    answers = reading_now_or_later.Answers(path.name, sender or path.name, made_on, clock.today(), roles)
    row = reading_now_or_later.make_import(answers, path.read_bytes(), None)
    with db.atomic():
        lock_directory()
        reading_now_or_later.read(row)
        opened = reading_now_or_later.open_as_read(row)
        assert opened  # noqa: S101 - it was read
        found = opened.found
        differences = apply.list_differences(opened)
        unknown = decisions_and_clearing.list_unknown(found)
        yield from (f"Kolom “{c.heading}”: wat staat hierin?" for c in unknown)
        yield from map(_ask, found.questions)
        names, labels = label_schools(list_workplaces()), {r.key: r.label for r in list_roles()}
        for one in differences:
            if one.kind is not Kind.STAYS:
                yield _describe(one, names.get(one.school, "Mensen"), labels.get(one.role, ""))
        yield from (f"{r.row.sheet}, regel {r.row.number}: {r.reason}" for r in found.rejected)
        stays = sum(one.kind is Kind.STAYS for one in differences)
        yield f"Blijft: {stays}. Nieuw of anders: {len(choose(differences, ()))}."
        if not is_applied:
            return
        if unknown or found.questions:
            raise Unfinished("Er is niets gewijzigd: beantwoord de vragen eerst, bij Beheer.")
        row.save(force_insert=True)
        for difference, reason in apply.write(opened, choose(differences, ()), None):
            yield f"Niet overgenomen, {difference.after or difference.before}: {reason}"
    yield "De wijzigingen zijn overgenomen. Er is niemand gemaild."


def _ask(question: Question) -> str:
    choices = " / ".join(candidate.label for candidate in question.candidates)
    return f"{question.sentence} ({len(question.rows)} regels) {choices}".strip()


def _describe(one: Difference, school: str, role: str) -> str:
    change = " → ".join(filter(None, (one.before, one.after)))
    conflict = f" (blijft zoals het is: {one.conflict})" if one.conflict else ""
    return f"{one.kind.label.capitalize()}: {school}, {role} {change}, {day(one.start)}{conflict}"
