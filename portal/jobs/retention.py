"""What is kept no longer than it is needed: each feature says what it clears and after how long,
one job does it, and what was cleared leaves nothing behind in the file."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import Flask

from portal import clock
from portal.database import scrub
from portal.jobs import register_job
from portal.jobs.worker import Job

CLEARING = "clear"


class Retention(NamedTuple):
    """How long something is kept after it is over. `clear` gets the moment before which it was
    over, and gives how much it cleared; doing it once too often is fine."""

    what: str  # named in the log where it goes wrong
    kept: timedelta
    clear: Callable[[datetime], int]


def register_retention(app: Flask, retention: Retention) -> None:
    """Let the worker clear something when its time is over."""
    retentions: list[Retention] = app.extensions.setdefault("retentions", [])
    if not retentions:
        register_job(
            app,
            Job(
                CLEARING,
                every=timedelta(hours=1),
                lease=timedelta(minutes=10),
                run=lambda: clear_old(retentions),
                label="Wissen wat lang genoeg bewaard is",
            ),
        )
    retentions.append(retention)


def clear_old(retentions: list[Retention]) -> int:
    """Clear what is over at this moment; gives how much that was. What goes wrong in one does not
    keep the others; raises ExceptionGroup at the end."""
    now, cleared = clock.now(), 0
    failures: list[Exception] = []
    for retention in retentions:
        try:
            cleared += retention.clear(now - retention.kept)
        except Exception as error:
            error.add_note(retention.what)
            failures.append(error)
    # Also when there was nothing: a reader may have stood in the way the last time.
    scrub()
    if failures:
        raise ExceptionGroup("not everything that is over could be cleared", failures)
    return cleared
