"""The list of forgotten people beside the backups: after a restore they are forgotten again. It
holds ids and moments, no names."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from portal.backups.store import get_store, replace_atomically
from portal.config import Config


def read(config: Config) -> dict[int, datetime]:
    """The ids of the forgotten people of this database, with the aware moment."""
    path = _path(config)
    listed = json.loads(path.read_text()) if path.exists() else {}
    return {int(person): datetime.fromisoformat(at) for person, at in listed.items()}


def keep(config: Config, people: Mapping[int, datetime]) -> None:
    """Add these people to the list; the caller has locked the directory. Raises OSError."""
    listed = read(config)
    # An id may be given again and forgotten again: the last moment counts.
    latest = {person: max(at, listed.get(person, at)) for person, at in people.items()}
    if latest.items() <= listed.items():
        return
    path = _path(config)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    moments = (listed | latest).items()
    new.write_text(json.dumps({person: at.isoformat() for person, at in moments}))
    new.chmod(0o600)
    replace_atomically(new, path)


def _path(config: Config) -> Path:
    return config.backups / f"{get_store(config).name}-forgotten.json"
