"""Several processes write one log, also over midnight, without lost or mixed lines."""

import json
import logging
import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, request
from peewee import DatabaseError, OperationalError, SqliteDatabase

from portal import clock
from portal.jobs.clearing import clear_old
from portal.jobs.worker import Job, tick
from portal.web.declared_access import public
from portal.web.logs import DailyFile, JsonLines, describe, write_logs
from tests.clock import stopped_at


def write_lines(folder: Path, by: int) -> None:
    """Be a process that writes 2,000 lines."""
    handler = DailyFile(folder)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("writer")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.INFO)
    for number in range(2000):
        logger.info("line", extra={"fields": {"by": by, "number": number}})


def test_concurrent_processes_lose_no_line(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork").Process
    writers = [fork(target=write_lines, args=(tmp_path, by), daemon=True) for by in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    lines = [json.loads(line) for path in tmp_path.iterdir() for line in path.read_text("utf-8").splitlines()]
    assert len({(line["by"], line["number"]) for line in lines}) == len(lines) == 6000


def test_every_process_starts_a_new_file_at_midnight(tmp_path: Path) -> None:
    handlers = [DailyFile(tmp_path) for _ in range(2)]
    for moment in ("2026-11-23 22:59:59", "2026-11-23 23:00:00"):  # midnight in Amsterdam
        with stopped_at(moment):
            for handler in handlers:
                handler.setFormatter(JsonLines())
                handler.emit(logging.makeLogRecord({"msg": moment}))
    for handler in handlers:
        handler.close()
    days = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert sorted(days) == ["kernwijzer-2026-11-23.log", "kernwijzer-2026-11-24.log"]
    assert days["kernwijzer-2026-11-23.log"].count("event") == 2
    assert days["kernwijzer-2026-11-24.log"].count("event") == 2


def test_a_log_that_cannot_be_created_stops_no_page(own_portal: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    folder = own_portal.config["KERNWIJZER"].logs
    (folder / f"kernwijzer-{clock.today()}.log").mkdir()
    assert own_portal.test_client().get("/healthz").status_code == 200


def test_logs_are_kept_for_90_days(own_portal: Flask) -> None:
    folder = own_portal.config["KERNWIJZER"].logs
    for age in (0, 90, 91, 400):
        day = clock.today() - timedelta(days=age)
        (folder / f"kernwijzer-{day}.log").write_text("{}\n")
    clear_old(own_portal.extensions["clearings"])
    assert sorted(path.name for path in folder.iterdir()) == [
        "kernwijzer-2026-08-25.log", "kernwijzer-2026-11-23.log",
    ]  # fmt: skip


def test_without_a_folder_the_log_goes_to_stderr(own_portal: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    """Its lines are for whoever collects them, so that the portal clears nothing."""
    own_portal.extensions["clearings"].clear()
    write_logs(own_portal, None, lambda: None)
    assert own_portal.test_client().get("/healthz").status_code == 200
    *_, line = capsys.readouterr().err.splitlines()
    assert json.loads(line)["route"] == "/healthz"
    assert own_portal.extensions["clearings"] == []


def fail_with(typed: str) -> None:
    """Exceptions that hold what somebody typed, caused by each other."""
    try:
        dict[str, str]()[typed]
    except KeyError as error:
        error.add_note(typed)
        try:
            Path(f"/nowhere/{typed}").read_text("utf-8")
        except OSError as cause:
            group = ExceptionGroup(typed, [UnicodeDecodeError("ascii", typed.encode(), 0, 1, typed)])
            group.__cause__ = cause
            raise ValueError(f"wrong: {typed}") from group


def test_an_error_is_logged_with_its_types_and_places_and_no_value(own_portal: Flask) -> None:
    @own_portal.get("/fout")
    @public
    def fail() -> str:
        fail_with(request.args["q"])
        return ""

    def fall(text: str) -> None:
        raise DatabaseError(text)

    own_portal.testing = False
    answer = own_portal.test_client().get("/fout?q=kanarie")
    assert answer.status_code == 500
    tick([Job("proef", timedelta(0), timedelta(0), lambda: fall("kanarie"))])
    folder = own_portal.config["KERNWIJZER"].logs
    (text,) = (path.read_text("utf-8") for path in folder.iterdir())
    assert "kanarie" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    page, job = (line["trace"] for line in lines if "trace" in line)
    kinds = [entry for entry in page if ":" not in entry]
    assert kinds == [
        "builtins.ValueError", "builtins.ExceptionGroup", "builtins.UnicodeDecodeError",
        "builtins.FileNotFoundError ENOENT", "builtins.KeyError",
    ]  # fmt: skip
    assert any(entry.startswith(f"{__file__}:") and entry.endswith(" fail_with") for entry in page)
    assert job[0] == "peewee.DatabaseError"
    assert job[-1].endswith(" fall")


def test_a_method_that_a_client_made_up_is_not_logged(own_portal: Flask) -> None:
    assert own_portal.test_client().open("/inloggen", method="KANARIE").status_code == 405
    folder = own_portal.config["KERNWIJZER"].logs
    (text,) = (path.read_text("utf-8") for path in folder.iterdir())
    assert json.loads(text.splitlines()[-1])["method"] == "other"
    assert "KANARIE" not in text


def test_an_error_of_the_database_is_logged_with_its_code(tmp_path: Path) -> None:
    with pytest.raises(OperationalError) as raised:
        SqliteDatabase(str(tmp_path / "no" / "folder.sqlite")).connect()
    trace = describe(raised.value)
    assert trace[0] == "peewee.OperationalError"
    assert "sqlite3.OperationalError SQLITE_CANTOPEN" in trace
