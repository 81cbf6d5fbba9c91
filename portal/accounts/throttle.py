"""How often something may be tried; counted in the database, so that a restart forgets nothing."""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from portal import clock
from portal.accounts.models import Attempt
from portal.database import db


class Limit(NamedTuple):
    """At most `times` in a `window`."""

    name: str
    times: int
    window: timedelta


PER_ADDRESS = Limit("address", 3, timedelta(minutes=15))
PER_NETWORK = Limit("network", 10, timedelta(hours=1))
CODES_PER_NETWORK = Limit("code", 50, timedelta(hours=1))


def attempt(limit: Limit, subject: str) -> bool:
    """Count a try of `subject` (an address, a network); False where it is one too many.

    What is refused is not counted, so that nobody can lock somebody else out for ever.
    """
    key = hashlib.sha256(f"{limit.name} {subject}".encode()).hexdigest()
    now = clock.now()
    with db.atomic():
        recent = Attempt.select().where((Attempt.key == key) & (Attempt.at > now - limit.window))
        if recent.count() >= limit.times:
            return False
        Attempt.create(key=key, at=now)
    return True
