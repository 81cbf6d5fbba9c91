"""The database: whole, of this version, and quick."""

import json
from collections.abc import Iterator
from contextlib import suppress

from peewee import DatabaseError

from portal import clock
from portal.config import Config
from portal.database import current_engine
from portal.database.copying import is_current
from portal.doctor.finding import Finding, tell

_LONGEST = 200  # characters of what the engine says
_SLOW = 1000  # milliseconds
_SHARE = 0.05  # of the requests
_FEWEST = 50  # requests, below which a share says nothing
_READ = 256 * 1024  # bytes of the end of the log


def find_faults(config: Config) -> Iterator[Finding]:
    """Damage, tables of another version, and many slow answers."""
    try:
        damage = current_engine().find_damage()
        is_of_version = is_current(current_engine())
    except DatabaseError as error:
        damage, is_of_version = str(error), True
    if damage:
        yield tell("damaged", damage=damage[:_LONGEST])
    if not is_of_version:
        yield tell("other-version")
    if route := _find_slow_route(config):
        yield tell("slow", route=route)


def _find_slow_route(config: Config) -> str:
    """The route that was slow most often, where many requests at the end of the log of today were; "" otherwise."""
    path = config.logs and config.logs / f"kernwijzer-{clock.today()}.log"
    if not path or not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _READ, 0))
        lines = file.read(_READ).splitlines()
    routes: list[tuple[str, bool]] = []
    for line in lines:
        with suppress(ValueError, KeyError, TypeError):  # the first may be half, and others are no request
            told = json.loads(line)
            routes.append((str(told["route"]), told["ms"] > _SLOW))
    slow = [route for route, is_slow in routes if is_slow]
    is_often = len(routes) >= _FEWEST and len(slow) > _SHARE * len(routes)
    return max(set(slow), key=slow.count) if is_often else ""
