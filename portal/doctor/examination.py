"""An examination: all checks. The worker does them and stores the outcome in a file beside the
backups, with the free room of the disk on the last days; a page looks it up."""

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from portal import clock
from portal.backups.store import get_store, write_json
from portal.config import Config
from portal.doctor import disk
from portal.doctor.checks import Result, do, list_checks
from portal.doctor.finding import Finding

JOB = "doctor"


def examine(config: Config) -> list[Result]:
    """The outcome of all checks, done now; each question to the network has a time limit."""
    return [do(check, config) for check in list_checks()]


def examine_and_store(config: Config) -> bool:
    """Examine, for the page and the overview of Beheer. Raises OSError."""
    results = [(label, found, str(at)) for label, found, at in examine(config)]
    write_json(_path(config), results)
    disk.remember(config, clock.today())
    return True


def look(config: Config) -> list[Result]:
    """The outcome of the quick checks, done now, and the stored one of the slow ones."""
    known = {result.label: result for result in read_stored(config)}
    return [
        known.get(check.label, Result(check.label, [])) if check.is_slow else do(check, config)
        for check in list_checks()
    ]


def read_stored(config: Config) -> list[Result]:
    """The stored outcome of the last examination; empty where there is none."""
    with suppress(OSError, ValueError, TypeError):
        return [
            Result(label, [Finding(*texts) for texts in findings], datetime.fromisoformat(at))
            for label, findings, at in json.loads(_path(config).read_text())
        ]
    return []


def _path(config: Config) -> Path:
    return config.backups / f"{get_store(config).name}-doctor.json"
