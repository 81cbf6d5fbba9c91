"""Logs one line of JSON per request and per security event.

Without names, addresses, search terms and form fields: an account is logged by its id, a request
by the pattern of its route, an exception by its type and place.
"""

import errno
import json
import logging
import secrets
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask, Response, g, request

from portal import clock
from portal.jobs.clearing import register_clearing
from portal.retention_periods import LOGS

logger = logging.getLogger("portal.requests")
security = logging.getLogger("portal.security")

# A client may send any word as its method.
_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; line breaks are encoded."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def describe(error: BaseException | None) -> list[str]:
    """The types and places of an exception and its causes, for the log. Without their messages,
    which may hold what somebody typed; a code of the system or of SQLite stays."""
    described: list[str] = []
    while error is not None:
        kind = type(error)
        number = getattr(error, "errno", None)
        code = getattr(error, "sqlite_errorname", "") or errno.errorcode.get(number or 0, "")
        described.append(f"{kind.__module__}.{kind.__qualname__} {code}".rstrip())
        described += [
            f"{place.filename}:{place.lineno} {place.name}" for place in traceback.extract_tb(error.__traceback__)
        ]
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                described += describe(part)
        error = error.__cause__ or error.__context__
    return described


class DailyFile(logging.FileHandler):
    """Writes to one file per Amsterdam day. Several processes append whole lines to it, and no
    process has to rename it under the others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        super().__init__(self._path(), encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Append to the file of today. An error here does not stop the request."""
        path = self._path()
        try:
            if path != self.baseFilename:
                self.baseFilename = path
                self.close()
            super().emit(record)
        except OSError:
            self.handleError(record)

    def _path(self) -> str:
        return f"{self.folder}/kernwijzer-{clock.today()}.log"


def clear_logs(folder: Path, before: datetime) -> int:
    """Delete the logs of the days before the Amsterdam day of the aware moment `before`; returns their number."""
    first = f"kernwijzer-{clock.day_of(before)}.log"
    old = [path for path in folder.glob("kernwijzer-*.log") if path.name < first]
    for path in old:
        path.unlink(missing_ok=True)  # two workers may clear at once
    return len(old)


def count_pages(folder: Path, first: date, last: date, account: int) -> Counter[str]:
    """How often an account (id) got each route, as its pattern, from the first until the last day
    (Amsterdam), by the logs in `folder`. Only the lines of the account are parsed."""
    counts: Counter[str] = Counter()
    own = f'"account": {account}}}\n'
    for path in folder.glob("kernwijzer-*.log"):
        if not f"kernwijzer-{first}.log" <= path.name <= f"kernwijzer-{last}.log":
            continue
        with path.open(encoding="utf-8") as lines:
            requests = [json.loads(line) for line in lines if line.endswith(own)]
        got = (line for line in requests if line["method"] == "GET" and line["status"] == 200)
        counts.update(line["route"] for line in got)
    return counts


def write_logs(app: Flask, folder: Path | None, account_id: Callable[[], int | None]) -> None:
    """Log to `folder`, for as long as the register of data says, or to stderr where it is None: then whoever collects
    the lines clears them. `account_id` returns the id of the signed-in account, or None.
    """
    handler = _keep_logs(app, folder) if folder else logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger("portal")
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging._srcfile = None  # no line names its caller,
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # nor its thread

    @app.before_request
    def begin() -> None:
        g.begun, g.request_id = time.perf_counter(), secrets.token_hex(4)

    @app.after_request
    def note(response: Response) -> Response:
        fields = {
            "request": g.get("request_id"),
            "route": request.url_rule.rule if request.url_rule else None,
            "method": request.method if request.method in _METHODS else "other",
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("begun", time.perf_counter())) * 1000),
            "account": account_id(),
        }
        logger.info("request", extra={"fields": fields})
        return response


def _keep_logs(app: Flask, folder: Path) -> logging.Handler:
    """Write one file per day to `folder`, and clear the old ones."""
    register_clearing(app, LOGS, lambda before: clear_logs(folder, before))
    folder.mkdir(parents=True, exist_ok=True)
    return DailyFile(folder)


def security_event(event: str) -> None:
    """Log an event of signing in or access, such as "code refused"."""
    security.info(event, extra={"fields": {"request": g.get("request_id")}})
