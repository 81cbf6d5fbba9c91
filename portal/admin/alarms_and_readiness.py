"""The health of the portal: the limits of the mail, the jobs of the worker, and the backups; and the checks for
machines, liveness and readiness."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, Response, current_app, g
from peewee import DatabaseError, fn

from portal import clock
from portal.backups.make_and_restore import list_backups
from portal.config import current_config
from portal.database import current_engine
from portal.database.compiled import prepared
from portal.jobs.worker import JobRun
from portal.mail import outbox
from portal.mail.jobs import DELIVERY
from portal.mail.models import DeliveryFault, DeliveryState, OutgoingMail
from portal.web.declared_access import health_check

blueprint = Blueprint("health", __name__)

MAIL_OVERDUE_AFTER = timedelta(minutes=15)
BACKUP_OVERDUE_AFTER = timedelta(hours=3)
JOB_SILENT_AFTER = timedelta(minutes=30)  # and twice its interval
REMEMBERED = timedelta(seconds=5)  # the readiness, by each process


class MailState(NamedTuple):
    """The state of the outbox and of the worker that delivers it."""

    waiting: int
    fault: str  # of the mail server or of our settings; "": the last mail was taken
    advice: str  # tells what to mend; "": wait
    is_overdue: bool  # a mail waits, or a fault lasts, longer than it should
    is_worker_silent: bool
    failed: int

    @property
    def is_healthy(self) -> bool:
        """Whether mail goes out in time."""
        return not (self.is_overdue or self.is_worker_silent)


class BackupState(NamedTuple):
    """The time of the newest good backup (aware, UTC), and whether it is recent enough."""

    last_at: datetime | None
    is_healthy: bool


class JobState(NamedTuple):
    """A job by its Dutch label, and when it last succeeded and last did something (aware, UTC)."""

    label: str
    last_ok_at: datetime | None
    last_done_at: datetime | None
    is_silent: bool  # it should have succeeded since
    is_idle: bool  # it should have done something since


def list_jobs() -> list[JobState]:
    """The state of each job of the worker that has a label; one statement."""
    now, runs = clock.now(), {run.name: run for run in JobRun.select()}
    states = []
    for job in current_app.extensions.get("jobs", []):
        run = runs.get(job.name, JobRun())
        overdue = now - JOB_SILENT_AFTER - 2 * job.every
        is_silent = run.last_ok_at is None or not overdue <= run.last_ok_at <= now + clock.SKEW
        done = run.last_done_at
        is_idle = job.idle < timedelta.max and (done is None or done < now - job.idle)
        states.append(JobState(job.label, run.last_ok_at, done, is_silent, is_idle))
    return [state for state in states if state.label]


def get_mail_state() -> MailState:
    """The state of the mail now; one statement, because each page of a coordinator asks for it."""
    now = clock.now()
    recently, latest = now - MAIL_OVERDUE_AFTER, now + clock.SKEW
    ((waiting, failed, error, advice, *moments),) = _mail_state(DELIVERY)
    *waiting_since, delivered = map(JobRun.last_ok_at.python_value, moments)
    return MailState(
        waiting=waiting,
        fault=error or "",
        advice=advice or "",
        is_overdue=any(since and not recently <= since <= latest for since in waiting_since),
        is_worker_silent=delivered is None or not recently <= delivered <= latest,
        failed=failed,
    )


def keep_mail_state() -> MailState:
    """`get_mail_state`, asked once for a page."""
    state: MailState = g.get("mail_state") or get_mail_state()
    g.mail_state = state
    return state


@prepared
def _mail_state(job: str) -> Any:
    """How many mails wait and failed, the fault and its advice, and since when: the oldest mail
    that waits, the fault, and the last success of the `job`."""
    waits = OutgoingMail.state == DeliveryState.WAITING
    failed = outbox.select_number(DeliveryState.FAILED)
    return OutgoingMail.select(
        fn.COUNT(OutgoingMail.id), failed, DeliveryFault.select(DeliveryFault.error),
        DeliveryFault.select(DeliveryFault.advice), fn.MIN(OutgoingMail.created_at),
        DeliveryFault.select(DeliveryFault.since),
        JobRun.select(JobRun.last_ok_at).where(JobRun.name == job),
    ).where(waits)  # fmt: skip


def get_backup_state() -> BackupState:
    """The age of the newest good backup, read from the files: a deleted backup does not count, nor
    does one from the future, made while the clock was ahead."""
    config, now = current_config(), clock.now()
    moments = (at for at, _ in list_backups(config) if at <= now)
    last_at = next(moments, None)
    is_recent = last_at is not None and now - last_at <= BACKUP_OVERDUE_AFTER
    return BackupState(last_at, is_recent)


@blueprint.get("/healthz")
@health_check
def healthz() -> Response:
    """Liveness: the process answers. Asks no database."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@health_check
def readyz() -> Response:
    """Readiness: the database takes writes, mail goes out and there is a recent backup. Anyone may
    ask, so the answer says only "ok" or "degraded", and is remembered."""
    at, ready = current_app.extensions.get("readiness", (datetime.min.replace(tzinfo=UTC), False))
    now = clock.now()
    if not at <= now < at + REMEMBERED:
        # Stored before the work too: of many clients at once, one does it.
        current_app.extensions["readiness"] = now, ready
        ready = _is_ready()
        current_app.extensions["readiness"] = now, ready
    return Response("ok\n" if ready else "degraded\n", 200 if ready else 503, mimetype="text/plain")


def _is_ready() -> bool:
    try:
        can_write = current_engine().can_write()
        return can_write and get_mail_state().is_healthy and get_backup_state().is_healthy
    except (DatabaseError, OSError):
        return False
