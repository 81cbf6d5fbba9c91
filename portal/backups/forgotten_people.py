"""The list of forgotten people beside the backups: after a restore they are forgotten again. It
holds ids and moments, no names; and the last id of each table, so that a restore gives none again.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from portal.backups.store import get_store, write_json
from portal.config import Config
from portal.database import current_engine, db


class Listed(NamedTuple):
    """The list of a database."""

    people: dict[int, datetime]  # ids, with the last aware moment at which one was forgotten
    last_ids: dict[str, int]  # per table, of rows that are there and rows that are gone


def read(config: Config) -> Listed:
    """The list of this database; empty where there is none."""
    return _read(get_path(config))


def _read(path: Path) -> Listed:
    listed = json.loads(path.read_text()) if path.exists() else {"people": {}, "last_ids": {}}
    moments = listed["people"].items()
    people = {int(person): datetime.fromisoformat(at) for person, at in moments}
    return Listed(people, listed["last_ids"])


def keep(config: Config, people: Mapping[int, datetime]) -> None:
    """Add these people to the list, and the ids that were given since; the caller has locked the
    directory. Raises OSError."""
    _store(config, people, _find_last_ids(read(config)))


def merge(config: Config, backup: Path) -> None:
    """Add what stands in the list beside a backup, such as the one in the second place. Raises OSError."""
    listed, found = read(config), _read(backup.with_name(get_path(config).name))
    _store(config, found.people, dict(Counter(listed.last_ids) | Counter(found.last_ids)))


def _store(config: Config, people: Mapping[int, datetime], last_ids: Mapping[str, int]) -> None:
    listed = read(config)
    # Before ids stayed unique, one was given and forgotten again: the last moment counts.
    latest = {person: max(at, listed.people.get(person, at)) for person, at in people.items()}
    moments = {person: at.isoformat() for person, at in (listed.people | latest).items()}
    write_json(get_path(config), {"people": moments, "last_ids": last_ids})


def is_put_back(forgotten_at: datetime, last: datetime | None) -> bool:
    """Whether somebody who was forgotten at that moment is there again because an older database was put back: the last
    change of the database (None: no change) is of before. Otherwise the list may be of another one, or an id was given
    again."""
    return last is not None and last < forgotten_at


def give_no_id_again(config: Config) -> None:
    """Let the rows of a database that was put back get ids above all of the list."""
    for table, last in _find_last_ids(read(config)).items():
        if table in db.get_tables():
            current_engine().set_last_id(table, last)


def _find_last_ids(listed: Listed) -> dict[str, int]:
    """The last id per table, by the list and by the database."""
    # The union of counters takes the highest of each.
    return dict(Counter(listed.last_ids) | Counter(current_engine().last_ids()))


def get_path(config: Config) -> Path:
    """The file of the list."""
    return config.backups / f"{get_store(config).name}-forgotten.json"
