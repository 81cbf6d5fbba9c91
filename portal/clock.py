"""The only reader of the clock, so that a test can freeze one place."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present date in Amsterdam, on which every answer depends."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The date in Amsterdam of an aware moment."""
    return moment.astimezone(AMSTERDAM).date()
