"""Reports: a reader says that something is wrong, other readers see it, and somebody answers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from werkzeug.exceptions import TooManyRequests

from portal import clock, phones, throttle
from portal.accounts.models import Account
from portal.database import db, fetch_tuples, for_update, lock
from portal.database.directory_version import lock_directory
from portal.database.validity import valid_on
from portal.directory import schools_and_kernen as directory
from portal.directory import who_works_or_is_absent
from portal.directory.change_sets import Change, ChangeSet
from portal.directory.checked_rows import record_check
from portal.directory.contact_details import Contact, list_contact_points
from portal.directory.models import Assignment, CheckedBy, ContactDetail, at_workplace
from portal.directory.schools_and_kernen import SchoolRow, list_members
from portal.directory.who_works_or_is_absent import find_employer, list_holders
from portal.mail.outbox import enqueue
from portal.quality import mails, shown_doubts
from portal.quality.models import UNANSWERED, Report, ReportKind, ReportState
from portal.quality.permissions import list_coordinators, list_editors, may_answer_report
from portal.quality.shown_doubts import describe_fault, select_reports
from portal.site import Site
from portal.throttle import Limit
from portal.web.forms import read_number
from portal.workdays import Calendar

_PER_REPORTER = Limit("reports", 20, timedelta(hours=1))
_PASS_ON_AFTER = 5  # working days
_UNANSWERED = Report.state.in_(UNANSWERED)


TOO_MANY = "Je meldde het laatste uur al veel. Probeer het over een uur nog een keer."


class TooMany(TooManyRequests):
    """The account reported or confirmed more in an hour than anybody finds by calling. The error page answers it where
    no form does, as that of `accounts/pending_forms.py`."""


class Reporter(NamedTuple):
    """The one who reports: with an account, or from a trusted network."""

    account: Account | None
    network: str  # a hash; of who came by the link of their own mail the owner; "" with an account
    email: str = ""  # where the outcome goes, without an account

    @property
    def key(self) -> str:
        """A text that tells reporters apart."""
        return f"account {self.account.id}" if self.account else self.network

    @property
    def is_known(self) -> bool:
        """Whether it is a person that the portal knows."""
        return self.account is not None or self.network.startswith("p")


class OpenReport(NamedTuple):
    """The reports of one fault that nobody answered yet."""

    id: int  # of the first
    about: str  # the name of the person, contact point or school
    said: str  # the end of a Dutch sentence, with the value or the reporter's words
    day: date
    times: int
    state: ReportState
    organisation: int  # id


# ---- To report ---------------------------------------------------------------------------------


def find_contact(owner: str) -> Contact | None:
    """The contact with this owner (as in Contact) today, with what the viewer may see."""
    kind, key, today = owner[:1], owner[1:], clock.today()
    if kind == "p" and (number := read_number(key)):
        found = who_works_or_is_absent.list_people(today, [number])
        return found[0].contact if found else None
    if kind == "c":
        contacts = (point.contact for point in list_contact_points(today))
        return next((contact for contact in contacts if contact.owner == owner), None)
    school = directory.find_school(key) if kind == "s" else None
    return school.as_contact()._replace(name=school.name) if school else None


def find_post_school(contact: Contact, code: str) -> SchoolRow | None:
    """The school with this code, or its kern, where the person of a contact works or stands in today."""
    holders = list_holders(clock.today(), _with_kern(code)) if contact.person_id and code else []
    at = {one.person_id: row.school for row in holders for one in (row.contact, row.substitute) if one}
    return next(iter(directory.list_schools_by_code([at.get(contact.person_id, "")])), None)


def add_report(
    contact: Contact, line: str, school: str, text: str, reporter: Reporter, site: Site
) -> tuple[Report, bool]:
    """Store that a line of a contact is wrong, at the school with this code ("": everywhere), and
    mail those who answer; gives the report, and whether it is new. A second one of the same
    reporter adds its text only. Raises TooMany."""
    fault, _, detail = line.partition("-")
    if fault not in (ReportKind.GONE, ReportKind.OTHER_PERSON):
        school = ""  # it is the same everywhere
    topic = " ".join(filter(None, (contact.owner, line, school)))
    now, today = clock.now(), clock.today()
    with db.atomic():
        lock(f"report {topic}")
        same = list(Report.select().where((Report.topic == topic) & _UNANSWERED))
        earlier = [(clock.day_of(row.at), Reporter(row.account, row.network).key) for row in same]
        for row, (day, key) in zip(same, earlier, strict=True):
            if key == reporter.key and (reporter.is_known or day == today):
                Report.update(text=text or row.text).where(Report.id == row.id).execute()
                return row, False
        if not throttle.attempt(_PER_REPORTER, reporter.key):
            raise TooMany
        is_shown = shown_doubts.is_shown(reporter.key, reporter.is_known, today, earlier)
        if is_shown and not reporter.is_known:
            is_shown = throttle.attempt(shown_doubts.SHOWN_PER_NETWORK, reporter.network)
        kind, key = contact.owner[0], contact.owner[1:]
        report = Report(
            person=contact.person_id, contact_point=key if kind == "c" else None,
            **at_workplace(key if kind == "s" else school), detail=read_number(detail),
            fault=fault, topic=topic, text=text, account=reporter.account,
            network=reporter.network, email=reporter.email, at=now, is_shown=is_shown,
        )  # fmt: skip
        editors = list_editors(_find_organisation(report)) if report.person else []
        report.state = ReportState.OPEN if editors else ReportState.COORDINATOR
        report.save()
        told = editors or list_coordinators()
        _tell((one for one in told if one != reporter.account), site)
    return report, True


def _find_organisation(report: Report) -> int:
    """The organisation (id) that a report is about."""
    if report.person:
        return find_employer(report.person, clock.today())
    owner: Any = report.contact_point or report.school
    return int(owner.organisation_id)


def _tell(accounts: Iterable[Account], site: Site) -> None:
    """Mail that something was reported, at most once a day."""
    for account in accounts:
        enqueue(mails.reported(account, clock.today(), site), site.mail_host)


# ---- To answer ---------------------------------------------------------------------------------


def list_open(organisation: int | None = None) -> list[OpenReport]:
    """The faults that nobody answered, about an organisation (id) or all, the oldest first."""
    found: dict[str, Report] = {}
    rows = list(select_reports().where(_UNANSWERED).order_by(Report.at, Report.id))
    times = Counter(row.topic for row in rows)
    for row in rows:
        found.setdefault(row.topic, row)
    faults = (
        OpenReport(
            row.id, get_name(row), _describe_whole(row), clock.day_of(row.at), times[row.topic],
            row.state, _find_organisation(row),
        )
        for row in found.values()
    )  # fmt: skip
    return [fault for fault in faults if organisation in (None, fault.organisation)]


def _describe_whole(report: Report) -> str:
    """The fault of a report with the number or address, or in the words of the reporter."""
    if report.fault is ReportKind.OTHER and report.text:
        return f"{describe_fault(report)}: “{report.text}”"
    value = f" ({phones.grouped(report.detail.value)})" if report.detail else ""
    return f"{describe_fault(report)}{value}"


def get_name(report: Report) -> str:
    """The name of what a report is about."""
    about: Any = report.person or report.contact_point or report.school
    return str(about.name)


def find_report(number: int, account: Account) -> Report | None:
    """The report with this id, with what it is about, where the owner of the account may answer it."""
    report: Report | None = select_reports().where(Report.id == number).get_or_none()
    found = report is not None and may_answer_report(account, report.person)
    return report if found else None


def list_same(report: Report) -> list[Report]:
    """The reports of the same fault in the same state, the first one first."""
    same = (Report.topic == report.topic) & (Report.state == report.state)
    return list(Report.select().where(same).order_by(Report.at, Report.id))


def is_about(report: Report, table: str, key: str, refers: Mapping[str, Any]) -> bool:
    """Whether a row with this primary key, which `refers` to others by columns with their keys, is
    what a report says is wrong."""
    if report.detail_id:
        return (table, key) == ("contact_detail", str(report.detail_id))
    if report.person_id and report.fault is not ReportKind.OTHER:
        is_own = table == "assignment" and refers.get("person") == report.person_id
        at = report.school_id or report.kern_id
        return is_own and at in (None, refers.get("school"), refers.get("kern"))
    subject = next(s for s in ("person", "contact_point", "school") if getattr(report, f"{s}_id"))
    number = getattr(report, f"{subject}_id")
    return refers.get(subject) == number or (table, key) == (subject, str(number))


def is_mended(report: Report) -> bool:
    """Whether something that a report is about was changed since, by an edit, notice or import."""
    own = ContactDetail.select(ContactDetail.id).where(
        ContactDetail.contact_point.is_null(False) & (ContactDetail.contact_point == report.contact_point_id)
    )
    details = {str(number) for (number,) in fetch_tuples(own)}
    changes = Change.select().join(ChangeSet)
    return any(
        change.says_otherwise
        and is_about(
            report, change.table, change.row,
            {
                "person": change.person, "school": change.school,
                "contact_point": (
                    report.contact_point_id
                    if change.table == "contact_detail" and change.row in details
                    else None
                ),
            },
        )
        for change in changes.where((ChangeSet.at >= report.at) & ~Change.undone)
    )  # fmt: skip


def answer(report: Report, account: Account, state: ReportState, site: Site) -> bool:
    """Answer all reports of a fault, and mail their reporters; False where somebody did already. The answer that all is
    right is recorded as a check by the organisation, of the rows that the report names."""
    with db.atomic():
        lock_directory()
        topic = (Report.topic == report.topic) & _UNANSWERED
        found = list(for_update(select_reports().where(topic).order_by(Report.id)))
        _close(found, account, state, site)
        if found and state is ReportState.REFUSED and report.fault is not ReportKind.OTHER:
            record_check(_list_rows(report), CheckedBy.ORGANISATION, account.id, ref=report.id)
    return bool(found)


def _close(reports: Sequence[Report], by: Account, state: ReportState, site: Site) -> None:
    """Store the answer, and mail the reporters other than who gives it."""
    ids = [report.id for report in reports]
    Report.update(state=state, answered_by=by, answered_at=clock.now()).where(Report.id.in_(ids)).execute()
    for report in reports:
        account = report.account
        has_account = account is not None and account.is_active(clock.today())
        recipient = account.address if account and has_account else report.email
        if recipient and account != by:
            said = describe_fault(report)
            mail = mails.answered(report, get_name(report), said, state, recipient)
            enqueue(mail, site.mail_host)


def _list_rows(report: Report) -> list[Any]:
    """The rows of the directory that a report is about."""
    if report.detail:
        return [report.detail]
    if report.person:
        return list_posts(report.person_id, report.school_id or report.kern_id)
    return [report.contact_point or report.school]


def list_posts(person: int, school: str | None) -> list[Any]:
    """The posts of a person (id) today; all, or those at the school with this code and its kern."""
    held = (Assignment.person == person) & valid_on(Assignment, clock.today())
    if school:
        held &= Assignment.at(_with_kern(school))
    return list(Assignment.select().where(held))


def _with_kern(school: str) -> list[str]:
    """The code of a school, and that of its kern today."""
    kern = list_members(clock.today()).get(school)
    return [school, *([kern.code] if kern else [])]


# ---- Time --------------------------------------------------------------------------------------


def pass_on(site: Site) -> int:
    """Hand the reports that nobody answered for some working days, or for which no editor is left,
    to the coordinator, who keeps them; gives how many."""
    today, calendar = clock.today(), directory.get_calendar()
    is_open = Report.state == ReportState.OPEN
    late = [
        row.id for row in Report.select().where(is_open)
        if _is_to_pass_on(clock.day_of(row.at), today, calendar)
        or not list_editors(_find_organisation(row))
    ]  # fmt: skip
    with db.atomic():
        passed = Report.update(state=ReportState.COORDINATOR).where(Report.id.in_(late) & is_open).execute()
        if passed:
            _tell(list_coordinators(), site)
    return int(passed)


def _is_to_pass_on(day: date, today: date, calendar: Calendar) -> bool:
    """Whether a report of a day that nobody answered goes to the coordinator. A day in the future
    comes of a clock that was ahead."""
    return day > today or calendar.count_working_days(day, today) >= _PASS_ON_AFTER
