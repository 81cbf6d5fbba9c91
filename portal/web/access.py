"""Closed unless opened: who may ask for a page is declared on its view, or nobody may.

What a declaration means is for `portal.accounts` to say; this module knows no accounts.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.sansio.utils import host_is_trusted

View = TypeVar("View", bound=Callable[..., Any])


class Access(NamedTuple):
    """Who may ask for a page."""

    everybody: bool = False
    networks: bool = False  # also without an account, from a trusted network
    roles: frozenset[str] = frozenset()

    def __str__(self) -> str:
        parts = ["network"] * self.networks + sorted(self.roles)
        return "public" if self.everybody else " ".join(parts)


Decide = Callable[[Access], ResponseReturnValue | None]


def allow(access: Access) -> Callable[[View], View]:
    """Declare who may ask for this page."""

    def declare(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return declare


public = allow(Access(everybody=True))


def declared_access(view: Callable[..., Any]) -> Access | None:
    """What a view declares, or None: then it stays closed."""
    return getattr(view, "access", None)


def guard(app: Flask, trusted_hosts: tuple[str, ...], decide: Decide) -> None:
    """Refuse a host that is not ours (400), a form from another site (403), a view that declares
    nothing (403), and whoever `decide` gives an answer for instead of the page."""

    @app.before_request
    def refuse() -> ResponseReturnValue | None:
        # Not Flask's TRUSTED_HOSTS: that refuses before there is a way to make the error page.
        if not host_is_trusted(request.host, trusted_hosts):
            abort(400)
        if request.endpoint is None:
            return None
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            abort(403)
        access = declared_access(current_app.view_functions[request.endpoint])
        if access is None:
            abort(403)
        return decide(access)
