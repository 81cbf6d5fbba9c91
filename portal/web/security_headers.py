"""Sets the security headers of every answer: pages, fragments, errors, static files, 304."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
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
OF_PARTS = {name: HEADERS[name] for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")}
_OURS = {*map(str.lower, HEADERS), "strict-transport-security", "access-control-allow-origin", "server"}


class SecurityHeaders:
    """WSGI middleware around the whole application."""

    def __init__(self, application: "WSGIApplication", *, hsts_subdomains: bool) -> None:
        self.application = application
        self._transport = "max-age=31536000" + "; includeSubDomains" * hsts_subdomains

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            full = [pair for pair in headers if pair[0].lower() not in _OURS]
            # A file of /static/, and what htmx asks for, is no document that the rest protects.
            is_part = "HTTP_HX_REQUEST" in environ or environ["PATH_INFO"].startswith("/static/")
            full += (OF_PARTS if is_part else HEADERS).items()
            if environ["wsgi.url_scheme"] == "https":
                full.append(("Strict-Transport-Security", self._transport))
            if any(name.lower() == "content-type" and kind[:9] == "text/html" for name, kind in full):
                # Pages hold names and numbers, which may not stay on a shared computer.
                full = [pair for pair in full if pair[0] != "Cache-Control"]
                full.append(("Cache-Control", "no-store"))
            return start_response(status, full, exc_info)

        return self.application(environ, start)
