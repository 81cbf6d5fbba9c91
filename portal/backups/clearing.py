"""Deletes old backups and unfinished files."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from portal.backups.make_and_restore import list_backups
from portal.backups.store import get_store
from portal.clock import day_of
from portal.config import Config
from portal.retention_periods import BACKUPS, EVERY_BACKUP

_UNFINISHED_AFTER = timedelta(hours=1)  # no backup takes so long


def clear_old(config: Config, now: datetime) -> None:
    """Delete old backups: all are kept for 48 hours, the last of each Amsterdam day for 35 days.

    Also deletes the unfinished file of a process that was killed, and the folder of its drill.
    """
    clear(list_backups(config), now)
    for folder in {config.backups, config.database.parent}:
        for path in folder.glob(f"{get_store(config).name}-*.new*"):
            if now.timestamp() - path.stat().st_mtime > _UNFINISHED_AFTER.total_seconds():
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def clear(backups: list[tuple[datetime, Path]], now: datetime) -> None:
    """Delete the old ones of these backups, of which the newest comes first."""
    days = set()
    for moment, path in backups:
        day = day_of(moment)
        if now - moment > (EVERY_BACKUP if day in days else BACKUPS.period):
            path.unlink()
        days.add(day)
