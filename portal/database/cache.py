"""Caches what follows from the directory alone until the directory changes, for all threads of a
process. What a transaction reads before its end is cached for its thread only."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from portal.database import db
from portal.database.version import find_version

Values = ParamSpec("Values")
Result = TypeVar("Result")

_MAX_ANSWERS = 128  # mostly the same questions about different days


class _Values(dict[object, Any]):
    weight = 0


class Memory:
    """Values by key, for the two latest versions of the directory: a request may still be at work
    with the one before a change. Where those of a version weigh `most`, they are forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._versions: dict[int, _Values] = {}

    def of_version(self, version: int) -> dict[object, Any]:
        """The values of this version; to read."""
        return self._versions.get(version, {})

    def add(self, version: int, key: object, value: Any, weight: int = 1) -> None:
        """Remember a value. `key` holds all that the value depends on, besides the directory."""
        versions = self._versions
        values = versions.get(version)
        if values is None or values.weight >= self._most:
            values = _Values()
            other = [old for old in versions if old != version][-1:]
            self._versions = {old: versions[old] for old in other} | {version: values}
        values.weight += weight
        values[key] = value


class _InTransaction(threading.local):
    """The answers that a transaction of one thread has read."""

    def __init__(self) -> None:
        self.memory = Memory(_MAX_ANSWERS)


_shared, _in_transaction = Memory(_MAX_ANSWERS), _InTransaction()


def cached_until_change(ask: Callable[Values, Result]) -> Callable[Values, Result]:
    """Cache what `ask` answers until any connection, of this process or another, changes the
    directory.

    For small tables that change seldom and are asked on almost every page; each of them stands in
    `renew_on_change` of a migration. Answers are shared between requests, so they must be
    immutable.
    """

    @wraps(ask)
    def answer(*args: Values.args, **kwargs: Values.kwargs) -> Result:
        version, key = find_version(), (ask, args, *kwargs.items())
        memory = _in_transaction.memory if db.in_transaction() else _shared
        answers = memory.of_version(version)
        if key in answers:
            found: Result = answers[key]
            return found
        result = ask(*args, **kwargs)
        memory.add(version, key, result)
        return result

    return answer
