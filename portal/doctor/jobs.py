"""The jobs of the worker: they run, and do what they should."""

from collections.abc import Iterator

from portal.admin.health import list_jobs
from portal.config import Config
from portal.doctor.finding import Finding, tell

OWN = "Techniek nakijken"  # the job that does this


def find_faults(config: Config) -> Iterator[Finding]:
    """Jobs that stand still, and jobs that run and do nothing."""
    # At the first start it would find itself, which is not done yet.
    states = [state for state in list_jobs() if state.label != OWN]
    if silent := [state.label for state in states if state.is_silent]:
        yield tell("jobs-silent", jobs=", ".join(silent))
    if idle := [state.label for state in states if state.is_idle and not state.is_silent]:
        yield tell("jobs-idle", jobs=", ".join(idle))
