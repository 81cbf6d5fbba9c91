"""What becomes of a request: the kernteam project moves it on, who asked adds or withdraws; and
in the end it is cleared."""

from datetime import date, datetime, timedelta

from portal import audit, clock, throttle
from portal.database import db
from portal.mail import outbox
from portal.mail.outbox import enqueue
from portal.requests import ical, mails
from portal.requests.models import Request, RequestDetails, RequestStep
from portal.requests.queries import RequestRow, Step, find_request, list_steps
from portal.requests.rules import CLOSED, NEXT, NOTE, OPEN, UNCONFIRMED, WITHDRAWN
from portal.requests.submission import TooOften, make_link
from portal.site import Site
from portal.throttle import Limit

NOTES = Limit("request note", 10, timedelta(hours=1))


class StepNotAllowed(Exception):
    """A request that is no longer in the state in which this could be done."""


def move(
    row: RequestRow, state: str, actor: int, site: Site, day: date | None = None, text: str = ""
) -> None:
    """Bring a request in another state and mail who asked. `day` is when a session is planned.

    Raises StepNotAllowed where somebody else was first, or the request was cleared.
    """
    with db.atomic():
        now = _lock(row.id)
        if state not in NEXT[now.state] or now.is_cleared:
            raise StepNotAllowed
        number, step = _step(row.id, state, actor, day, text)
        audit.record(actor, state, "request", row.id)
        changed, calendar = _with_calendar(row.id, site)
        if calendar:
            _tell_mailboxes(changed, number, step, site, calendar)
        link = f"{site.base_url}/aanvragen/volgen/{make_link(row.id)}"
        enqueue(mails.changed(changed, number, step, link, calendar), site.mail_host)


def add_note(row: RequestRow, text: str, site: Site) -> None:
    """Who asked adds something. Raises StepNotAllowed where the request is closed, TooOften where
    that was done often."""
    with db.atomic():
        if _lock(row.id).state not in OPEN:
            raise StepNotAllowed
        if not throttle.attempt(NOTES, str(row.id)):
            raise TooOften
        number, step = _step(row.id, NOTE, None, None, text)
        _tell_mailboxes(row, number, step, site)


def withdraw(row: RequestRow, text: str, site: Site) -> None:
    """Who asked withdraws the request. Raises StepNotAllowed where it is closed."""
    with db.atomic():
        if _lock(row.id).state not in OPEN:
            raise StepNotAllowed
        number, step = _step(row.id, WITHDRAWN, None, None, text)
        withdrawn, calendar = _with_calendar(row.id, site)
        _tell_mailboxes(withdrawn, number, step, site, calendar)
        link = f"{site.base_url}/aanvragen/volgen/{make_link(row.id)}"
        enqueue(mails.changed(withdrawn, number, step, link, calendar), site.mail_host)


def clear_closed(before: datetime) -> int:
    """Clear who asked and in which words, of what was closed before this moment, with the mails
    that hold the same; gives how many. What it was about and when stays."""
    with db.atomic():
        over = Request.state.in_(CLOSED) & (Request.closed_at < before)
        old = [row.id for row in Request.select(Request.id).join(RequestDetails).where(over)]
        for request in old:
            RequestDetails.delete().where(RequestDetails.request == request).execute()
            RequestStep.update(text="").where(RequestStep.request == request).execute()
            Request.update(account=None).where(Request.id == request).execute()
            outbox.clear(mails.prefix(request))
            audit.record(None, "cleared", "request", request)
        return len(old)


def clear_unconfirmed(before: datetime) -> int:
    """Delete what was filled in before this moment and never confirmed; gives how many."""
    with db.atomic():
        over = (Request.state == UNCONFIRMED) & (Request.created_at < before)
        old = [row.id for row in Request.select(Request.id).where(over)]
        for request in old:
            Request.delete().where(Request.id == request).execute()
            outbox.clear(mails.prefix(request))
            audit.record(None, "deleted", "request", request)
        return len(old)


def _lock(request: int) -> RequestRow:
    """The request as it is now, within the transaction."""
    row = find_request(request)
    if row is None:
        raise StepNotAllowed
    return row


def _step(
    request: int, what: str, actor: int | None, day: date | None, text: str
) -> tuple[int, Step]:
    now = clock.now()
    step = RequestStep.create(
        request=request, what=what, at=now, by=actor, planned_on=day, text=text
    )
    if what != NOTE:
        Request.update(
            state=what,
            planned_on=day if day else Request.planned_on,
            closed_at=now if what in CLOSED else None,
        ).where(Request.id == request).execute()
    return int(step.id), Step(what, now, "", day, text)


def _with_calendar(request: int, site: Site) -> tuple[RequestRow, str]:
    """The request after its last step, and what that changes in calendars ("": nothing)."""
    row, changed = _lock(request), ical.change(list_steps(request))
    return row, ical.icalendar(row, changed, site.sender).decode() if changed else ""


def _tell_mailboxes(
    row: RequestRow, number: int, step: Step, site: Site, calendar: str = ""
) -> None:
    link = f"{site.base_url}/beheer/aanvragen/{row.id}"
    for recipient in row.recipients:
        enqueue(mails.added(row, number, step, recipient, link, calendar), site.mail_host)
