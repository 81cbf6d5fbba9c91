"""Clearing: each feature registers what it clears and after how long; one job clears all of it,
and then scrubs the database, so that nothing of it stays in its files."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import Flask

from portal import clock
from portal.database import current_engine
from portal.jobs import register_job
from portal.jobs.worker import Job
from portal.retention_periods import Kept

CLEARING = "clear"


logger = logging.getLogger(__name__)


class Clearing(NamedTuple):
    """One kind of data, and how it is cleared.

    `clear` deletes what ended before the aware moment that it gets, and returns the number of
    rows or files. It must be idempotent.
    """

    kept: Kept
    clear: Callable[[datetime], int]


def register_clearing(app: Flask, kept: Kept, clear: Callable[[datetime], int]) -> None:
    """Let the worker clear a kind of data once an hour; see the fields of Clearing."""
    clearings: list[Clearing] = app.extensions.setdefault("clearings", [])
    if not clearings:
        register_job(
            app,
            Job(
                CLEARING,
                every=timedelta(hours=1),
                lease=timedelta(minutes=10),
                run=lambda: _clear(app, clearings),
                label="Wissen wat lang genoeg bewaard is",
            ),
        )
    clearings.append(Clearing(kept, clear))


def delete_by(moment: Any) -> Callable[[datetime], int]:
    """A `clear` that deletes the rows of a model by a moment of theirs, such as `Attempt.at`."""
    return lambda before: int(moment.model.delete().where(moment < before).execute())


def _clear(app: Flask, clearings: list[Clearing]) -> int:
    with app.app_context():
        return clear_old(clearings)


def clear_old(clearings: list[Clearing]) -> int:
    """Clear everything whose period is over now; returns how many rows and files that were.

    A failure in one does not stop the others. Raises ExceptionGroup of all failures at the end.
    """
    now, cleared = clock.now(), 0
    failures: list[Exception] = []
    for clearing in clearings:
        try:
            cleared += clearing.clear(now - clearing.kept.period)
        except Exception as error:
            logger.error("could not clear: %s", clearing.kept.what)
            failures.append(error)
    # Also when nothing was cleared: a reader may have blocked the last scrub.
    current_engine().scrub()
    if failures:
        raise ExceptionGroup("could not clear everything", failures)
    return cleared
