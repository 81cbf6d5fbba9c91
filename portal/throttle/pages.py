"""Limits how many pages one visitor reads, so that nobody copies the directory page by page.

Counted in memory that the web processes share: granian forks them from the process that makes the
application. In the database every page would be a write.
"""

import hashlib
import mmap
import struct
from datetime import UTC, datetime, timedelta

from portal import clock

PAGES, WINDOW = 300, timedelta(minutes=10)

_VISITOR = struct.Struct("=QII")  # hash of the visitor, first page (Unix time), pages since then
_VISITORS = 16_384  # two with one place, which is rare, make each other's count start again


class PageCounter:
    """The pages that each visitor read since the first one of the last ten minutes."""

    def __init__(self, pages: int = PAGES) -> None:
        self._pages = pages
        self._memory = mmap.mmap(-1, _VISITORS * _VISITOR.size)

    def count(self, visitor: str) -> timedelta:
        """Count a page; returns zero, or the time to wait where the visitor read too many.

        Takes no lock: two processes that count one visitor at the same moment lose one page.
        """
        digest = int.from_bytes(hashlib.blake2b(visitor.encode(), digest_size=8).digest())
        place = digest % _VISITORS * _VISITOR.size
        now = clock.now()
        known, first, pages = _VISITOR.unpack_from(self._memory, place)
        begun = datetime.fromtimestamp(first, UTC)
        if known != digest or not begun <= now < begun + WINDOW:
            begun, pages = now.replace(microsecond=0), 0
        if pages >= self._pages:
            return begun + WINDOW - now
        _VISITOR.pack_into(self._memory, place, digest, int(begun.timestamp()), pages + 1)
        return timedelta(0)
