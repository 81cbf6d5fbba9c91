"""How often something may be tried; counted in the database, so that a restart forgets nothing."""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from portal import clock
from portal.database import db
from portal.throttle.models import Attempt


class Limit(NamedTuple):
    """At most `times` in a `window`."""

    name: str
    times: int
    window: timedelta


PER_ADDRESS = Limit("address", 3, timedelta(minutes=15))
# All the schools of a board can have one address: many people, in the hour after the holidays.
PER_NETWORK = Limit("network", 60, timedelta(hours=1))
CODES_PER_NETWORK = Limit("code", 120, timedelta(hours=1))


def attempt(limit: Limit, subject: str) -> bool:
    """Count a try of `subject` (an address, a network); False where it is one too many.

    What is refused is not counted, so that nobody can lock somebody else out for ever.
    """
    with db.atomic():
        if wait(limit, subject):
            return False
        Attempt.create(key=_key(limit, subject), at=clock.now())
    return True


def wait(limit: Limit, subject: str) -> timedelta:
    """How long until `subject` may try again; nought where it may now."""
    now = clock.now()
    mine = (Attempt.key == _key(limit, subject)) & (Attempt.at > now - limit.window)
    recent = Attempt.select().where(mine).order_by(Attempt.at.desc())
    last = recent.offset(limit.times - 1).limit(1).first()
    return last.at + limit.window - now if last else timedelta(0)


def _key(limit: Limit, subject: str) -> str:
    return hashlib.sha256(f"{limit.name} {subject}".encode()).hexdigest()
