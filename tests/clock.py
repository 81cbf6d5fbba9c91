"""The clock of the portal: stopped, or running on from a day that is always the same.

Only `portal.clock` reads the time, so that this is the one place to stop it: at no cost, where
freezegun would look through a thousand modules at every start, and without stopping the clock by
which pytest measures how long a test takes. Libraries see the real time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

import pytest

from portal import clock

TODAY = date(2026, 11, 23)  # a Monday; the day on which the demo was seeded

Moment = str | date  # "2026-11-23 09:00:00", a date (its midnight) or a datetime; UTC by default


class StoppedClock:
    """Stands where `portal.clock` knows `datetime`, and always says the same moment."""

    def __init__(self, moment: Moment) -> None:
        self.move_to(moment)

    def now(self, zone: object) -> datetime:
        """The moment, in UTC, which is what the portal asks for."""
        assert zone is UTC
        return self.moment

    def move_to(self, moment: Moment) -> None:
        """Set the clock."""
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time())
        self.moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    def tick(self, passed: timedelta) -> None:
        """Let time pass."""
        self.moment += passed


class RunningClock:
    """Replaces `datetime` in `portal.clock`, in forked processes too, and runs on from ten o'clock UTC on TODAY: no
    test depends on the day or the hour of the machine, nor passes midnight."""

    def __init__(self) -> None:
        self._begun = monotonic()

    def now(self, zone: object) -> datetime:
        """The moment, in UTC."""
        assert zone is UTC
        return datetime.combine(TODAY, time(10), UTC) + timedelta(seconds=monotonic() - self._begun)


@contextmanager
def stopped_at(moment: Moment) -> Iterator[StoppedClock]:
    """The portal's clock stands at `moment` until the end of the block."""
    stopped = StoppedClock(moment)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "datetime", stopped)
        yield stopped
