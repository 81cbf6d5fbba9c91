"""Makes, lists and restores backups, each one file that appears whole or not at all."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.backups.store import InvalidBackup, get_store, replace_atomically
from portal.config import Config
from portal.database import MIGRATIONS

EVERY = timedelta(hours=1)
_TIMESTAMP = "%Y%m%dT%H%M%SZ"


def make_backup(config: Config, moment: datetime) -> Path:
    """Copy the database to a file in the folder of the backups that is named after the aware `moment`; returns it.

    Others read and write meanwhile. Raises BackupError where the copy is damaged or cannot be made, OSError where the
    disk fails; then there is no new file.
    """
    store, folder = get_store(config), config.backups
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{store.name}-{moment.astimezone(UTC):{_TIMESTAMP}}{store.suffix}"
    new = path.with_suffix(".new")
    try:
        store.copy(new)
        store.verify(new)
        replace_atomically(new, path)
    finally:
        for left in folder.glob(f"{new.name}*"):
            left.unlink()
    return path


def list_backups(config: Config, folder: Path | None = None, ending: str = "") -> list[tuple[datetime, Path]]:
    """The backups of the database with their aware moments, the newest first; or its copies in
    another folder, of which the names have one more `ending`."""
    store = get_store(config)
    suffix = re.escape(store.suffix + ending)
    name = re.compile(rf"{re.escape(store.name)}-(\d{{8}}T\d{{6}}Z){suffix}")
    found = []
    with suppress(FileNotFoundError):
        for path in (folder or config.backups).iterdir():
            if match := name.fullmatch(path.name):
                moment = datetime.strptime(match[1], _TIMESTAMP).replace(tzinfo=UTC)
                found.append((moment, path))
    return sorted(found, reverse=True)


def restore(config: Config, backup: Path, moment: datetime) -> str:
    """Replace the database by a backup: see Store.restore."""
    if not backup.is_file():
        raise InvalidBackup(f"{backup.name}: dit bestand is er niet.")
    store = get_store(config)
    store.verify(backup)
    return store.restore(backup, moment)


def refuse_unknown(migrations: Iterable[str], backup: Path) -> None:
    """Raise InvalidBackup where these names of migrations are of no database of this version or an earlier one."""
    names = sorted(migrations)
    known = sorted(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))
    if not names or names[0] != known[0]:
        raise InvalidBackup(f"{backup.name}: dit is geen database van Kernwijzer.")
    if not set(names) <= set(known):
        raise InvalidBackup(f"{backup.name}: een nieuwere versie van Kernwijzer heeft dit gemaakt.")
