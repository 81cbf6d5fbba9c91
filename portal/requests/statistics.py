"""Counts of requests and their lead times, for the coordinator. Pure."""

from collections.abc import Iterable
from statistics import median_high
from typing import NamedTuple

from portal.requests.queries import RequestRow
from portal.requests.state_rules import OPEN, State
from portal.workdays import Calendar


class Statistics(NamedTuple):
    """The number of requests in one group, and their lead time."""

    name: str
    total: int
    open: int
    done: int
    declined: int
    withdrawn: int
    median_days: int | None  # working days from received to done; None: none is done


def count_by_name(
    named_rows: Iterable[tuple[str, RequestRow]], calendar: Calendar, names: Iterable[str] = ()
) -> list[Statistics]:
    """Count the requests per name; the names in `names` are listed even without requests."""
    groups: dict[str, list[RequestRow]] = {name: [] for name in names}
    for name, row in named_rows:
        groups.setdefault(name, []).append(row)
    return [_count(name, group, calendar) for name, group in groups.items()]


def _count(name: str, group: list[RequestRow], calendar: Calendar) -> Statistics:
    lead_times = [
        calendar.count_working_days(row.received_on, row.closed_on)
        for row in group
        if row.state == State.DONE and row.closed_on
    ]
    return Statistics(
        name,
        total=len(group),
        open=sum(row.state in OPEN for row in group),
        done=sum(row.state == State.DONE for row in group),
        declined=sum(row.state == State.DECLINED for row in group),
        withdrawn=sum(row.state == State.WITHDRAWN for row in group),
        median_days=median_high(lead_times) if lead_times else None,
    )
