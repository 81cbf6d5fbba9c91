"""The jobs of the worker: they run, and do what they should."""

from collections.abc import Iterator

from portal.admin.alarms_and_readiness import list_jobs
from portal.config import Config
from portal.doctor.finding import Finding, tell

OWN = "Techniek nakijken"  # the job that does this
_NAMED = 3


def find_faults(config: Config) -> Iterator[Finding]:
    """Jobs that stand still, and jobs that run and do nothing."""
    # At the first start it would find itself, which is not done yet.
    states = [state for state in list_jobs() if state.label != OWN]
    if silent := [state.label for state in states if state.is_silent]:
        yield tell("jobs-silent", jobs=_name(silent))
    if idle := [state.label for state in states if state.is_idle and not state.is_silent]:
        yield tell("jobs-idle", jobs=_name(idle))


def _name(labels: list[str]) -> str:
    """A few of them, so that the sentence stays short enough to read."""
    more = f" en nog {len(labels) - _NAMED}" if len(labels) > _NAMED else ""
    return ", ".join(labels[:_NAMED]) + more
