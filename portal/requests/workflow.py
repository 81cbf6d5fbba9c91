"""Changes to a request that was sent: the coordinator moves it to another state, the requester
adds a note or withdraws it. Each is stored together with the mails that it causes."""

from datetime import date, timedelta
from typing import NamedTuple

from portal import audit, clock, throttle
from portal.database import db, for_update
from portal.mail.outbox import enqueue
from portal.requests import ical, mails
from portal.requests.links import admin_link, make_follow_link
from portal.requests.models import Request, RequestStep
from portal.requests.queries import RequestRow, Step, find_request, get_request, list_steps
from portal.requests.states import CLOSED, TRANSITIONS, State, StepKind
from portal.requests.submission import LimitReached
from portal.site import Site
from portal.throttle import Limit

NOTES = Limit("request note", 10, timedelta(hours=1))


class StepNotAllowed(Exception):
    """The request is no longer in a state in which this step is possible, or it was cleared."""


class _StoredStep(NamedTuple):
    """A step, the request after it, and its effect on calendars."""

    id: int
    step: Step
    row: RequestRow
    calendar: str  # iCalendar; "": no effect


def move(
    request: int,
    state: State,
    actor: int,
    site: Site,
    planned_on: date | None = None,
    text: str = "",
) -> None:
    """Move a request to another state and mail the requester, and the mailboxes where it changes
    calendars. `planned_on` is the day of the session. Raises StepNotAllowed, also where the request
    has this state and day already."""
    with db.atomic():
        present = _find_for_update(request)
        is_same = (state, planned_on) == (present.state, present.planned_on)
        if is_same or state not in TRANSITIONS[present.state] or present.is_cleared:
            raise StepNotAllowed
        stored = _store_step(request, StepKind(state), site, actor, planned_on, text)
        audit.record(actor, state, "request", request)
        if stored.calendar:
            _mail_mailboxes(stored, site)
        _mail_requester(stored, site)


def add_note(request: int, text: str, site: Site) -> None:
    """Add a note of the requester and mail it to the mailboxes.

    Raises StepNotAllowed where the request is closed, LimitReached after ten notes in an hour.
    """
    with db.atomic():
        if not _find_for_update(request).is_open:
            raise StepNotAllowed
        if not throttle.attempt(NOTES, str(request)):
            raise LimitReached
        _mail_mailboxes(_store_step(request, StepKind.NOTE, site, text=text), site)


def withdraw(request: int, text: str, site: Site) -> None:
    """Withdraw a request on behalf of the requester, and mail both sides. Raises StepNotAllowed
    where the request is closed."""
    with db.atomic():
        if not _find_for_update(request).is_open:
            raise StepNotAllowed
        stored = _store_step(request, StepKind.WITHDRAWN, site, text=text)
        _mail_mailboxes(stored, site)
        _mail_requester(stored, site)


def _find_for_update(request: int) -> RequestRow:
    """The present request: nobody else changes it until the transaction of the caller ends."""
    for_update(Request.select(Request.id).where(Request.id == request)).execute()
    row = find_request(request)
    if row is None:
        raise StepNotAllowed
    return row


def _store_step(
    request: int,
    kind: StepKind,
    site: Site,
    actor: int | None = None,
    planned_on: date | None = None,
    text: str = "",
) -> _StoredStep:
    now = clock.now()
    step = RequestStep.create(
        request=request, kind=kind, taken_at=now, actor=actor, planned_on=planned_on, text=text
    )
    if kind != StepKind.NOTE:
        state = State(kind)
        Request.update(
            state=state,
            planned_on=planned_on or Request.planned_on,
            closed_at=now if state in CLOSED else None,
        ).where(Request.id == request).execute()
    row = get_request(request)
    appointment = ical.last_change(list_steps(request))
    calendar = ical.icalendar(row, appointment, site.sender).decode() if appointment else ""
    return _StoredStep(int(step.id), Step(kind, now, "", planned_on, text), row, calendar)


def _mail_requester(stored: _StoredStep, site: Site) -> None:
    link = make_follow_link(stored.row.id, site)
    mail = mails.step_to_requester(stored.row, stored.id, stored.step, link, stored.calendar)
    enqueue(mail, site.mail_host)


def _mail_mailboxes(stored: _StoredStep, site: Site) -> None:
    link = admin_link(stored.row.id, site)
    for recipient in stored.row.recipients:
        mail = mails.step_to_mailbox(
            stored.row, stored.id, stored.step, recipient, link, stored.calendar
        )
        enqueue(mail, site.mail_host)
