"""The cookies: for https only, except at a loopback address over http, where browsers that keep to
the rule would refuse such a cookie."""

from datetime import timedelta
from functools import cache
from typing import Any

from flask import Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from portal.web.origin import is_at_loopback_address


class PortalCookies(SecureCookieSessionInterface):
    """Cookies with Secure and the prefix __Host-, or without both at a loopback address; for one application."""

    @cache  # noqa: B019 - as many as there are applications
    def get_signing_serializer(self, app: Any) -> Any:
        """The serializer of the session, whose keys never change while the application runs."""
        return super().get_signing_serializer(app)

    def get_cookie_name(self, app: Any) -> str:
        """The name of the session cookie at the address of the current request."""
        name = super().get_cookie_name(app)
        return name.removeprefix("__Host-") if is_at_loopback_address() else name

    def get_cookie_secure(self, app: Any) -> bool:
        """Whether the session cookie is for https only."""
        return not is_at_loopback_address()

    def save_session(self, app: Any, session: SessionMixin, response: Response) -> None:
        """Set the session cookie, and after it the one of `set_lasting_cookie`: a simple client
        keeps only the first."""
        super().save_session(app, session, response)
        if "lasting_cookie" in g:
            response.set_cookie(
                _lasting_name(), **g.lasting_cookie, secure=self.get_cookie_secure(app), httponly=True, samesite="Lax"
            )


def read_lasting_cookie() -> str:
    """The value of the cookie that outlives the session, or ""."""
    return request.cookies.get(_lasting_name(), "")


def set_lasting_cookie(value: str, max_age: timedelta) -> None:
    """Let the answer to the current request set the cookie that outlives the session."""
    g.lasting_cookie = {"value": value, "max_age": max_age}


def _lasting_name() -> str:
    return f"{current_app.session_interface.get_cookie_name(current_app)}-browser"
