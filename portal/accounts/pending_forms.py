"""Stores a submitted form when the session has expired, and restores it after sign-in.

A burgerservicenummer is removed before the form is stored. A form is kept for a day, belongs to the browser that
submitted it and to the account that last signed in there, and is shown before it is submitted again.
"""

import json
from datetime import timedelta

from flask import request, url_for
from werkzeug.exceptions import TooManyRequests

from portal import clock, throttle
from portal.accounts.models import Account, PendingForm
from portal.accounts.sessions import get_browser_id, get_last_account, is_familiar_browser, make_browser_id
from portal.database import db, lock
from portal.keys import hash_secret
from portal.privacy.pupil_data import without_bsn
from portal.text import clean
from portal.throttle import Limit
from portal.web.form_refusals import FormRefused
from portal.web.forms import list_sent

Fields = list[tuple[str, str]]

# Visitors who are not signed in cause these rows, so these limits keep them from filling the disk.
PER_NETWORK = Limit("kept form", 60, timedelta(hours=1))
PER_ACCOUNT = Limit("kept form of an account", 60, timedelta(hours=1))
MAX_FORMS = 1000  # at most 64 kB each: MAX_CONTENT_LENGTH
MAX_FIELD = 20_000  # bytes


def store_pending_form(network: str, *, repeat: bool = True) -> str:
    """Store the form of the current request, from `network`; returns the URL that restores it.

    Raises FormRefused where the browser sent no cookie of ours, where the address holds a secret or
    the form a code, and, without `repeat`, where the same form is stored already; TooManyRequests
    above a limit. The error page then shows the typed text.
    """
    if not is_familiar_browser():
        raise FormRefused("cookies")
    has_secret = request.url_rule and "<secret:" in request.url_rule.rule
    if has_secret or request.blueprint == "second_factor":
        raise FormRefused("token")
    fields = [(name, without_bsn(clean(value))) for name, value in list_sent() if len(value.encode()) <= MAX_FIELD]
    form = PendingForm(
        browser_hash=hash_secret(make_browser_id()),
        account=Account.get_or_none(Account.id == get_last_account()),
        path=without_bsn(request.full_path.rstrip("?")),
        fields=json.dumps(fields),
        created_at=clock.now(),
    )
    with db.atomic():
        lock("pending forms")
        stored = PendingForm.get_or_none(
            (PendingForm.browser_hash == form.browser_hash)
            & (PendingForm.account == form.account)
            & (PendingForm.path == form.path)
            & (PendingForm.fields == form.fields)
        )
        if stored and not repeat:
            raise FormRefused("token")
        if stored is None:
            _make_room(network, form.account_id)
            form.save()
    return url_for("accounts.resume_form", form_id=(stored or form).id)


def _make_room(network: str, account: int | None) -> None:
    """Count a form against the limit of its account or network, and delete the oldest where there
    are too many: first those of visitors, who can send any number."""
    limit, subject = (PER_ACCOUNT, str(account)) if account else (PER_NETWORK, network)
    if not throttle.attempt(limit, subject):
        raise TooManyRequests
    if PendingForm.select().count() >= MAX_FORMS:
        order = (PendingForm.account.is_null(False), PendingForm.created_at, PendingForm.id)
        oldest = PendingForm.select(PendingForm.id).order_by(*order).limit(1)
        PendingForm.delete().where(PendingForm.id.in_(oldest)).execute()


def find_pending_form(form_id: int, browser: str) -> PendingForm | None:
    """The pending form with this id, of this browser."""
    return PendingForm.get_or_none((PendingForm.id == form_id) & (PendingForm.browser_hash == hash_secret(browser)))


def read_fields(form: PendingForm) -> Fields:
    """The names and values of a pending form."""
    return [(name, value) for name, value in json.loads(form.fields)]


def claim_pending_forms(account: Account, browser: str) -> None:
    """Let the forms that a visitor sent with this browser belong to the account that signs in."""
    PendingForm.update(account=account).where(
        PendingForm.account.is_null() & (PendingForm.browser_hash == hash_secret(browser))
    ).execute()


def delete_pending_forms(account: Account, *, everywhere: bool) -> None:
    """Delete the forms of an account that signs out: those of this browser, or of every one."""
    own = PendingForm.account == account
    if not everywhere:
        own &= PendingForm.browser_hash == hash_secret(get_browser_id())
    PendingForm.delete().where(own).execute()
