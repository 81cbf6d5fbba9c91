"""Runs the registered jobs when they are due, each in one worker at a time."""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import FrameType
from typing import Any, NamedTuple

from peewee import CharField, DatabaseError

from portal import clock
from portal.database import BaseModel, add_unless_present, db
from portal.database.fields import TimestampField


class JobRun(BaseModel):
    """The lease of one job: only the worker that holds it runs the job."""

    name = CharField(primary_key=True)
    leased_until = TimestampField(null=True)
    last_run_at = TimestampField(null=True)
    last_ok_at = TimestampField(null=True)
    last_done_at = TimestampField(null=True)  # the last run that had something to do, and did it


logger = logging.getLogger(__name__)

_TICK_SECONDS = 0.5
_BACKOFF_TICKS = 60  # after a database error, so that the log does not fill the disk
_HEARTBEAT = timedelta(minutes=1)  # between two records of a job that runs at every tick


class Job(NamedTuple):
    """A periodic job. `run` must be idempotent: after a crash it may run once more."""

    name: str
    every: timedelta
    lease: timedelta  # longer than a run takes; nought: every worker runs the job at every tick
    run: Callable[[], object]  # true where it did something, false where there was nothing to do
    label: str = ""  # in Dutch; a job without one is not shown in Beheer
    idle: timedelta = timedelta.max  # the longest that it has nothing to do, where it is alive


class _Stop:
    """A plain flag: the code that a signal interrupts may hold any lock."""

    is_asked = False


def stopping() -> bool:
    """Whether the worker was asked to stop; a long job checks this between its steps."""
    return _Stop.is_asked


def tick(jobs: Sequence[Job]) -> bool:
    """Run each job that is due and that no other worker runs; returns whether the database answered.

    A failing job is logged and does not stop the others; it runs again when it is due.
    """
    answered = True
    for job in jobs:
        try:
            lease = _claim(job)
            if lease is None:
                continue
            try:
                has_done = job.run()
            except Exception:
                logger.exception("job %s failed", job.name)
                _release(job, lease)
            else:
                now = clock.now()
                done = {"last_done_at": now} if has_done else {}
                _release(job, lease, last_ok_at=now, **done)
        except DatabaseError:
            logger.exception("job %s: the database did not answer", job.name)
            answered = False
    return answered


def work(jobs: Sequence[Job], *, parent: int | None = None) -> None:
    """Tick until SIGTERM or SIGINT; a running job is finished first.

    With `parent`, the id of the process that started this one, also until that process is gone,
    even when it was killed.
    """

    def ask(number: int, frame: FrameType | None) -> None:
        _Stop.is_asked = True

    def is_wanted() -> bool:
        return not stopping() and parent in (None, os.getppid())

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    try:
        # The first query connects, and so does the first one after the database was away.
        while is_wanted():
            rest = 1 if tick(jobs) else _BACKOFF_TICKS
            while rest and is_wanted():
                time.sleep(_TICK_SECONDS)
                rest -= 1
    finally:
        if not db.is_closed():
            db.close()
        _Stop.is_asked = False


def make_due(name: str) -> None:
    """Let a worker run a job as soon as it can."""
    JobRun.update(last_run_at=None).where(JobRun.name == name).execute()


def _claim(job: Job) -> datetime | None:
    """Take the lease of a job that is due; returns its aware end, or None where the job is not due or leased."""
    now = clock.now()
    until = now + job.lease
    if not job.lease:
        return now
    if JobRun.get_or_none(JobRun.name == job.name) is None:
        add_unless_present(JobRun, name=job.name)
    is_free = _is_free(job, now)
    if not JobRun.select().where(is_free).exists():
        return None  # decided without a write, which would block other writers
    taken = JobRun.update(leased_until=until, last_run_at=now).where(is_free).execute()
    return until if taken else None


def _is_free(job: Job, now: datetime) -> Any:
    """The condition for the row of a job that is due and not leased. Ignores timestamps in the
    future (the clock was ahead)."""
    lease, last = JobRun.leased_until, JobRun.last_run_at
    no_lease = lease.is_null() | (lease <= now) | (lease > now + job.lease + clock.SKEW)
    is_due = last.is_null() | (last <= now - job.every) | (last > now + clock.SKEW)
    return (JobRun.name == job.name) & no_lease & is_due


def _release(job: Job, lease: datetime, **fields: datetime) -> None:
    """Return the lease, unless it ended and another worker has taken it."""
    if not job.lease:
        _record_heartbeat(job, **fields)
        return
    mine = (JobRun.name == job.name) & (JobRun.leased_until == lease)
    JobRun.update(leased_until=None, **fields).where(mine).execute()


def _record_heartbeat(job: Job, **moments: datetime) -> None:
    """Record at most once a minute that a job without a lease succeeded: on SQLite every write blocks other writers."""
    run = JobRun.get_or_none(JobRun.name == job.name)
    old = {
        name: at
        for name, at in moments.items()
        if not (run and (last := getattr(run, name)) and last <= at < last + _HEARTBEAT)
    }
    if old:
        add_unless_present(JobRun, name=job.name)
        JobRun.update(**old).where(JobRun.name == job.name).execute()
