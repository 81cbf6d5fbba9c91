"""The only module that reads the clock, so that a test can freeze one place."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The current date in Amsterdam."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The date in Amsterdam of an aware moment."""
    return moment.astimezone(AMSTERDAM).date()
