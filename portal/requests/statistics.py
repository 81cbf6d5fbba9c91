"""Counts of requests and their lead times, for the coordinator. Pure."""

from collections.abc import Iterable
from datetime import date
from statistics import median_high
from typing import NamedTuple

from portal.requests.states import OPEN, State
from portal.workdays import Calendar


class RequestFact(NamedTuple):
    """The part of a request that is counted; dates of Amsterdam."""

    kind: str  # the key of a kind of the region
    subject: str  # "": outside the catalogue
    municipality: str
    state: State
    received_on: date
    closed_on: date | None


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
    named_facts: Iterable[tuple[str, RequestFact]], calendar: Calendar, names: Iterable[str] = ()
) -> list[Statistics]:
    """Count the requests per name; the names in `names` are listed even without requests."""
    groups: dict[str, list[RequestFact]] = {name: [] for name in names}
    for name, fact in named_facts:
        groups.setdefault(name, []).append(fact)
    return [_count(name, group, calendar) for name, group in groups.items()]


def _count(name: str, group: list[RequestFact], calendar: Calendar) -> Statistics:
    lead_times = [
        calendar.count_working_days(fact.received_on, fact.closed_on)
        for fact in group
        if fact.state == State.DONE and fact.closed_on
    ]
    return Statistics(
        name,
        total=len(group),
        open=sum(fact.state in OPEN for fact in group),
        done=sum(fact.state == State.DONE for fact in group),
        declined=sum(fact.state == State.DECLINED for fact in group),
        withdrawn=sum(fact.state == State.WITHDRAWN for fact in group),
        median_days=median_high(lead_times) if lead_times else None,
    )
