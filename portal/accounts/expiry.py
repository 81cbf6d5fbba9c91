"""Deletes what nobody can use any more: sessions, requests for a link, tries, kept forms."""

from datetime import timedelta

from portal import clock
from portal.accounts.models import PendingForm, SignInRequest, SignInSession
from portal.accounts.roles import ROLES
from portal.database import db
from portal.throttle.models import Attempt

FORGETTING = "forget"
_KEPT = timedelta(hours=24)


def forget_old() -> None:
    """Forget what is over at this moment."""
    now = clock.now()
    longest = max(role.absolute for role in ROLES.values())
    with db.atomic():
        SignInSession.delete().where(SignInSession.created_at < now - longest).execute()
        SignInRequest.delete().where(SignInRequest.created_at < now - _KEPT).execute()
        Attempt.delete().where(Attempt.at < now - _KEPT).execute()
        PendingForm.delete().where(PendingForm.created_at < now - _KEPT).execute()
