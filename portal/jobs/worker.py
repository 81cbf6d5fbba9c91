"""Runs the registered jobs when they are due, each in one worker at a time."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import FrameType
from typing import NamedTuple

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


def tick(jobs: Sequence[Job]) -> None:
    """Run each job that is due and that nobody else is running."""
    for job in jobs:
        if not _claim(job):
            continue
        try:
            job.run()
        except Exception:
            # A job that fails must not stop the others; it is tried again when it is due.
            logger.exception("job %s failed", job.name)
            _release(job, ok=False)
        else:
            _release(job, ok=True)


def work(jobs: Sequence[Job]) -> None:
    """Tick until somebody asks to stop (SIGTERM, SIGINT); what is running is finished first."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    with connection():
        while not stop.is_set():
            tick(jobs)
            stop.wait(_TICK)


def last_ok(name: str) -> datetime | None:
    """When a job last succeeded."""
    run = JobRun.get_or_none(JobRun.name == name)
    return run.last_ok_at if run else None


def _claim(job: Job) -> bool:
    now = clock.now()
    with db.atomic():
        JobRun.insert(name=job.name).on_conflict_ignore().execute()
        run = JobRun.get_by_id(job.name)
        if run.leased_until and run.leased_until > now:
            return False
        if run.last_run_at and now < run.last_run_at + job.every and run.last_run_at <= now:
            return False
        JobRun.update(leased_until=now + job.lease, last_run_at=now).where(
            JobRun.name == job.name
        ).execute()
    return True


def _release(job: Job, *, ok: bool) -> None:
    fields = {"leased_until": None, **({"last_ok_at": clock.now()} if ok else {})}
    JobRun.update(fields).where(JobRun.name == job.name).execute()
