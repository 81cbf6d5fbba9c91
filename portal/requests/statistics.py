"""Counts of requests and their lead times, for the coordinator."""

from collections.abc import Iterable, Sequence
from statistics import median_high
from typing import NamedTuple

from portal.directory.places import list_municipalities
from portal.directory.schools_and_kernen import get_calendar
from portal.region import RequestKind
from portal.requests import subject_catalogue
from portal.requests.kinds import list_kinds
from portal.requests.queries import RequestRow
from portal.requests.state_rules import OPEN, State
from portal.workdays import Calendar, school_year


class Statistics(NamedTuple):
    """The number of requests in one group, and their lead time."""

    name: str
    total: int
    open: int
    done: int
    declined: int
    withdrawn: int
    median_days: int | None  # working days from received to done; None: none is done


def list_sections(rows: Sequence[RequestRow]) -> list[tuple[str, list[Statistics]]]:
    """The headings of the statistics of these requests, each with its counts."""
    calendar, subjects = get_calendar(), subject_catalogue.list_subjects()
    municipalities = [row.name for row in list_municipalities(in_region=True)]

    def count_subjects(kind: RequestKind) -> list[Statistics]:
        names = [row.name for row in subjects if row.kind == kind.subjects]
        named = ((row.subject or "anders", row) for row in rows if row.kind_key == kind.key)
        return count_by_name(named, calendar, names)

    kind_names = {kind.key: kind.name for kind in list_kinds()}
    by_kind = ((kind_names[row.kind_key], row) for row in rows)
    by_municipality = ((row.municipality, row) for row in rows)
    by_year = ((label_year(school_year(row.received_on)), row) for row in rows)
    return [
        ("Per soort", count_by_name(by_kind, calendar, kind_names.values())),
        *((f"Per {kind.name.lower()}", count_subjects(kind)) for kind in list_kinds() if kind.subjects),
        ("Per gemeente", count_by_name(by_municipality, calendar, municipalities)),
        ("Per schooljaar", count_by_name(by_year, calendar)),
    ]


def label_year(year: int) -> str:
    """A school year by the year in which it begins: "2026–2027"."""
    return f"{year}–{year + 1}"


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
