"""The list of forgotten people beside the backups: after a restore they are forgotten again. It
holds ids and moments, no names; and the last id of each table, so that a restore gives none again.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from portal.backups.store import get_store, replace_atomically
from portal.config import Config
from portal.database import current_engine, db


class Listed(NamedTuple):
    """The list of a database."""

    people: dict[int, datetime]  # ids, with the last aware moment at which one was forgotten
    last_ids: dict[str, int]  # per table, of rows that are there and rows that are gone


def read(config: Config) -> Listed:
    """The list of this database; empty where there is none."""
    path = _path(config)
    listed = json.loads(path.read_text()) if path.exists() else {"people": {}, "last_ids": {}}
    moments = listed["people"].items()
    people = {int(person): datetime.fromisoformat(at) for person, at in moments}
    return Listed(people, listed["last_ids"])


def keep(config: Config, people: Mapping[int, datetime]) -> None:
    """Add these people to the list, and the ids that were given since; the caller has locked the
    directory. Raises OSError."""
    listed = read(config)
    # Before ids stayed unique, one was given and forgotten again: the last moment counts.
    latest = {person: max(at, listed.people.get(person, at)) for person, at in people.items()}
    moments = {person: at.isoformat() for person, at in (listed.people | latest).items()}
    new_list = {"people": moments, "last_ids": _find_last_ids(listed)}
    path = _path(config)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(new_list))
    new.chmod(0o600)
    replace_atomically(new, path)


def give_no_id_again(config: Config) -> None:
    """Let the rows of a database that was put back get ids above all of the list."""
    for table, last in _find_last_ids(read(config)).items():
        if table in db.get_tables():
            current_engine().set_last_id(table, last)


def _find_last_ids(listed: Listed) -> dict[str, int]:
    """The last id per table, by the list and by the database."""
    # The union of counters takes the highest of each.
    return dict(Counter(listed.last_ids) | Counter(current_engine().last_ids()))


def _path(config: Config) -> Path:
    return config.backups / f"{get_store(config).name}-forgotten.json"
