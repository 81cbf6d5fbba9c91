"""A request comes in: stored once, together with the mails that it causes."""

import json
import secrets
from datetime import timedelta
from typing import NamedTuple

from portal import clock, throttle
from portal.accounts.models import Account
from portal.database import db
from portal.keys import hash_secret
from portal.mail.outbox import enqueue
from portal.requests import mails
from portal.requests.catalogue import get_mailboxes
from portal.requests.models import FollowLink, Request, RequestDetails, RequestStep
from portal.requests.queries import Answers, RequestRow, find_request
from portal.requests.rules import RECEIVED, UNCONFIRMED, make_reference, recipients
from portal.site import Site
from portal.throttle import Limit

PER_ADDRESS = Limit("request address", 5, timedelta(hours=1))
PER_NETWORK = Limit("request network", 30, timedelta(hours=1))


class Draft(NamedTuple):
    """A request as it was filled in."""

    kind: str
    subject: int | None
    school: str
    level: str
    name: str
    email: str
    answers: Answers


class TooOften(Exception):
    """Somebody asks more often than anybody needs."""


def submit(
    draft: Draft, form: str, account: Account | None, network: str, site: Site
) -> RequestRow:
    """Store a request and its mails; what came from the same form before is given again.

    Without an account, or with the address of somebody else, it waits until the link in its mail
    is used: nobody asks in another's name. `form` is the key of the form, `network` where it came
    from. Raises TooOften.
    """
    if account and account.email.casefold() != draft.email.casefold():
        account = None
    with db.atomic():
        before = Request.get_or_none(Request.form_hash == hash_secret(form))
        if before is None:
            _count(draft.email, account, network)
            request = _store(draft, form, account)
            if account:
                _send(request, site)
            else:
                link = f"{site.base_url}/aanvragen/volgen/{make_link(request)}"
                enqueue(mails.confirm(_row(request), link), site.mail_host)
        return _row(before.id if before else request)


def confirm(request: int, site: Site) -> bool:
    """Send a request that waited for its mail to be opened; False where it was sent before."""
    with db.atomic():
        waiting = (Request.id == request) & (Request.state == UNCONFIRMED)
        if not Request.select().where(waiting).exists():
            return False
        _send(request, site)
    return True


def make_link(request: int) -> str:
    """A new secret with which who asked can follow a request."""
    token = secrets.token_urlsafe(32)
    FollowLink.create(request=request, token_hash=hash_secret(token))
    return token


def _count(email: str, account: Account | None, network: str) -> None:
    allowed = throttle.attempt(PER_ADDRESS, email)
    if not account:
        allowed = allowed and throttle.attempt(PER_NETWORK, network)
    if not allowed:
        raise TooOften


def _store(draft: Draft, form: str, account: Account | None) -> int:
    goes_to = recipients(draft.kind, draft.level, get_mailboxes())
    request = Request.create(
        reference=_reference(),
        form_hash=hash_secret(form),
        kind=draft.kind,
        subject=draft.subject,
        school=draft.school,
        level=draft.level,
        state=UNCONFIRMED,
        account=account,
        created_at=clock.now(),
    )
    RequestDetails.create(
        request=request,
        name=draft.name,
        email=draft.email,
        answers=json.dumps(draft.answers, ensure_ascii=False),
        recipients="; ".join(goes_to),
    )
    return int(request.id)


def _reference() -> str:
    """A reference that no request has yet. Raises RuntimeError where a year is nearly full."""
    for _ in range(50):
        reference = make_reference(clock.today())
        if not Request.select().where(Request.reference == reference).exists():
            return reference
    raise RuntimeError("no free reference found")


def _send(request: int, site: Site) -> None:
    """Let a request go to the mailboxes, with a copy to who asked."""
    now = clock.now()
    Request.update(state=RECEIVED, received_at=now).where(Request.id == request).execute()
    RequestStep.create(request=request, what=RECEIVED, at=now)
    row = _row(request)
    for recipient in row.recipients:
        link = f"{site.base_url}/beheer/aanvragen/{request}"
        enqueue(mails.arrived(row, recipient, link), site.mail_host)
    link = f"{site.base_url}/aanvragen/volgen/{make_link(request)}"
    enqueue(mails.copy(row, link), site.mail_host)


def _row(request: int) -> RequestRow:
    row = find_request(request)
    assert row is not None  # noqa: S101 - it was stored in this transaction
    return row
