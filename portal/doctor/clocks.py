"""The clock of this computer, by what was stored with it, by the database server, and by what the
kernel says about network time."""

import ctypes
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from portal import clock
from portal.backups.make_and_restore import list_backups
from portal.config import Config
from portal.database import db
from portal.doctor.finding import Finding, tell
from portal.jobs.worker import JobRun

_TOO_FAR = timedelta(minutes=5)
_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)


def find_faults(config: Config) -> Iterator[Finding]:
    """A clock that went back, that differs from the server's, or that nothing keeps right."""
    moments = [at for run in JobRun.select() for at in (run.last_run_at, run.last_ok_at) if at]
    moments += [at for at, _ in list_backups(config)[:1]]
    if moments and max(moments) > clock.now() + _TOO_FAR:
        yield tell("clock-back")
    if not config.sqlite_file:
        (told,) = db.execute_sql("SELECT CURRENT_TIMESTAMP").fetchone()
        if abs(told - datetime.now(UTC)) > _TOO_FAR:
            yield tell("clock-server")
    if ask_kernel() == _UNSYNCHRONISED:
        yield tell("clock-loose")


def ask_kernel() -> int:
    """The state of the clock of Linux (adjtimex, which changes nothing here); 0 elsewhere."""
    ask = getattr(ctypes.CDLL(None), "adjtimex", None)
    return int(ask(ctypes.create_string_buffer(512))) if ask else 0
