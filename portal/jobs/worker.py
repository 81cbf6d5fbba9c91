"""Runs the registered jobs when they are due, each in one worker at a time."""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import FrameType
from typing import NamedTuple

from peewee import DatabaseError

from portal import clock
from portal.database import connection, db
from portal.jobs.models import JobRun

logger = logging.getLogger(__name__)

_TICK = 0.5  # seconds


class Job(NamedTuple):
    """Something to do every so often. `run` must be fine with running once too often."""

    name: str
    every: timedelta
    lease: timedelta  # longer than it ever takes; nought where workers may run it together
    run: Callable[[], object]


class _Asked:
    """A plain flag: a lock could be held by the very code that a signal interrupts."""

    to_stop = False


def stopping() -> bool:
    """Whether the worker was asked to stop; a long job looks at this between its steps."""
    return _Asked.to_stop


def tick(jobs: Sequence[Job]) -> None:
    """Run each job that is due and that nobody else is running. What goes wrong in one is logged
    and does not stop the others; it is tried again when it is due."""
    for job in jobs:
        try:
            lease = _claim(job)
            if lease is None:
                continue
            try:
                job.run()
            except Exception:
                logger.exception("job %s failed", job.name)
                _release(job, lease)
            else:
                _release(job, lease, last_ok_at=clock.now())
        except DatabaseError:
            logger.exception("job %s: the database did not answer", job.name)


def work(jobs: Sequence[Job], *, parent: int | None = None) -> None:
    """Tick until somebody asks to stop (SIGTERM, SIGINT); what is running is finished first.

    With `parent`, also until the process with that number, which started this one, is gone,
    however it went.
    """

    def ask(number: int, frame: FrameType | None) -> None:
        _Asked.to_stop = True

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    try:
        with connection():
            while not stopping() and parent in (None, os.getppid()):
                tick(jobs)
                time.sleep(_TICK)
    finally:
        _Asked.to_stop = False


def last_ok(name: str) -> datetime | None:
    """When a job last succeeded."""
    run = JobRun.get_or_none(JobRun.name == name)
    return run.last_ok_at if run else None


def _claim(job: Job) -> datetime | None:
    """Take the lease of a job that is due; gives until when, or None. What a clock that was ahead
    wrote down does not count."""
    now = clock.now()
    until = now + job.lease
    with db.atomic():
        JobRun.insert(name=job.name).on_conflict_ignore().execute()
        run = JobRun.get_by_id(job.name)
        if run.leased_until and now < run.leased_until <= until:
            return None
        if run.last_run_at and run.last_run_at <= now < run.last_run_at + job.every:
            return None
        JobRun.update(leased_until=until, last_run_at=now).where(JobRun.name == job.name).execute()
    return until


def _release(job: Job, lease: datetime, **fields: datetime) -> None:
    """Give the lease back, unless it was over and somebody else has taken it."""
    mine = (JobRun.name == job.name) & (JobRun.leased_until == lease)
    JobRun.update(leased_until=None, **fields).where(mine).execute()
