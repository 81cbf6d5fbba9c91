"""Access rules: deny by default. Views declare a role or the network, objects check their owner."""

import ipaddress
from math import ceil
from urllib.parse import urlsplit

from flask import abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from portal import clock
from portal.accounts import pending_forms
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.accounts.sessions import User
from portal.accounts.when_second_factor_is_asked import ASKED_AGAIN, Waits, is_asked_again
from portal.config import LOOPBACK, current_config
from portal.database.database_flags import is_demo
from portal.directory.contact_details import VIEWER_VISIBILITY
from portal.directory.models import Visibility
from portal.web.declared_access import Access, add_query, allow
from portal.web.fragments import wants_fragment
from portal.web.logs import security_event
from portal.web.origin import is_from_this_machine

_TARGET = "naar"
_ALL_ROLES = frozenset(AccountRole)

requires_reader = allow(Access(networks=True, roles=_ALL_ROLES))
requires_sign_in = allow(Access(roles=_ALL_ROLES))
requires_session = allow(Access(roles=_ALL_ROLES, waiting=frozenset(Waits)))
requires_first_step = allow(Access(roles=COORDINATOR_ROLES, waiting=frozenset(Waits)))
requires_no_factor_or_proof = allow(Access(roles=COORDINATOR_ROLES, waiting=frozenset([Waits.SET_UP])))
requires_member = allow(Access(roles=_ALL_ROLES - {AccountRole.READER}))
requires_editor = allow(Access(roles=COORDINATOR_ROLES | {AccountRole.EDITOR}))
requires_coordinator = allow(Access(roles=COORDINATOR_ROLES))


def current_user_or_none() -> User | None:
    """The signed-in user, or None for a visitor, and for somebody who still has to prove a second factor."""
    user = find_session_user()
    return None if user is None or user.waits else user


def find_session_user() -> User | None:
    """The user of this session, also one who still has to prove a second factor."""
    user = g.get("_login_user") or current_user._get_current_object()  # asking the proxy costs three times as much
    return user if user.is_authenticated else None


def require_session_user() -> User:
    """The same; answers 401 where there is none."""
    return find_session_user() or abort(401)


def get_visibility() -> Visibility:
    """The contact details that the current viewer may see: mobile numbers and the like only with an account."""
    return Visibility.MEMBERS if current_user_or_none() else Visibility.OPEN


def find_viewer() -> tuple[tuple[object, ...], int | None]:
    """The day, the visibility and the role that decide what a page shows, and the viewer's person (id)."""
    user = current_user_or_none()
    kind = (clock.today(), VIEWER_VISIBILITY.get(), user.role if user else None)
    return kind, user.account.person_id if user else None


def is_coordinator() -> bool:
    """Whether the signed-in user is a coordinator or administrator."""
    user = current_user_or_none()
    return user is not None and user.role in COORDINATOR_ROLES


def current_person_id() -> int | None:
    """The id of the signed-in user in the directory; None for a visitor and for an account that is
    linked to no person."""
    user = current_user_or_none()
    return user.account.person_id if user else None


def require_user() -> User:
    """The signed-in user; answers 401 where there is none."""
    return current_user_or_none() or abort(401)


def require_room(room: str) -> None:
    """Answers 403 to an editor at Beheer; `room` is "beheer" or "organisatie"."""
    if room == "beheer" and not is_coordinator():
        abort(403)


def decide(access: Access) -> ResponseReturnValue | None:
    """None where the current request may proceed; otherwise the response instead of the page.

    Answers 403 to a user without the role, and leads a visitor to the sign-in page.
    """
    if access.everybody:
        return None
    user = find_session_user()
    if user is None or (user.waits and user.waits not in access.waiting):
        is_reader = access.networks and is_on_trusted_network()
        return None if is_reader else ask_to_sign_in()
    if user.role not in access.roles:
        security_event("denied")
        abort(403)
    # Without a proof the user has no second factor yet, or a role that needs none.
    if user.proved_at and is_asked_again(request.endpoint, user.proved_at) and not is_demo():
        return ask_to_sign_in()
    _limit_reading(user)
    return None


def _limit_reading(user: User) -> None:
    """Count a page that this user reads; raises TooManyRequests above the limit.

    Coordinators may export the directory anyway. Readers without an account on a trusted network
    cannot be told apart: a whole school has one address.
    """
    if request.method not in ("GET", "HEAD") or user.role in COORDINATOR_ROLES:
        return
    if wait := current_app.extensions["pages"].count(f"account {user.account.id}"):
        security_event("too many pages")
        raise TooManyRequests(retry_after=ceil(wait.total_seconds()))


def ask_to_sign_in() -> Response:
    """A redirect to the sign-in page, or for a user who signed in already to that of the second
    factor; it leads back afterwards. A submitted form is stored."""
    page = url_for("second_factor.ask" if find_session_user() else "accounts.sign_in")
    if wants_fragment():
        # htmx loads the sign-in page as a whole instead of swapping it into a list.
        response = Response(status=401)
        response.headers["HX-Redirect"] = page
        return response
    if request.blueprint == "second_factor":
        session[_TARGET] = url_for("second_factor.overview")  # a code is stored nowhere
    elif request.method == "POST":
        session[_TARGET] = pending_forms.store_pending_form(client_network())
    elif before := ASKED_AGAIN.get(request.endpoint or ""):
        session[_TARGET] = add_query(before, request.view_args or {})
    else:
        session[_TARGET] = request.full_path.rstrip("?")
    return redirect(page)


def set_redirect_target(path: str) -> None:
    """Lead to this path after the second step."""
    session[_TARGET] = path


def redirect_target() -> str:
    """The path that was requested before sign-in, or the start page."""
    return safe_path(session.get(_TARGET))


def is_on_trusted_network() -> bool:
    """Whether the client's address is in a listed network, or on this computer in a demo."""
    address = request.remote_addr or ""
    if address in LOOPBACK:
        return is_demo() and is_from_this_machine()
    networks = current_config().trusted_networks
    try:
        return any(ipaddress.ip_address(address) in network for network in networks)
    except ValueError:
        return False


def client_network() -> str:
    """The client's network (/24 or /48), which identifies no single computer."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    length = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


def safe_path(target: str | None) -> str:
    """`target` if it is a path within the portal, otherwise the start page."""
    start = "/"
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return start
    if "\\" in target or any(ord(c) < 32 or ord(c) == 127 for c in target):
        return start
    parts = urlsplit(target)
    return start if parts.scheme or parts.netloc else target
