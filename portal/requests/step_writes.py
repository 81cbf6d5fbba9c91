"""Changes to a request that was sent: the steps of the coordinator, the notes of the requester and
the withdrawal. Each is stored together with the mails that it causes."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from peewee import fn

from portal import audit, clock, throttle
from portal.database import db, for_update
from portal.mail.outbox import enqueue
from portal.requests import mails, session_calendar, state_rules
from portal.requests.limits import LINK_STEPS, NOTES, LimitReached
from portal.requests.models import PlannedSession, Request, RequestStep
from portal.requests.queries import RequestRow, Step, find_request, get_request, list_steps
from portal.requests.session_calendar import Appointment
from portal.requests.session_hours_and_invitees import Session
from portal.requests.signed_links import make_follow_link, make_mailbox_links
from portal.requests.state_rules import State, StepKind
from portal.site import Site


class StepNotAllowed(Exception):
    """The request is no longer in a state in which this step is possible, or it was cleared."""


class _StoredStep(NamedTuple):
    """A step, the request after it, and its effect on calendars."""

    step: Step
    row: RequestRow
    appointment: Appointment | None  # None: no effect
    called_off: Appointment | None  # as it was, for those who are no longer invited


def take_step(
    request: int,
    kind: StepKind,
    actor: int | None,
    site: Site,
    session: Session | None = None,
    text: str = "",
    owner: int | None = None,
    link_step: int | None = None,
) -> None:
    """Take a step of the coordinator: another state, an answer, or something internal. The requester is mailed unless
    it is internal; where it changes calendars, so are the mailboxes and who is invited.

    `session` is the one that is planned and `owner` the account that handles the request from now on; without one, the
    first who takes a step. By a link to a mailbox, `link_step` is the newest step (id) when it was mailed. Raises
    StepNotAllowed, also where the request has this state, session and text already, or the link took this step before;
    and LimitReached.
    """
    with db.atomic():
        present = _find_for_update(request)
        if present.is_cleared or (kind in state_rules.STATE_KINDS and not _can_move(present, kind, session, text)):
            raise StepNotAllowed
        if link_step is not None:
            if kind in list_taken_by_link(list_steps(request), link_step):
                raise StepNotAllowed
            if not throttle.attempt(LINK_STEPS, str(request)):
                raise LimitReached
        stored = _store_step(present, kind, actor, session, text, owner)
        audit.record(actor, kind, "request", request)
        if kind in state_rules.INTERNAL_KINDS:
            return
        if stored.appointment:
            _mail_mailboxes(stored, site)
            _mail_invitees(stored, site)
        _mail_requester(stored, site)


def _can_move(row: RequestRow, kind: StepKind, session: Session | None, text: str) -> bool:
    if kind == StepKind.PLANNED and row.state == State.PLANNED:
        planned = [step for step in list_steps(row.id) if step.session]
        return not planned or planned[-1].session != session or text not in ("", planned[-1].text)
    return State(kind) in state_rules.TRANSITIONS[row.state]


def list_taken_by_link(steps: Iterable[Step], link_step: int) -> set[StepKind]:
    """The kinds of step taken without an account after the step (id) at which a link was mailed."""
    return {step.kind for step in steps if step.id > link_step and not step.actor}


def add_note(request: int, text: str, site: Site) -> None:
    """Add a note of the requester and mail it to the mailboxes.

    Raises StepNotAllowed where the request is closed, LimitReached after ten notes in an hour.
    """
    with db.atomic():
        present = _find_for_update(request)
        if not present.is_open:
            raise StepNotAllowed
        if not throttle.attempt(NOTES, str(request)):
            raise LimitReached
        _mail_mailboxes(_store_step(present, StepKind.NOTE, text=text), site)


def withdraw(request: int, text: str, site: Site) -> None:
    """Withdraw a request on behalf of the requester, and mail both sides. Raises StepNotAllowed
    where the request is closed."""
    with db.atomic():
        present = _find_for_update(request)
        if not present.is_open:
            raise StepNotAllowed
        stored = _store_step(present, StepKind.WITHDRAWN, text=text)
        _mail_mailboxes(stored, site)
        _mail_invitees(stored, site)
        _mail_requester(stored, site)


def _find_for_update(request: int) -> RequestRow:
    """The present request: nobody else changes it until the transaction of the caller ends."""
    for_update(Request.select(Request.id).where(Request.id == request)).execute()
    row = find_request(request)
    if row is None:
        raise StepNotAllowed
    return row


def _store_step(
    present: RequestRow,
    kind: StepKind,
    actor: int | None = None,
    session: Session | None = None,
    text: str = "",
    owner: int | None = None,
) -> _StoredStep:
    request, now = present.id, clock.now()
    planned_on = session.day if session else None
    step = RequestStep.create(request=request, kind=kind, taken_at=now, actor=actor, planned_on=planned_on, text=text)
    if session:
        store_session(step, session)
    waiting = present.unread_since if kind in (StepKind.INTERNAL, StepKind.OWNER) else None
    changes: dict[str, Any] = {
        "unread_since": (present.unread_since or now) if kind in state_rules.REQUESTER_KINDS else waiting,
        "owner": owner or fn.COALESCE(Request.owner, actor),
    }
    if kind in state_rules.STATE_KINDS:
        changes |= {
            "state": State(kind),
            "planned_on": planned_on or Request.planned_on,
            "closed_at": now if State(kind) in state_rules.CLOSED else None,
        }
    Request.update(changes).where(Request.id == request).execute()
    appointments = list(session_calendar.history(list_steps(request, with_internal=True)))
    return _StoredStep(
        Step(step.id, kind, now, "", planned_on, text, session),
        get_request(request),
        appointments[-1],
        session_calendar.call_off(appointments),
    )


def store_session(step: RequestStep, session: Session) -> None:
    """Store the session that a step planned."""
    invitees = json.dumps(session.invitees, ensure_ascii=False)
    PlannedSession.create(step=step, **session._asdict() | {"invitees": invitees})


def _mail_requester(stored: _StoredStep, site: Site) -> None:
    link = make_follow_link(stored.row.id, site)
    calendar = _calendar(stored, site)
    mail = mails.step_to_requester(stored.row, stored.step, link, calendar)
    enqueue(mail, site.mail_host)


def _mail_mailboxes(stored: _StoredStep, site: Site) -> None:
    links, calendar = make_mailbox_links(stored.row.id, site), _calendar(stored, site)
    for recipient in stored.row.recipients:
        mail = mails.step_to_mailbox(stored.row, stored.step, recipient, links, calendar)
        enqueue(mail, site.mail_host)


def _mail_invitees(stored: _StoredStep, site: Site) -> None:
    """Mail those who are invited beside the requester and the mailboxes, and those who no longer are."""
    row, appointment = stored.row, stored.appointment
    if not appointment:
        return
    others = {address.casefold() for address in (*row.recipients, row.email, site.sender)}
    invitations = [(appointment, _calendar(stored, site))]
    if off := stored.called_off:
        cancel = session_calendar.icalendar(row, off, site.sender, invitees_only=True).decode()
        invitations.append((off, cancel))
    for appointment, calendar in invitations:
        for invitee in appointment.invitees:
            if invitee.address not in others:
                mail = mails.invitation(row, stored.step.id, appointment, invitee, calendar)
                enqueue(mail, site.mail_host)


def _calendar(stored: _StoredStep, site: Site) -> str:
    if not stored.appointment:
        return ""
    return session_calendar.icalendar(stored.row, stored.appointment, site.sender).decode()
