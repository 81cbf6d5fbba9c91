"""Caches the answers of queries until the directory changes."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from portal.database.version import find_version

Values = ParamSpec("Values")
Result = TypeVar("Result")


class _Cache(threading.local):
    """The answers that one thread holds, and the version of the directory that they belong to."""

    version: int | None = None
    answers: dict[object, Any]

    MAX_ANSWERS = 64  # mostly the same questions about different days

    def __init__(self) -> None:
        self.answers = {}


_cache = _Cache()


def cached_until_change(ask: Callable[Values, Result]) -> Callable[Values, Result]:
    """Cache what `ask` answers until any connection, of this process or another, changes the
    directory.

    For small tables that change seldom and are asked on almost every page; each of them stands in
    `renew_on_change` of a migration. Answers are shared between requests, so they must be
    immutable.
    """

    @wraps(ask)
    def answer(*args: Values.args, **kwargs: Values.kwargs) -> Result:
        version = find_version()
        if _cache.version != version or len(_cache.answers) >= _cache.MAX_ANSWERS:
            _cache.version, _cache.answers = version, {}
        answers, key = _cache.answers, (ask, args, *kwargs.items())
        if key not in answers:
            answers[key] = ask(*args, **kwargs)
        result: Result = answers[key]
        return result

    return answer
