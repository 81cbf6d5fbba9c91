"""A large file waits for the worker; of no file more is kept than is needed."""

import threading
from datetime import timedelta

import pytest

from portal import clock
from portal.database import connection
from portal.imports import decisions_and_clearing, reading_now_or_later
from portal.imports.models import Import, ImportState
from tests.factories import CAMELOT
from tests.imports.files import NOOR, lines, make_file_import

pytestmark = pytest.mark.usefixtures("nobody_at_camelot")


def test_a_large_file_waits_for_the_worker_which_reads_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_now_or_later, "LARGE", 10)
    row, other = make_file_import(lines(NOOR)), make_file_import(lines(NOOR))
    with connection():
        Import.update(busy_until=clock.now() + timedelta(minutes=1)).where(Import.id == other.id).execute()
        reading_now_or_later.read_waiting()
        assert Import.get_by_id(row.id).state is ImportState.WAITING  # another worker is reading
        Import.update(busy_until=None).execute()
        reading_now_or_later.read_waiting()
        read = Import.get_by_id(row.id)
        assert (read.state, read.file, read.busy_until) == (ImportState.OPEN, "", None)
        assert reading_now_or_later.open_import(read)
        decisions_and_clearing.decide(row.id, {"school:x": reading_now_or_later.Decision(CAMELOT, "x")}, {})
        assert reading_now_or_later.open_import(Import.get_by_id(row.id)) is None  # and it is read once more
        reading_now_or_later.read_waiting()
        assert reading_now_or_later.open_import(Import.get_by_id(row.id))


def test_a_file_of_few_bytes_and_many_cells_waits_for_the_worker_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_now_or_later, "LARGE", reading_now_or_later.LARGE // 10)
    for rows, state in ((30, ImportState.OPEN), (90, ImportState.WAITING)):
        names = (f"De Knotwilg {at};CJG-coach;Noor" for at in range(rows))
        content = "\n".join(["school;rol;naam", *names])
        assert len(content) < reading_now_or_later.LARGE
        row = make_file_import(content)
        with connection():
            kept = Import.get_by_id(row.id)
        assert (kept.state, kept.file, bool(kept.interpretation)) == (state, "", rows == 30)
    with connection():
        reading_now_or_later.read_waiting()
        opened = reading_now_or_later.open_as_read(Import.get_by_id(row.id))
    assert opened and len(opened.found.questions) == 90


def test_the_other_jobs_do_not_wait_for_a_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_now_or_later, "LARGE", 10)
    reading, may_end = threading.Event(), threading.Event()

    def read(row: Import) -> None:
        reading.set()
        may_end.wait(10)
        row.state = ImportState.OPEN

    monkeypatch.setattr(reading_now_or_later, "read", read)
    make_file_import(lines(NOOR))
    with connection():
        reading_now_or_later.begin_reading()  # comes back while it is read
        assert reading.wait(10)
        reading_now_or_later.begin_reading()
    readers = [thread for thread in threading.enumerate() if thread.name == "import"]
    assert len(readers) == 1
    may_end.set()
    readers[0].join(10)
    assert not readers[0].is_alive()


def test_a_large_file_that_cannot_be_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_now_or_later, "LARGE", 3)
    row = make_file_import("%PDF-1.4 nee")
    with connection():
        reading_now_or_later.read_waiting()
        refused = Import.get_by_id(row.id)
        assert (refused.state, refused.file) == (ImportState.REFUSED, "")
        assert "PDF" in refused.refusal


def test_of_a_row_with_a_bsn_only_the_refusal_is_kept() -> None:
    row = make_file_import("school;rol;naam;opm.\nCamelot;CJG-coach;Noor Proef;BSN 111222333")
    with connection():
        kept = Import.get_by_id(row.id)
    assert "burgerservicenummer" in kept.tables
    assert not any(word in f"{kept.tables}{kept.file}" for word in ("111222333", "Noor"))
