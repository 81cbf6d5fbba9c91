"""Closed unless opened: who may ask for a page is declared on its view, or nobody may."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from werkzeug.sansio.utils import host_is_trusted

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"


def public(view: View) -> View:
    """Declare that everybody may ask for this page."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def declared_access(view: Callable[..., Any]) -> str | None:
    """What a view declares, or None: then it stays closed."""
    return getattr(view, "access", None)


def guard(app: Flask, trusted_hosts: tuple[str, ...]) -> None:
    """Refuse a host that is not ours (400) and every view that declares nothing (403)."""

    @app.before_request
    def refuse() -> None:
        # Not Flask's TRUSTED_HOSTS: that refuses before there is a way to make the error page.
        if not host_is_trusted(request.host, trusted_hosts):
            abort(400)
        endpoint = request.endpoint
        if endpoint and declared_access(current_app.view_functions[endpoint]) is None:
            abort(403)
