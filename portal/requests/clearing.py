"""Clears requests of which the period is over: also the mails that hold the same text."""

from datetime import datetime

from portal import audit
from portal.database import db, skip_locked
from portal.mail import outbox
from portal.requests import mails
from portal.requests.models import PlannedSession, Request, RequestDetails, RequestStep
from portal.requests.state_rules import CLOSED, State


def clear_closed(before: datetime) -> int:
    """Clear the personal data of the requests that were closed before this moment (aware UTC);
    gives their number. School, subject and dates stay."""
    with db.atomic():
        is_over = Request.state.in_(CLOSED) & (Request.closed_at < before)
        query = Request.select(Request.id).join(RequestDetails).where(is_over)
        # Locked, so that one that is reopened at this moment keeps its data.
        old = [row.id for row in skip_locked(query)]
        for request in old:
            RequestDetails.delete().where(RequestDetails.request == request).execute()
            steps = RequestStep.select(RequestStep.id).where(RequestStep.request == request)
            PlannedSession.delete().where(PlannedSession.step.in_(steps)).execute()
            RequestStep.update(text="").where(RequestStep.request == request).execute()
            Request.update(account=None, unread_since=None).where(Request.id == request).execute()
            outbox.clear(mails.key_prefix(request))
            audit.record(None, "cleared", "request", request)
        return len(old)


def clear_unconfirmed(before: datetime) -> int:
    """Delete the requests that were filled in before this moment (aware UTC) and never confirmed;
    gives their number."""
    with db.atomic():
        is_over = (Request.state == State.UNCONFIRMED) & (Request.created_at < before)
        # Locked, so that one that is confirmed at this moment stays.
        old = [row.id for row in skip_locked(Request.select(Request.id).where(is_over))]
        for request in old:
            Request.delete().where(Request.id == request).execute()
            outbox.clear(mails.key_prefix(request))
            audit.record(None, "deleted", "request", request)
        return len(old)
