"""The doubts that the rows of the finder show: which reports, from when on, and who confirmed nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from peewee import JOIN

from portal import clock
from portal.database import fetch_tuples
from portal.database.cache import cached_until_change
from portal.directory.contact_details import Detail
from portal.directory.models import ContactDetail, ContactPoint, Kern, Person, School
from portal.quality.models import UNANSWERED, Confirmation, ConfirmationRound, Report, ReportKind
from portal.quality.round_schedule import Step
from portal.throttle import Limit
from portal.web.formatting import day

# From a network where nobody signs in, so that nobody marks a whole region wrong.
SHOWN_PER_NETWORK = Limit("shown reports", 3, timedelta(hours=1))
DETAILS = {"phone": "nummer", "email": "e-mailadres", "website": "website"}


def is_shown(reporter: str, is_known: bool, on: date, earlier: Collection[tuple[date, str]]) -> bool:
    """Whether other readers see a report of the day `on`: at once where it is known who reports,
    otherwise where somebody else reported the same, or the same network on another day. `earlier`
    are the reports of this fault that nobody answered yet, by day and account or network."""
    return is_known or any(one != (on, reporter) for one in earlier)


def get_line(detail: Detail) -> str:
    """The name of a detail in the topic of a report; that of a school has no id."""
    return f"{ReportKind.DETAIL}-{detail.id or detail.kind}"


def list_faults(owner: str, detail: Detail | None = None) -> list[str]:
    """The faults that readers reported of an owner (as in Contact), in Dutch sentences: all but
    what is about other details than this one."""
    faults = _list_shown().get(owner)
    if not faults:
        return []
    line = get_line(detail) if detail else ""
    return [said for about, said in faults if about in ("", line)]


@cached_until_change
def _list_shown() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Per owner the shown faults, each with its line ("" where it is not about a detail)."""
    shown: dict[str, tuple[str, str]] = {}
    unanswered = Report.is_shown & Report.state.in_(UNANSWERED)
    for report in select_reports().where(unanswered).order_by(Report.at, Report.id):
        line = report.topic.split()[1] if report.fault is ReportKind.DETAIL else ""
        said = f"Iemand meldde op {day(clock.day_of(report.at))} dat {describe_fault(report)}."
        shown[report.topic] = (line, said)
    by_owner: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for topic, fault in shown.items():
        by_owner[topic.split()[0]].append(fault)
    return by_owner


def say_fault(fault: ReportKind, kind: str, school: str) -> str:
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


def describe_fault(report: Report) -> str:
    """The fault of a report as the end of a Dutch sentence."""
    kind = report.detail.kind if report.detail else report.topic.rpartition("-")[2]
    school = (report.school or report.kern) if report.person else None
    return say_fault(report.fault, kind, school.name if school else "")


def select_reports() -> Any:
    """The query for the reports with what they are about."""
    query = Report.select(Report, Person, ContactPoint, School, Kern, ContactDetail)
    for model in (Person, ContactPoint, School, Kern, ContactDetail):
        query = query.join(model, JOIN.LEFT_OUTER).switch(Report)
    return query


@cached_until_change
def list_unconfirmed() -> Mapping[str, date]:
    """The people, as owner of a contact, who did not answer in the present round and whom nobody
    reached, each with the day on which they were asked."""
    silent = (Confirmation.step == Step.COORDINATOR) & Confirmation.asked_on.is_null(False)
    rows = Confirmation.select(Confirmation.person, Confirmation.asked_on).where(of_present_round() & silent)
    return {f"p{person}": asked_on for person, asked_on in fetch_tuples(rows)}


def of_present_round() -> Any:
    """The condition for the questions of the round that began last."""
    newest = ConfirmationRound.select(ConfirmationRound.id).order_by(ConfirmationRound.begins_on.desc())
    return Confirmation.round == newest.limit(1)
