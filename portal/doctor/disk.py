"""The disk: the room that is left, and how soon it is gone."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from portal import clock
from portal.backups.make_and_restore import list_backups
from portal.backups.store import get_store, write_json
from portal.config import Config
from portal.doctor.finding import Finding, tell
from portal.web.formatting import count

_MB = 1024**2
_LEAST = 500 * _MB  # and room for three copies of the database, which a restore needs
_SOON = 30  # days
_SPAN = 3  # days: over less than that a trend says nothing
_KEPT = timedelta(days=14)


def find_faults(config: Config) -> Iterator[Finding]:
    """Too little room where the database, the backups or the logs stand, and a trend to it."""
    needed, folders = max(_LEAST, 3 * _measure(config)), (config.database.parent, config.backups)
    disks = {path.stat().st_dev: path for path in (*folders, config.logs) if path and path.is_dir()}
    for folder in disks.values():
        if (free := _get_free(folder)) < needed:
            yield tell("disk-low", folder=folder, free=free // _MB, needed=needed // _MB)
    if days := _foresee(_read(config), clock.today()):
        yield tell("disk-filling", days=count(days, "dag", "dagen"))


def remember(config: Config, today: date) -> None:
    """Store the free room of a day, for the trend. Raises OSError."""
    kept = {day: free for day, free in _read(config).items() if day >= str(today - _KEPT)}
    write_json(_path(config), kept | {str(today): _get_free(config.backups)})


def _foresee(free: dict[str, int], today: date) -> int:
    """In how many days the disk is full, by the bytes that were free on some days (ISO 8601); 0: not soon."""
    days = sorted(free)
    if not days or (span := (today - date.fromisoformat(days[0])).days) < _SPAN:
        return 0
    used = free[days[0]] - free[days[-1]]
    left = free[days[-1]] * span // used if used > 0 else _SOON
    return max(left, 1) if left < _SOON else 0


def _get_free(folder: Path) -> int:
    """The bytes that the portal can still write on the disk of this folder."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def _measure(config: Config) -> int:
    """The bytes of the newest backup."""
    return sum(path.stat().st_size for _, path in list_backups(config)[:1])


def _read(config: Config) -> dict[str, int]:
    with suppress(OSError, ValueError):
        return dict(json.loads(_path(config).read_text()))
    return {}


def _path(config: Config) -> Path:
    return config.backups / f"{get_store(config).name}-disk.json"
