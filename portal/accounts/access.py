"""The one place that decides what somebody may: pages by role or network, objects by owner."""

import ipaddress
from urllib.parse import urlsplit

from flask import abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import pending_forms
from portal.accounts.models import Account
from portal.accounts.roles import ADMINISTRATOR, COORDINATOR_ROLES, EVERYBODY, READER, ROLES
from portal.accounts.sessions import SignedIn
from portal.config import LOOPBACK, current_config
from portal.database.flags import is_demo
from portal.web.access import Access, allow
from portal.web.fragments import wants_fragment
from portal.web.logs import security_event

_TARGET = "naar"

requires_reader = allow(Access(networks=True, roles=EVERYBODY))
requires_sign_in = allow(Access(roles=EVERYBODY))
requires_member = allow(Access(roles=EVERYBODY - {READER}))
requires_coordinator = allow(Access(roles=COORDINATOR_ROLES))


def current_user_or_none() -> SignedIn | None:
    """Whoever is signed in."""
    return current_user if current_user.is_authenticated else None


def is_coordinator() -> bool:
    """Whether a coordinator or administrator is signed in."""
    someone = current_user_or_none()
    return someone is not None and someone.role in COORDINATOR_ROLES


def current_person_id() -> int | None:
    """The id of the signed-in user in the directory; None for a visitor and for an account that is
    linked to no person."""
    user = current_user_or_none()
    return user.account.person_id if user else None


def require_user() -> SignedIn:
    """Whoever is signed in, on a page that asks for that."""
    someone = current_user_or_none()
    if someone is None:
        abort(401)
    return someone


def decide(access: Access) -> ResponseReturnValue | None:
    """None where the page may be shown; otherwise what to answer instead of it."""
    someone = current_user_or_none()
    if access.everybody or (access.networks and on_trusted_network()):
        return None
    if someone is not None and someone.role in access.roles:
        return None
    if someone is not None:
        security_event("denied")
        abort(403)
    return ask_to_sign_in()


def ask_to_sign_in() -> Response:
    """The way to the sign-in page and back; a filled-in form is kept until then."""
    if wants_fragment():
        # Not the sign-in page inside a list: htmx loads it as a whole.
        response = Response(status=401)
        response.headers["HX-Redirect"] = url_for("accounts.sign_in")
        return response
    session[_TARGET] = (
        pending_forms.store_pending_form(client_network())
        if request.method == "POST"
        else request.full_path.rstrip("?")
    )
    return redirect(url_for("accounts.sign_in"))


def redirect_target() -> str:
    """Where somebody was going before they had to sign in."""
    return safe_path(session.get(_TARGET))


def on_trusted_network() -> bool:
    """Whether the reader's address lies in a listed network; in a demo, on this computer."""
    config = current_config()
    address = request.remote_addr or ""
    if address in LOOPBACK:
        return is_demo()
    try:
        return any(ipaddress.ip_address(address) in network for network in config.trusted_networks)
    except ValueError:
        return False


def client_network() -> str:
    """The reader's network, cut off so that it is nobody's own address (/24, /48)."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    length = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


def roles_to_give(someone: SignedIn) -> list[str]:
    """The roles that somebody may give: an administrator all, a coordinator those below."""
    return [
        role for role in ROLES if someone.role == ADMINISTRATOR or role not in COORDINATOR_ROLES
    ]


def may_manage(someone: SignedIn, account: Account) -> bool:
    """Whether somebody may change an account: one with a role they may give, never their own."""
    return account.id != someone.account.id and account.role in roles_to_give(someone)


def safe_path(target: str | None) -> str:
    """`target` if it is an address within the portal, otherwise the start page."""
    start = "/"
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return start
    if "\\" in target or any(ord(c) < 32 or ord(c) == 127 for c in target):
        return start
    parts = urlsplit(target)
    return start if parts.scheme or parts.netloc else target
