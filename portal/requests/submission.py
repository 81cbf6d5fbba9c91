"""Submission of a request: stored once, together with the mails that it causes."""

import json
from typing import NamedTuple

from portal import clock
from portal.accounts.models import Account
from portal.database import add_unless_present, db
from portal.keys import hash_secret
from portal.mail.outbox import enqueue
from portal.region import RequestKind, current_region
from portal.requests import mails, saved_forms
from portal.requests.kinds import Level
from portal.requests.limits import count_attempt
from portal.requests.mailboxes import get_addresses, list_recipients
from portal.requests.models import Request, RequestDetails, RequestStep
from portal.requests.queries import Answers, RequestRow, get_request
from portal.requests.reference_numbers import make_reference
from portal.requests.signed_links import make_follow_link, make_mailbox_links
from portal.requests.state_rules import State, StepKind
from portal.site import Site


class Draft(NamedTuple):
    """A request as it was filled in."""

    kind: RequestKind
    subject: int | None
    school: str
    level: Level
    name: str
    email: str
    answers: Answers


def submit(
    draft: Draft, form_key: str, account: Account | None, network: str, site: Site, saved_form: str = ""
) -> RequestRow:
    """Store a request and its mails. Idempotent: a second submit of the form with `form_key` gives the request of the
    first.

    Without an account, or with the address of another person, the request stays unconfirmed until the link in its mail
    is used, so that nobody asks in another's name. `network` is the address that the form came from, `saved_form` the
    token of the saved form that is sent. Raises LimitReached, never for who is signed in: that needs no mail to anybody
    else.
    """
    if account and account.email.casefold() != draft.email.casefold():
        account = None
    with db.atomic():
        is_new = _add_request(draft, hash_secret(form_key), account)
        request = int(Request.get(Request.form_hash == hash_secret(form_key)).id)
        if not is_new:
            return get_request(request)
        if not account:
            count_attempt(draft.email, network)
        _add_details(request, draft)
        saved_forms.delete(saved_form)
        if account:
            _send(request, site)
        else:
            link = make_follow_link(request, site)
            enqueue(mails.to_confirm(get_request(request), link), site.mail_host)
        return get_request(request)


def confirm(request: int, site: Site) -> bool:
    """Send an unconfirmed request; False where it was sent before."""
    with db.atomic():
        return _send(request, site)


def _add_request(draft: Draft, form_hash: str, account: Account | None) -> bool:
    """Store the facts of a request with a reference that no other has; False where this form was
    sent before. Raises RuntimeError where a year is nearly full."""
    for _ in range(50):
        if add_unless_present(
            Request,
            reference=make_reference(current_region().reference_prefix, clock.today()),
            form_hash=form_hash,
            kind=draft.kind.key,
            subject=draft.subject,
            school=draft.school,
            level=draft.level,
            state=State.UNCONFIRMED,
            account=account,
            created_at=clock.now(),
        ):
            return True
        if Request.select().where(Request.form_hash == form_hash).exists():
            return False
    raise RuntimeError("no free reference found")


def _add_details(request: int, draft: Draft) -> None:
    mailboxes = current_region().mailboxes
    recipients = list_recipients(draft.kind, draft.level, mailboxes, get_addresses())
    RequestDetails.create(
        request=request,
        name=draft.name,
        email=draft.email,
        answers=json.dumps(draft.answers, ensure_ascii=False),
        recipients="; ".join(recipients),
    )


def _send(request: int, site: Site) -> bool:
    """Send a request to the mailboxes, with a copy to the requester; False where it was sent before."""
    now = clock.now()
    is_waiting = (Request.id == request) & (Request.state == State.UNCONFIRMED)
    sent = Request.update(state=State.RECEIVED, received_at=now, unread_since=now).where(is_waiting).execute()
    if not sent:
        return False
    RequestStep.create(request=request, kind=StepKind.RECEIVED, taken_at=now)
    row = get_request(request)
    for recipient in row.recipients:
        links = make_mailbox_links(request, site)
        enqueue(mails.to_mailbox(row, recipient, links), site.mail_host)
    enqueue(mails.received(row, make_follow_link(request, site)), site.mail_host)
    return True
