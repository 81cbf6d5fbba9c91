"""Reports: a reader says that something is wrong, and somebody answers."""

from datetime import datetime

from portal.quality.models import Report


def clear_old(before: datetime) -> int:
    """Delete the reports made before this moment (aware); gives their number."""
    return int(Report.delete().where(Report.at < before).execute())
