"""The subject of a report, who gets it first, and when it goes up."""

from datetime import date, timedelta

from portal.quality.models import ReportKind, ReportState
from portal.throttle import Limit
from portal.workdays import Calendar

PASS_ON_AFTER = 5  # working days
PER_REPORTER = Limit("reports", 20, timedelta(hours=1))
CONFIRMATIONS = Limit("confirmations", 60, timedelta(hours=1))  # of an account

DETAILS = {"phone": "nummer", "email": "e-mailadres", "website": "website"}


def first_state(*, has_editors: bool) -> ReportState:
    """The state of a new report: it is open for the editors of the organisation, and without one for the coordinator,
    as nobody else may change what it is about."""
    return ReportState.OPEN if has_editors else ReportState.COORDINATOR


def is_to_pass_on(day: date, today: date, calendar: Calendar) -> bool:
    """Whether a report of a day that nobody answered goes to the coordinator. A day in the future
    comes of a clock that was ahead."""
    return day > today or calendar.count_working_days(day, today) >= PASS_ON_AFTER


def describe_fault(fault: ReportKind, kind: str, school: str) -> str:
    """The fault as the end of a Dutch sentence: about a detail of this DetailKind, or a post at the
    school of this name ("": none)."""
    at, this = f"bij {school}" if school else "hier", "deze" if kind == "website" else "dit"
    detail = f"{this} {DETAILS[kind]}" if kind in DETAILS else "een nummer of adres"
    return {
        ReportKind.DETAIL: f"{detail} niet klopt",
        ReportKind.GONE: f"deze persoon {at} niet meer werkt",
        ReportKind.OTHER_PERSON: f"{at} iemand anders werkt",
        ReportKind.OTHER: "hier iets niet klopt",
    }[fault]
