"""Whether the portal does its work: the mail and the worker."""

from datetime import datetime, timedelta
from typing import NamedTuple

from portal import clock
from portal.accounts.forgetting import FORGETTING
from portal.jobs.retention import CLEARING
from portal.jobs.worker import last_ok
from portal.mail import outbox
from portal.mail.jobs import DELIVERY

TOO_LONG = timedelta(minutes=15)


class MailState(NamedTuple):
    """What a coordinator has to know of the mail."""

    waits_too_long: bool
    worker_is_silent: bool
    failed: int

    @property
    def is_well(self) -> bool:
        return not (self.waits_too_long or self.worker_is_silent)


class JobState(NamedTuple):
    """When a job last succeeded."""

    label: str
    last_ok_at: datetime | None


_LABELS = {
    DELIVERY: "Mail versturen",
    FORGETTING: "Opruimen wat voorbij is",
    CLEARING: "Wissen wat lang genoeg bewaard is",
}


def list_jobs() -> list[JobState]:
    """What the worker does, and when it last did."""
    return [JobState(label, last_ok(name)) for name, label in _LABELS.items()]


def mail_state() -> MailState:
    """How the mail is doing at this moment."""
    now = clock.now()
    oldest, seen = outbox.oldest_waiting(), last_ok(DELIVERY)
    return MailState(
        waits_too_long=oldest is not None and now - oldest > TOO_LONG,
        worker_is_silent=seen is None or now - seen > TOO_LONG,
        failed=outbox.count_failed(),
    )
