"""A form that meets nobody signed in is kept, and completed after signing in.

Nothing of it is lost but a burgerservicenummer, which is never stored. It waits for the browser
that filled it in, for a day, and is shown before it is sent.
"""

import json

from flask import request, url_for

from portal import clock
from portal.accounts.browser import browser_id
from portal.accounts.models import KeptForm
from portal.accounts.signing_in import digest
from portal.privacy.bsn import without_bsn

Fields = list[tuple[str, str]]


def keep_form() -> str:
    """Keep the form of this request; gives the address where it is completed."""
    fields = [
        (name, without_bsn(value))
        for name, value in request.form.items(multi=True)
        if name != "csrf_token"
    ]
    form = KeptForm.create(
        browser_hash=digest(browser_id()),
        path=without_bsn(request.full_path.rstrip("?")),
        fields=json.dumps(fields),
        created_at=clock.now(),
    )
    return url_for("accounts.resume_form", kept_id=form.id)


def find_form(kept: int, browser: str) -> tuple[str, Fields] | None:
    """Where a kept form of this browser was going, and what was filled in."""
    form = KeptForm.get_or_none((KeptForm.id == kept) & (KeptForm.browser_hash == digest(browser)))
    return None if form is None else (form.path, [tuple(f) for f in json.loads(form.fields)])
