"""The links in mails about a request: to follow it without an account, and to handle it."""

import secrets
from datetime import date, timedelta
from typing import NamedTuple

from peewee import fn

from portal import clock
from portal.keys import hash_secret
from portal.requests.models import FollowLink, RequestStep
from portal.site import Site


def make_follow_token(request: int) -> str:
    """A new secret that gives access to a request; only its hash is stored."""
    token = secrets.token_urlsafe(32)
    FollowLink.create(request=request, token_hash=hash_secret(token))
    return token


def make_follow_link(request: int, site: Site) -> str:
    """A new link for the requester; the links in earlier mails keep working."""
    return f"{site.base_url}/aanvragen/volgen/{make_follow_token(request)}"


HANDLED_FOR = timedelta(days=30)
_STEP = "request step"  # the purpose of a token


class MailboxLinks(NamedTuple):
    """The links for a mailbox: one that takes steps without an account, up to its last day, and
    one for whoever has an account."""

    handle: str
    last_day: date
    admin: str


def make_mailbox_links(request: int, site: Site) -> MailboxLinks:
    """New links for a mailbox. The first is signed and names the newest step of the request, so
    that it takes each step once; nothing is stored."""
    last = clock.today() + HANDLED_FOR
    newest = RequestStep.select(fn.MAX(RequestStep.id)).where(RequestStep.request == request)
    token = site.sign(_STEP, [request, newest.scalar(), last.isoformat()])
    return MailboxLinks(
        f"{site.base_url}/aanvragen/behandelen/{token}", last, f"{site.base_url}/beheer/aanvragen/{request}"
    )


def read_handle_link(token: str, site: Site) -> tuple[int, int] | None:
    """The request of a link to a mailbox, and its newest step when the link was made (ids); None
    where the site did not sign it, or it is over."""
    request, step, last = site.read_signed(_STEP, token) or (0, 0, "")
    return (request, step) if last and clock.today() <= date.fromisoformat(last) else None
