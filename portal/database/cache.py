"""Keeps what follows from the directory alone until the rows that it was made of change, for all
threads of a process. What a transaction reads before its end is kept for its thread only."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sized
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from portal.database import db, fetch_tuples
from portal.database.directory_version import Version, find_version
from portal.database.noted_reads import Read, Reads, digest, note, noted, tables_of, unnoted

Values = ParamSpec("Values")
Result = TypeVar("Result")

_MOST = 512  # mostly the same questions about different days; a hundred rows weigh one
_HEAVIEST = _MOST // 8  # so that one answer does not take the place of too many others
# They have no version of their own, and change with rows that have one.
_FOLLOWING = {"change", "change_set", "search_word", "search_word_named", "directory_version", "table_version"}


class _Kept:
    """A value, the reads that it was made of, and the last version in which these were the same."""

    def __init__(self, value: Any, reads: Reads, version: Version, weight: int) -> None:
        self.value, self.reads, self.version, self.weight = value, reads, version, weight


class _Digests:
    """The digests of what was read again in one version, or a newer one."""

    def __init__(self) -> None:
        self._latest: tuple[int, dict[Read, int]] = (0, {})

    def of_version(self, version: int) -> dict[Read, int]:
        """Those of this version, to add to; of another one they are forgotten."""
        of, known = self._latest  # at once: another thread may replace both
        if of != version:
            known = {}
            self._latest = (version, known)
        return known


class Memory:
    """Values by key. After a change of the directory, a value stands as long as its reads give the
    same rows. Where all weigh more than `most`, those that were used longest ago are forgotten."""

    digests = _Digests()  # for all memories, which were made of many reads in common

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Keep nothing any more."""
        self._weight = 0
        self.kept: OrderedDict[tuple[str, object], _Kept] = OrderedDict()  # last used last

    def find(self, key: object, version: Version) -> _Kept | None:
        """The kept value of this key, where its reads give the same rows in this version."""
        key = db.obj.param, key  # reads are in the SQL of one engine
        with self._lock:
            kept = self.kept.get(key)
            if kept is None:
                return None
            self.kept.move_to_end(key)
        if kept.version is not version:
            # A transaction that was rolled back gave another version in between; the number tells that nothing changed.
            if kept.version.number != version.number and not self._are_same(kept, version):
                return None
            kept.version = version
        note(kept.reads)
        return kept

    def add(self, key: object, value: Any, reads: Reads, version: Version, weight: int = 1) -> None:
        """Keep a value. `key` holds all that it depends on besides these reads, which were made
        after the version was."""
        with self._lock:
            former = self.kept.pop((db.obj.param, key), None)
            self.kept[db.obj.param, key] = _Kept(value, reads, version, weight)
            self._weight += weight - (former.weight if former else 0)
            while self._weight > self._most and len(self.kept) > 1:
                self._weight -= self.kept.popitem(last=False)[1].weight

    def _are_same(self, kept: _Kept, version: Version) -> bool:
        known = self.digests.of_version(version.number)
        unchanged = {name for name, _ in version.tables.items() & kept.version.tables.items()}
        with unnoted():
            for read, before in kept.reads.items():
                if (tables := tables_of(read[0])) and tables <= unchanged:
                    continue
                if read not in known:
                    known[read] = digest(db.execute_sql(*read).fetchall())
                if known[read] != before:
                    return False
        return True


class _InTransaction(threading.local):
    """The answers that a transaction of one thread has read."""

    def __init__(self) -> None:
        self.memory = Memory(_MOST)
        self.memory.digests = _Digests()


_shared, _in_transaction = Memory(_MOST), _InTransaction()


def cached_until_change(ask: Callable[Values, Result]) -> Callable[Values, Result]:
    """Cache what `ask` answers until any connection, of this process or another, changes the rows that it reads.

    For small tables that change seldom and are asked on almost every page; each of them stands in `renew_on_change` of
    a migration. Answers are shared between requests, so they must be immutable.
    """

    @wraps(ask)
    def answer(*args: Values.args, **kwargs: Values.kwargs) -> Result:
        return _keep((ask, args, *kwargs.items()), lambda: ask(*args, **kwargs))

    return answer


def fetch_kept(query: Any) -> list[tuple[Any, ...]]:
    """The rows of a select, kept likewise unless they are more than some 6,400 or of another table, of which no version
    tells when it changes."""
    sql, parameters = query.sql()
    return list(_keep((sql, *parameters), lambda: tuple(fetch_tuples(query)), is_large_kept=False))


def _keep(key: tuple[Any, ...], ask: Callable[[], Result], *, is_large_kept: bool = True) -> Result:
    memory = _in_transaction.memory if db.obj.in_transaction() else _shared
    version = find_version()
    if kept := memory.find(key, version):
        found: Result = kept.value
        return found
    with noted() as reads:
        result = ask()
    weight = 1 + (len(result) if isinstance(result, Sized) else 0) // 100
    renewing = _FOLLOWING | version.tables.keys()
    if (weight <= _HEAVIEST or is_large_kept) and all(tables_of(sql) <= renewing for sql, _ in reads):
        memory.add(key, result, reads, version, min(weight, _HEAVIEST))
    return result
