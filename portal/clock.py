"""The only module that reads the clock, so that a test can freeze one place."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# By which the clock of another machine of the portal may be ahead (NTP keeps it within seconds). A
# stored moment that is further ahead was stored by a wrong clock and counts as none.
SKEW = timedelta(minutes=1)


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The current date in Amsterdam."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The date in Amsterdam of an aware moment."""
    return moment.astimezone(AMSTERDAM).date()
