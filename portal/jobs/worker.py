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

_TICK_SECONDS = 0.5  # seconds
_SIGN_OF_LIFE = timedelta(minutes=1)  # how often a job that runs at every tick writes that it did
_BACKOFF_TICKS = 60  # ticks, after the database did not answer: or else the log fills the disk


class Job(NamedTuple):
    """Something to do every so often. `run` must be fine with running once too often."""

    name: str
    every: timedelta
    lease: timedelta  # longer than it ever takes; nought for what every worker does at every tick
    run: Callable[[], object]
    label: str = ""  # in Dutch; a job without one is not shown in Beheer


class _Asked:
    """A plain flag: a lock could be held by the very code that a signal interrupts."""

    to_stop = False


def stopping() -> bool:
    """Whether the worker was asked to stop; a long job looks at this between its steps."""
    return _Asked.to_stop


def tick(jobs: Sequence[Job]) -> bool:
    """Run each job that is due and that nobody else is running. What goes wrong in one is logged
    and does not stop the others; it is tried again when it is due. Gives whether the database
    answered."""
    answered = True
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
            answered = False
    return answered


def work(jobs: Sequence[Job], *, parent: int | None = None) -> None:
    """Tick until somebody asks to stop (SIGTERM, SIGINT); what is running is finished first.

    With `parent`, also until the process with that number, which started this one, is gone,
    however it went.
    """

    def ask(number: int, frame: FrameType | None) -> None:
        _Asked.to_stop = True

    def goes_on() -> bool:
        return not stopping() and parent in (None, os.getppid())

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    try:
        with connection():
            while goes_on():
                rest = 1 if tick(jobs) else _BACKOFF_TICKS
                while rest and goes_on():
                    time.sleep(_TICK_SECONDS)
                    rest -= 1
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
    if not job.lease:
        return now
    if not _is_free(job, now):
        return None  # seen without keeping others from writing
    with db.atomic():
        if not _is_free(job, now):
            return None
        JobRun.insert(name=job.name).on_conflict_ignore().execute()
        JobRun.update(leased_until=until, last_run_at=now).where(JobRun.name == job.name).execute()
    return until


def _is_free(job: Job, now: datetime) -> bool:
    """Whether a job is due, and nobody holds its lease."""
    run = JobRun.get_or_none(JobRun.name == job.name)
    if run is None:
        return True
    if run.leased_until and now < run.leased_until <= now + job.lease:
        return False
    return not (run.last_run_at and run.last_run_at <= now < run.last_run_at + job.every)


def _release(job: Job, lease: datetime, **fields: datetime) -> None:
    """Give the lease back, unless it was over and somebody else has taken it."""
    if not job.lease:
        _record_heartbeat(job, **fields)
        return
    mine = (JobRun.name == job.name) & (JobRun.leased_until == lease)
    JobRun.update(leased_until=None, **fields).where(mine).execute()


def _record_heartbeat(job: Job, last_ok_at: datetime | None = None) -> None:
    """Note that a job that runs at every tick succeeded, but not at every tick: what is written
    keeps others from writing, and lets every page ask anew what it knew."""
    before = last_ok(job.name)
    if last_ok_at and not (before and before <= last_ok_at < before + _SIGN_OF_LIFE):
        with db.atomic():
            JobRun.insert(name=job.name).on_conflict_ignore().execute()
            JobRun.update(last_ok_at=last_ok_at).where(JobRun.name == job.name).execute()
