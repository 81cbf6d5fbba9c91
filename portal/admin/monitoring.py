"""Whether the portal does its work: the mail, the worker and the backups."""

from datetime import datetime, timedelta
from typing import NamedTuple

from portal import clock
from portal.accounts.expiry import FORGETTING
from portal.backups import BACKUP
from portal.backups.create import list_backups
from portal.config import current_config
from portal.jobs.retention import CLEARING
from portal.jobs.worker import last_ok
from portal.mail import outbox
from portal.mail.jobs import DELIVERY
from portal.notices.reminders import REMINDING

TOO_LONG = timedelta(minutes=15)
BACKUP_TOO_OLD = timedelta(hours=3)


class MailState(NamedTuple):
    """What a coordinator has to know of the mail."""

    waiting: int
    is_refused: bool  # of those that wait, some were tried in vain
    waits_too_long: bool
    worker_is_silent: bool
    failed: int

    @property
    def is_well(self) -> bool:
        return not (self.waits_too_long or self.worker_is_silent)


class BackupState(NamedTuple):
    """What a coordinator has to know of the backups."""

    last_at: datetime | None
    is_well: bool


class JobState(NamedTuple):
    """When a job last succeeded."""

    label: str
    last_ok_at: datetime | None


_LABELS = {
    DELIVERY: "Mail versturen",
    FORGETTING: "Opruimen wat voorbij is",
    CLEARING: "Wissen wat lang genoeg bewaard is",
    REMINDING: "Herinneren aan meldingen",
    BACKUP: "Back-up maken",
}


def list_jobs() -> list[JobState]:
    """What the worker does, and when it last did."""
    return [JobState(label, last_ok(name)) for name, label in _LABELS.items()]


def mail_state() -> MailState:
    """How the mail is doing at this moment."""
    now = clock.now()
    oldest, seen = outbox.oldest_waiting(), last_ok(DELIVERY)
    return MailState(
        waiting=outbox.count_waiting(),
        is_refused=outbox.count_waiting(refused=True) > 0,
        waits_too_long=oldest is not None and now - oldest > TOO_LONG,
        worker_is_silent=seen is None or now - seen > TOO_LONG,
        failed=outbox.count_failed(),
    )


def backup_state() -> BackupState:
    """How old the newest good backup is: the files themselves tell, also when they are gone."""
    config = current_config()
    found = list_backups(config.database, config.backups)
    last = found[0][0] if found else None
    return BackupState(last, last is not None and clock.now() - last <= BACKUP_TOO_OLD)
