"""The rights of the files of this installation: only their owner reads and writes them."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from portal.config import Config
from portal.doctor.finding import Finding, tell

_SHOWN = 3  # names in one finding


def find_faults(config: Config) -> Iterator[Finding]:
    """Folders without writing, files that others can read, and files of another user."""
    files = _list_files(config)
    for folder in sorted({path.parent for path in files}):
        if not os.access(folder, os.W_OK | os.X_OK):
            yield tell("read-only", folder=folder)
    if readable := [path for path in files if path.stat().st_mode & 0o077]:
        folders = " ".join(sorted({str(path.parent) for path in readable}))
        yield tell("readable", names=_name(readable), folders=folders)
    owners = Counter(path.stat().st_uid for path in files)
    if len(owners) > 1:
        (usual, _), *_ = owners.most_common(1)
        others = [path for path in files if path.stat().st_uid != usual]
        yield tell("other-owner", names=_name(others))


def _list_files(config: Config) -> list[Path]:
    """The files of the database, the backups and the logs; that of the keys has its own check."""
    file, folders = config.sqlite_file, (config.backups, config.logs)
    beside = [file.with_name(file.name + end) for end in ("", "-wal", "-shm")] if file else []
    inside = [sorted(folder.iterdir()) for folder in folders if folder and folder.is_dir()]
    return [path for paths in (beside, *inside) for path in paths if path.is_file()]


def _name(paths: list[Path]) -> str:
    more = f" en nog {len(paths) - _SHOWN}" if len(paths) > _SHOWN else ""
    return ", ".join(path.name for path in paths[:_SHOWN]) + more
