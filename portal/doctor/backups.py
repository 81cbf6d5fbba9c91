"""The backups: recent, whole, and also somewhere else."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal import clock
from portal.admin.alarms_and_readiness import get_backup_state
from portal.backups.encryption import ENDING
from portal.backups.make_and_restore import list_backups
from portal.backups.second_place import read_state
from portal.backups.store import BackupError, get_store
from portal.config import Config
from portal.doctor.finding import Finding, tell
from portal.web.formatting import moment

_COPY_OVERDUE_AFTER = timedelta(hours=26)


def find_faults(config: Config) -> Iterator[Finding]:
    """No recent backup."""
    last_at, is_healthy = get_backup_state()
    if not is_healthy:
        yield tell("no-backup", last=moment(last_at) if last_at else "die is er niet")


def find_damage(config: Config) -> Iterator[Finding]:
    """A newest backup that cannot be read any more."""
    for _, path in list_backups(config)[:1]:
        try:
            get_store(config).verify(path)
        except (BackupError, OSError) as error:
            yield tell("backup-damaged", reason=error)


def find_copy_faults(config: Config) -> Iterator[Finding]:
    """No second place, one that takes nothing, and one that would be lost along."""
    if not config.backup_copy:
        yield tell("one-place")
        return
    state, folder = read_state(config), config.copy_folder
    is_there = not folder or (folder / f"{state.name}{ENDING}").exists()
    copied_at = datetime.fromisoformat(state.copied_at) if state.copied_at and is_there else None
    if state.failing_since:
        since = moment(datetime.fromisoformat(state.failing_since))
        yield tell("copy-failed", since=since, reason=state.reason)
    elif copied_at is None or copied_at < clock.now() - _COPY_OVERDUE_AFTER:
        yield tell("copy-old")
    places = [path for path in (folder, config.backups) if path and path.is_dir()]
    if len({path.stat().st_dev for path in places}) < len(places):
        yield tell("same-disk")
