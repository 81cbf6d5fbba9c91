"""The links in mails about a request: to follow it without an account, and to handle it."""

import secrets

from portal.keys import hash_secret
from portal.requests.models import FollowLink
from portal.site import Site


def make_follow_token(request: int) -> str:
    """A new secret that gives access to a request; only its hash is stored."""
    token = secrets.token_urlsafe(32)
    FollowLink.create(request=request, token_hash=hash_secret(token))
    return token


def make_follow_link(request: int, site: Site) -> str:
    """A new link for the requester; the links in earlier mails keep working."""
    return f"{site.base_url}/aanvragen/volgen/{make_follow_token(request)}"


def admin_link(request: int, site: Site) -> str:
    """The link for the coordinator, who signs in first."""
    return f"{site.base_url}/beheer/aanvragen/{request}"
