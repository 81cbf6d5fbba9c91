"""Sets the security headers of every answer: pages, fragments, errors, static files, 304."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "manifest-src 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: older browsers tell the origin of a form by the Referer alone.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


class SecurityHeaders:
    """WSGI middleware around the whole application."""

    def __init__(self, application: "WSGIApplication", *, hsts_subdomains: bool) -> None:
        self.application = application
        self._transport = "max-age=31536000" + "; includeSubDomains" * hsts_subdomains

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            full = Headers(headers)
            full.update(HEADERS)
            if environ["wsgi.url_scheme"] == "https":
                full["Strict-Transport-Security"] = self._transport
            if full.get("Content-Type", "").startswith("text/html"):
                # Pages hold names and numbers, which may not stay on a shared computer.
                full["Cache-Control"] = "no-store"
            full.pop("Access-Control-Allow-Origin", None)
            full.pop("Server", None)
            return start_response(status, full.to_wsgi_list(), exc_info)

        return self.application(environ, start)
