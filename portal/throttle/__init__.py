"""Rate limits, counted in the database, so that they survive a restart."""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from peewee import CharField

from portal import clock
from portal.database import BaseModel, db, lock
from portal.database.fields import TimestampField


class Attempt(BaseModel):
    """One counted attempt; the key is a hash of the limit and the subject."""

    key = CharField(index=True)
    at = TimestampField()


class Limit(NamedTuple):
    """At most `times` attempts within a sliding `window`. The name separates the counters."""

    name: str
    times: int
    window: timedelta


def attempt(limit: Limit, subject: str) -> bool:
    """Count an attempt of `subject` (an address, a network); False where the limit is reached.

    A refused attempt is not counted, so that nobody can lock somebody else out for ever.
    """
    with db.atomic():
        hold(limit, subject)
        if wait(limit, subject):
            return False
        Attempt.create(key=_key(limit, subject), at=clock.now())
    return True


def wait(limit: Limit, subject: str) -> timedelta:
    """The time until `subject` may try again; nought where it may now."""
    now = clock.now()
    # Without the upper bound, attempts stored while the clock was ahead would block for as long.
    is_recent = (Attempt.at > now - limit.window) & (Attempt.at <= now + clock.SKEW)
    mine = (Attempt.key == _key(limit, subject)) & is_recent
    recent = Attempt.select().where(mine).order_by(Attempt.at.desc())
    last = recent.offset(limit.times - 1).limit(1).first()
    return last.at + limit.window - now if last else timedelta(0)


def hold(limit: Limit, subject: str) -> None:
    """Let no other transaction count attempts of `subject` until the end of this one: for a caller
    that looks first and counts later."""
    lock(f"attempts {_key(limit, subject)}")


def _key(limit: Limit, subject: str) -> str:
    return hashlib.sha256(f"{limit.name} {subject}".encode()).hexdigest()
