"""The reading of a file: at once where it is small, and otherwise by the worker; it is read again where the decisions
or the directory changed."""

import base64
import json
import logging
import threading
from collections.abc import Collection
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from portal import clock
from portal.database import connection, db, lock
from portal.database.directory_version import find_version
from portal.directory.schools_and_kernen import list_roles
from portal.imports.directory_snapshot import load_snapshot
from portal.imports.json_tuples import dump, load
from portal.imports.models import Coverage, Import, ImportState, RememberedWord
from portal.imports.posts_and_questions import HIDDEN, Interpretation
from portal.imports.role_and_organisation_finder import RoleFinder
from portal.readers.files import read_tables
from portal.readers.tables import Table, UnreadableFile
from portal.region import current_region
from portal.text import fold

# Bytes of a file, or characters of its tables, of which each cell takes 30: left to the worker.
LARGE = 60_000
_LEASE = timedelta(minutes=2)
_READER = "import"
_READ = ["tables", "file", "interpretation", "interpreted_for", "state", "refusal", "busy_until"]  # columns

logger = logging.getLogger(__name__)


class Answers(NamedTuple):
    """The answers about a new file."""

    label: str
    sender: str
    made_on: date
    effective_on: date
    roles: Collection[str] = ()  # keys
    coverage: Coverage = Coverage.PARTLY


class Decision(NamedTuple):
    """A decision about a word or column."""

    value: str
    word: str  # as in the file


class Opened(NamedTuple):
    """An import with the meaning of its file."""

    row: Import
    found: Interpretation


def make_import(answers: Answers, data: bytes, account: int | None) -> Import:
    """An import of a file, not stored yet, with what is remembered of its sender."""
    remembered = RememberedWord.select().where(RememberedWord.sender == fold(answers.sender))
    return Import(
        **{**answers._asdict(), "roles": " ".join(answers.roles)},
        account=account,
        at=clock.now(),
        file=base64.b64encode(data).decode(),
        decisions=json.dumps({row.key: Decision(row.meaning, row.word) for row in remembered}),
    )


def start(answers: Answers, data: bytes, account: int) -> Import:
    """Store an import; a small file with few cells is read at once. Raises UnreadableFile."""
    row = make_import(answers, data, account)
    if len(data) <= LARGE:
        tables = _read_file(row)
        if len(row.tables) <= LARGE:
            _find_meaning(row, tables)
    row.save(force_insert=True)
    return row


def read(row: Import) -> None:
    """Read the file of an import, where that was not done, and find its meaning; the caller stores
    the import. Raises UnreadableFile."""
    _find_meaning(row, _read_file(row) if row.file else load(list[Table], row.tables))


def _read_file(row: Import) -> list[Table]:
    from portal.imports.rows_about_pupils import without_pupil_data  # few requests need it

    tables = read_tables(row.label, base64.b64decode(row.file))
    tables = without_pupil_data(tables, RoleFinder(list_roles()), current_region().not_names)
    row.tables, row.file = dump(tables), ""
    return tables


def _find_meaning(row: Import, tables: list[Table]) -> None:
    from portal.imports.interpreter import interpret  # few requests need it

    row.interpreted_for = _basis(row)
    decisions = {key: decision.value for key, decision in list_decisions(row).items()}
    directory = load_snapshot(clock.today(), tuple(current_region().not_names))
    row.interpretation = dump(interpret(tables, directory, decisions, row.roles.split()))
    row.state = ImportState.OPEN


def open_import(row: Import) -> Opened | None:
    """The meaning of the file of an import that is open, with today's decisions and directory; None
    where the worker is told to find it first."""
    if row.state is not ImportState.OPEN:
        return None
    if row.interpreted_for != _basis(row):
        if len(row.tables) > LARGE:
            waits = Import.update(state=ImportState.WAITING)
            waits.where((Import.id == row.id) & (Import.state == ImportState.OPEN)).execute()
            return None
        read(row)
        row.save(only=_READ)
    return open_as_read(row)


def open_as_read(row: Import) -> Opened | None:
    """The meaning of the file as it was found last; None where it was not read, or is applied."""
    if not row.interpretation or row.state is ImportState.APPLIED:
        return None
    return Opened(row, load(Interpretation, row.interpretation))


def begin_reading() -> bool:
    """Read the files that wait beside the other jobs: mail does not wait for a large one. Gives whether one waits."""
    waits = bool(Import.select().where(Import.state == ImportState.WAITING).exists())
    if waits and not any(thread.name == _READER for thread in threading.enumerate()):
        threading.Thread(target=connection()(read_waiting), name=_READER, daemon=True).start()
    return waits


def read_waiting() -> None:
    """Read the files that wait, one at a time in the whole portal."""
    while row := _claim():
        try:
            read(row)
        except Exception as error:
            row.state, row.refusal, row.file = ImportState.REFUSED, str(error), ""
            if not isinstance(error, UnreadableFile):
                row.refusal = "Dit bestand konden we niet lezen. Dat is een fout van de portal."
                logger.exception("import %s could not be read", row.id)
        row.busy_until = None
        # Without the decisions, which may have changed meanwhile: then it is read once more.
        row.save(only=_READ)


def _claim() -> Import | None:
    """The next import that waits, unless a worker reads one now."""
    waits, now = Import.state == ImportState.WAITING, clock.now()
    if not Import.select().where(waits).exists():
        return None
    with db.atomic():
        lock("imports")
        is_busy = (Import.busy_until > now) & (Import.busy_until <= now + _LEASE)
        if Import.select().where(is_busy).exists():
            return None
        row: Import | None = Import.select().where(waits).order_by(Import.id).first()
        if row:
            row.busy_until = now + _LEASE
            row.save(only=["busy_until"])
        return row


def count_hidden(opened: Opened) -> int:
    """The number of hidden rows that do not count."""
    decisions = list_decisions(opened.row)
    return sum(HIDDEN + line.name not in decisions for line in opened.found.hidden)


def _basis(row: Import) -> str:
    """A text that differs where the decisions or the directory do."""
    return sha256(f"{row.decisions} {find_version().number}".encode()).hexdigest()


def list_decisions(row: Import) -> dict[str, Decision]:
    """The decisions about the words and columns of an import, by their keys."""
    return {key: Decision(*decision) for key, decision in json.loads(row.decisions).items()}


def is_behind(row: Import) -> bool:
    """Whether an import waits for another that is read now."""
    reading = (Import.id != row.id) & (Import.state == ImportState.WAITING)
    return bool(Import.select().where(reading & (Import.busy_until > clock.now())).exists())
