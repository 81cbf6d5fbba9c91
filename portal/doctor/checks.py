"""The checks of the doctor: one list, and how they are done."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from peewee import DatabaseError

from portal import clock
from portal.config import Config
from portal.database.database_flags import is_demo
from portal.doctor import (
    backups,
    certificate,
    clocks,
    contradicting_settings,
    damaged_or_slow_database,
    disk,
    file_rights,
    jobs,
    key_file,
    mail_server,
    sender_domain,
)
from portal.doctor.finding import Finding, tell

logger = logging.getLogger(__name__)


class Check(NamedTuple):
    """A check by its Dutch label. A slow one asks the network or reads much: only the worker and
    `flask doctor` do it, and no page waits for it."""

    label: str
    find: Callable[[Config], Iterable[Finding]]
    is_slow: bool = False
    in_demo: bool = True  # False: about a world that a demo does not know


class Result(NamedTuple):
    """The outcome of a check, and when it was done (aware); None: not yet."""

    label: str
    findings: list[Finding]
    at: datetime | None = None


CHECKS = (
    Check("Database", damaged_or_slow_database.find_faults, is_slow=True),
    Check("Rechten van bestanden", file_rights.find_faults),
    Check("Schijf", disk.find_faults),
    Check("Klok", clocks.find_faults, in_demo=False),
    Check("Sleutels", key_file.find_faults),
    Check("Back-ups", backups.find_faults),
    Check("Laatste back-up gelezen", backups.find_damage, is_slow=True),
    Check("Tweede plek van de back-ups", backups.find_copy_faults, is_slow=True, in_demo=False),
    Check("Werk dat vanzelf gebeurt", jobs.find_faults),
    Check("Post", mail_server.find_waiting),
    Check("Mailserver", mail_server.find_faults, is_slow=True, in_demo=False),
    Check("Afzender van de mail", sender_domain.find_faults, is_slow=True, in_demo=False),
    Check("Certificaat", certificate.find_faults, is_slow=True, in_demo=False),
    Check("Instellingen", contradicting_settings.find_faults),
)


def list_checks() -> list[Check]:
    try:
        demo = is_demo()
    except DatabaseError:
        demo = False
    return [check for check in CHECKS if check.in_demo or not demo]


def do(check: Check, config: Config) -> Result:
    """The outcome of a check now. A check that fails is a finding of its own."""
    try:
        findings = list(check.find(config))
    except Exception as error:
        logger.exception("a check of the doctor failed")
        findings = [tell("failed", error=type(error).__name__)]
    return Result(check.label, findings, clock.now())
