"""A form that meets nobody signed in is kept, and completed after signing in.

Nothing of it is lost but a burgerservicenummer, which is never stored. It waits for the browser
that filled it in, for a day, and is shown before it is sent.
"""

import json
from datetime import timedelta

from flask import request, url_for
from werkzeug.exceptions import TooManyRequests

from portal import clock, throttle
from portal.accounts.browser import browser_id
from portal.accounts.models import PendingForm
from portal.accounts.sign_in_links import digest
from portal.privacy.bsn import without_bsn
from portal.throttle import Limit

Fields = list[tuple[str, str]]

# Anybody can send a form: what is kept may not fill the disk.
PER_NETWORK = Limit("kept form", 60, timedelta(hours=1))
ALTOGETHER = 1000  # each of at most 64 kB, as any form: MAX_CONTENT_LENGTH


def store_pending_form(network: str) -> str:
    """Keep the form of this request, from `network`; gives the address where it is completed.

    Raises TooManyRequests where too many wait already; then the answer shows what was typed.
    """
    if PendingForm.select().count() >= ALTOGETHER or not throttle.attempt(PER_NETWORK, network):
        raise TooManyRequests
    fields = [
        (name, without_bsn(value))
        for name, value in request.form.items(multi=True)
        if name != "csrf_token"
    ]
    form = PendingForm.create(
        browser_hash=digest(browser_id()),
        path=without_bsn(request.full_path.rstrip("?")),
        fields=json.dumps(fields),
        created_at=clock.now(),
    )
    return url_for("accounts.resume_form", kept_id=form.id)


def find_form(kept: int, browser: str) -> tuple[str, Fields] | None:
    """Where a kept form of this browser was going, and what was filled in."""
    form = PendingForm.get_or_none(
        (PendingForm.id == kept) & (PendingForm.browser_hash == digest(browser))
    )
    return None if form is None else (form.path, [tuple(f) for f in json.loads(form.fields)])
