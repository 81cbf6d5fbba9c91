"""What a request may become, where it goes, and when it has waited too long. Pure."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from portal.mail.message import one_line
from portal.requests.kinds import KINDS_BY_KEY, LEVEL_NAMES, VERWIJSINDEX
from portal.workdays import Calendar

UNCONFIRMED = "unconfirmed"
RECEIVED = "received"
HANDLING = "handling"
PLANNED = "planned"
DONE = "done"
DECLINED = "declined"
WITHDRAWN = "withdrawn"
NOTE = "note"  # no state: something that who asked adds

STATES = {
    RECEIVED: "ontvangen",
    HANDLING: "in behandeling",
    PLANNED: "gepland",
    DONE: "afgerond",
    DECLINED: "afgewezen",
    WITHDRAWN: "ingetrokken",
}
OPEN = (RECEIVED, HANDLING, PLANNED)
CLOSED = (DONE, DECLINED, WITHDRAWN)

# What the kernteam project may make of a request, from each state. A new kernteam has two
# meetings (blog "Samenwerken 2.0", 18 februari 2021), so what is planned may be planned again;
# what was closed by mistake can be opened again.
NEXT: Mapping[str, tuple[str, ...]] = {
    UNCONFIRMED: (),
    RECEIVED: (HANDLING, PLANNED, DONE, DECLINED),
    HANDLING: (PLANNED, DONE, DECLINED),
    PLANNED: (PLANNED, DONE, HANDLING, DECLINED),
    DONE: (HANDLING,),
    DECLINED: (HANDLING,),
    WITHDRAWN: (HANDLING,),
}
# What usually comes next.
LIKELY: Mapping[str, str] = {RECEIVED: HANDLING, HANDLING: PLANNED, PLANNED: DONE}
# What must be said when a request comes in a state.
NEEDS_DAY = (PLANNED,)
NEEDS_REASON = (DECLINED, WITHDRAWN)

OVERDUE_AFTER = 10  # working days without an answer
ANSWER_WITHIN = 5  # working days, as the confirmation promises

# No look-alikes (0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V, Q) and no vowels, so that no word can appear.
ALPHABET = "34679CDFGHJKMNPRTWXY"
_MOST = 78  # characters of a subject
SECTOR_LEVELS = {"po": "po", "vo": "vo"}  # (V)SO may be either: it is asked


def make_reference(today: date) -> str:
    """A number for a request that can be read out over the telephone, such as KT-2026-7K4X."""
    return f"KT-{today.year}-" + "".join(secrets.choice(ALPHABET) for _ in range(4))


def recipients(kind: str, level: str, mailboxes: Mapping[str, str]) -> list[str]:
    """The addresses that a request goes to, each once.

    PO and VO: Professionaliseren, juni 2021. Only the block about starting names both; for the
    other three the VO mailbox is this project's reading.
    """
    if kind == VERWIJSINDEX:
        keys = ["verwijsindex"]
    else:
        keys = ["po", "vo"] if level == "both" else [level]
    return list(dict.fromkeys(mailboxes[key] for key in keys))


def subject_line(reference: str, kind: str, level: str, school: str) -> str:
    """The subject under which every mail about a request goes, so that they form one thread.

    The Verwijsindex asks for its name in the subject and nothing else (Routeboek jan. 2024).
    """
    name = KINDS_BY_KEY[kind].name
    about = name if kind == VERWIJSINDEX else f"{name} ({LEVEL_NAMES[level]})"
    line = one_line(f"[{reference}] {about} – {school}")
    return line if len(line) <= _MOST else line[: _MOST - 1].rstrip() + "…"


def likely_next(kind: str, state: str) -> str:
    """The state that usually follows, "" after the end. An account (Verwijsindex) has no session
    to plan."""
    after = LIKELY.get(state, "")
    return DONE if after == PLANNED and kind == VERWIJSINDEX else after


def waits_too_long(state: str, received: date, today: date, calendar: Calendar) -> bool:
    """Whether nobody did anything with a request for more than ten working days."""
    return state == RECEIVED and calendar.count_working_days(received, today) > OVERDUE_AFTER


def school_year(day: date) -> int:
    """The year in which the school year of `day` began; it begins on 1 August."""
    return day.year if day.month >= 8 else day.year - 1


class Statistics(NamedTuple):
    """How many requests there are about something, and how long they take."""

    name: str
    asked: int
    open: int
    done: int
    declined: int
    withdrawn: int
    median_days: int | None  # median of the working days from asking to done; None: none is done


class RequestFact(NamedTuple):
    """A request as the overview counts it."""

    kind: str
    subject: str
    municipality: str
    state: str
    received: date
    closed: date | None


def tally(
    rows: Iterable[tuple[str, RequestFact]], calendar: Calendar, names: Iterable[str] = ()
) -> list[Statistics]:
    """Count the requests under each name; `names` are shown also where nobody asked."""
    groups: dict[str, list[RequestFact]] = {name: [] for name in names}
    for name, row in rows:
        groups.setdefault(name, []).append(row)
    return [
        Statistics(
            name,
            len(group),
            sum(row.state in OPEN for row in group),
            sum(row.state == DONE for row in group),
            sum(row.state == DECLINED for row in group),
            sum(row.state == WITHDRAWN for row in group),
            _median(
                calendar.count_working_days(row.received, row.closed)
                for row in group
                if row.state == DONE and row.closed
            ),
        )
        for name, group in groups.items()
    ]


def _median(numbers: Iterable[int]) -> int | None:
    ordered = sorted(numbers)
    return ordered[len(ordered) // 2] if ordered else None
