"""Mail that came back as a report: the address that got it is wrong."""

from peewee import fn

from portal import clock
from portal.database import db, lock
from portal.database.validity import valid_on
from portal.directory.models import ContactDetail, DetailKind
from portal.quality.models import UNANSWERED, Report, ReportKind, ReportState

REPORTER = "mail"  # stands where a network does


def report_dead_address(address: str, answer: str) -> None:
    """Report to the coordinator, in the caller's transaction, that a mail address does not exist: each detail that has
    it today, once as long as nobody answered. `answer` is that of the server. An address that only an account has is no
    part of the directory; its mail is listed under Post."""
    is_it = (ContactDetail.kind == DetailKind.EMAIL) & (fn.LOWER(ContactDetail.value) == address.lower())
    today = clock.today()
    for detail in ContactDetail.select().where(is_it & valid_on(ContactDetail, today)):
        point = detail.contact_point_id
        owner = f"c{point}" if point else f"p{detail.person_id}"
        topic = f"{owner} {ReportKind.DETAIL}-{detail.id}"  # as of a reader
        with db.atomic():
            lock(f"report {topic}")
            same = (Report.topic == topic) & Report.state.in_(UNANSWERED)
            if Report.select().where(same & (Report.network == REPORTER)).exists():
                continue
            Report.create(
                person=detail.person_id, contact_point=point, detail=detail,
                fault=ReportKind.DETAIL, topic=topic,
                text=f"De mail aan dit adres kwam terug. Het antwoord was: {answer}",
                network=REPORTER, at=clock.now(), is_shown=True, state=ReportState.COORDINATOR,
            )  # fmt: skip
