"""Caches the answers of queries until the database changes."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from portal.database import read_state

Values = ParamSpec("Values")
Result = TypeVar("Result")


class _Cache(threading.local):
    """The answers that one thread holds, and the state of the database that they belong to."""

    state: object = None
    answers: dict[object, Any]

    MAX_ANSWERS = 64  # mostly the same questions about different days

    def __init__(self) -> None:
        self.answers = {}


_cache = _Cache()


def cached_until_write(ask: Callable[Values, Result]) -> Callable[Values, Result]:
    """Cache what `ask` answers until any connection, of this process or another, writes.

    For small tables that change seldom and are asked on almost every page. Answers are shared
    between requests, so they must be immutable. Inside a transaction nothing is cached, because
    it may be rolled back.
    """

    @wraps(ask)
    def answer(*args: Values.args, **kwargs: Values.kwargs) -> Result:
        state = read_state()
        if state is None:
            return ask(*args, **kwargs)
        if _cache.state != state or len(_cache.answers) >= _cache.MAX_ANSWERS:
            _cache.state, _cache.answers = state, {}
        key = (ask, args, *kwargs.items())
        if key not in _cache.answers:
            _cache.answers[key] = ask(*args, **kwargs)
        result: Result = _cache.answers[key]
        return result

    return answer
