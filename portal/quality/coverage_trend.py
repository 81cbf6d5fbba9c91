"""The trend of coverage as lines of an SVG."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from portal.quality.models import CoverageWeek

WEEKS = 104  # in the picture
WIDTH, HEIGHT = 350, 100


class Trend(NamedTuple):
    """The shares of the posts per week, in percent; `filled` and `confirmed` are the points of two
    lines, in a frame of WIDTH by HEIGHT."""

    weeks: list[tuple[date, int, int]]  # Monday, filled, confirmed in six months
    filled: str
    confirmed: str


def draw(weeks: Sequence[CoverageWeek]) -> Trend:
    """The trend of some weeks, the oldest first."""
    shares = [(row.week, _share(row.filled, row.posts), _share(row.filled - row.old, row.posts)) for row in weeks]
    return Trend(
        shares,
        _line([(week, filled) for week, filled, _ in shares]),
        _line([(week, confirmed) for week, _, confirmed in shares]),
    )


def _share(part: int, whole: int) -> int:
    return round(100 * max(part, 0) / whole) if whole else 0


def _line(points: list[tuple[date, int]]) -> str:
    """The points of a line: in proportion to the time, so that a week without a row shows."""
    if len(points) < 2:
        return ""
    first, last = points[0][0], points[-1][0]
    return " ".join(
        f"{WIDTH * (week - first).days // (last - first).days},{HEIGHT - HEIGHT * share // 100}"
        for week, share in points
    )
