"""Stores a submitted form when the session has expired, and restores it after sign-in.

A burgerservicenummer is removed before the form is stored. A form is kept for a day, belongs to the
browser that submitted it, and is shown before it is submitted again.
"""

import json
from datetime import datetime, timedelta

from flask import request, url_for
from werkzeug.exceptions import TooManyRequests

from portal import clock, throttle
from portal.accounts.models import PendingForm
from portal.accounts.sessions import make_browser_id
from portal.keys import hash_secret
from portal.privacy.bsn import without_bsn
from portal.text import clean
from portal.throttle import Limit

Fields = list[tuple[str, str]]

# Visitors who are not signed in cause these rows, so both limits keep them from filling the disk.
PER_NETWORK = Limit("kept form", 60, timedelta(hours=1))
MAX_FORMS = 1000  # at most 64 kB each: MAX_CONTENT_LENGTH
KEPT_FOR = timedelta(hours=24)


def store_pending_form(network: str) -> str:
    """Store the form of the current request, from `network`; returns the URL that restores it.

    Raises TooManyRequests above either limit; the error page then shows the typed text.
    """
    if PendingForm.select().count() >= MAX_FORMS or not throttle.attempt(PER_NETWORK, network):
        raise TooManyRequests
    fields = [
        (name, without_bsn(clean(value)))
        for name, value in request.form.items(multi=True)
        if name != "csrf_token"
    ]
    form = PendingForm.create(
        browser_hash=hash_secret(make_browser_id()),
        path=without_bsn(request.full_path.rstrip("?")),
        fields=json.dumps(fields),
        created_at=clock.now(),
    )
    return url_for("accounts.resume_form", form_id=form.id)


def find_pending_form(form_id: int, browser: str) -> tuple[str, Fields] | None:
    """The path and the fields of a pending form of this browser."""
    form = PendingForm.get_or_none(
        (PendingForm.id == form_id) & (PendingForm.browser_hash == hash_secret(browser))
    )
    if form is None:
        return None
    return form.path, [(name, value) for name, value in json.loads(form.fields)]


def clear_pending_forms(before: datetime) -> int:
    """Delete the forms stored before this moment (aware, UTC); returns their number."""
    return int(PendingForm.delete().where(PendingForm.created_at < before).execute())
