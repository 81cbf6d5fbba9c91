"""Deny by default: each view declares who may access it.

`portal.accounts` decides what a declaration means for a visitor; this module knows no accounts.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.utils import host_is_trusted

from portal.web.form_refusals import FormRefused
from portal.web.form_size import MAX_BODY, MAX_BODY_WITH_FILE, takes_file
from portal.web.origin import Origin, told_origin

View = TypeVar("View", bound=Callable[..., Any])
_is_trusted = lru_cache(64)(host_is_trusted)


class Access(NamedTuple):
    """The visitors who may access a view."""

    everybody: bool = False
    networks: bool = False  # visitors without an account, from a trusted network
    roles: frozenset[str] = frozenset()
    from_anywhere: bool = False  # also a form of another site: its address holds the proof
    any_host: bool = False  # a monitor asks by address, also one that is no name of the portal
    waiting: frozenset[str] = frozenset()  # also users who wait for this before they have a role

    def __str__(self) -> str:
        parts = ["network"] * self.networks + sorted(self.roles)
        return "public" if self.everybody else " ".join(parts)


Decide = Callable[[Access], ResponseReturnValue | None]


def allow(access: Access) -> Callable[[View], View]:
    """A decorator that declares who may access a view."""

    def declare(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # a function takes any
        return view

    return declare


public = allow(Access(everybody=True))
health_check = allow(Access(everybody=True, any_host=True))
public_from_anywhere = allow(Access(everybody=True, from_anywhere=True))


def declared_access(view: Callable[..., Any]) -> Access | None:
    """The declaration of a view, or None: then nobody may access it."""
    return getattr(view, "access", None)


def _redirect_without_slash() -> ResponseReturnValue | None:
    """A redirect of a page whose address was typed with a slash at its end; None for any other."""
    routes = current_app.create_url_adapter(request)
    path = request.path.rstrip("/")
    if routes is None or request.method not in ("GET", "HEAD") or path in ("", request.path):
        return None
    try:
        endpoint, values = routes.match(path, method="GET")
    except HTTPException:
        return None
    return redirect(add_query(endpoint, values), 301)


def add_query(endpoint: str, values: Mapping[str, Any], **changed: Any) -> str:
    """The address of a route with the query of the current request, `changed` before the rest. Built from the route, so
    that it never leads to another site; the query is no argument of url_for, which takes `_scheme`."""
    query = urlencode(changed | request.args.to_dict(flat=False) | changed, doseq=True)
    return url_for(endpoint, **values) + (f"?{query}" if query else "")


def guard(app: Flask, trusted_hosts: tuple[str, ...], decide: Decide) -> None:
    """Check every request before its view.

    Refuses an unknown host except for a health check and a field without a name (400), a form of another site (403) and
    a view without a declaration (403). Otherwise `decide` returns None, or the answer that replaces the page.
    """

    @app.before_request
    def refuse() -> ResponseReturnValue | None:
        view = current_app.view_functions.get(request.endpoint or "")
        access = declared_access(view) if view else None
        is_for_any_host = access is not None and access.any_host
        # Not TRUSTED_HOSTS of Flask: it refuses before an error page can be rendered.
        if not is_for_any_host and not _is_trusted(request.host, trusted_hosts):
            abort(400)
        if view is None:
            return _redirect_without_slash()
        if takes_file(view):
            request.max_content_length = MAX_BODY_WITH_FILE
            request.max_form_memory_size = 4 * MAX_BODY  # the parser reads a file by MAX_BODY
        # A part of a multipart form may have no name; nothing that reads a form expects that.
        if request.method == "POST" and (None in request.form or None in request.files):
            abort(400)
        if access is None:
            abort(403)
        is_form = request.method == "POST" and not access.from_anywhere
        if is_form and told_origin() is Origin.FOREIGN:
            raise FormRefused("foreign")
        return decide(access)


def require_told_origin(app: Flask) -> None:
    """Refuse a form over https whose browser does not tell that a page of the portal sent it.

    Called after CSRFProtect: a form that needs no token, such as the one-click unsubscription of a
    mail provider, comes from no page.
    """

    @app.before_request
    def refuse_untold() -> None:
        has_token = g.get("csrf_valid", False)
        if has_token and request.is_secure and told_origin() is Origin.UNTOLD:
            raise FormRefused("untold")
