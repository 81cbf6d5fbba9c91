"""The certificate with which visitors reach the portal, as they get it."""

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from portal import clock
from portal.config import Config
from portal.doctor.finding import Finding, tell
from portal.web.formatting import count

_TIMEOUT = 10  # seconds for one step
_SOON = 21  # days: a renewal that goes by itself comes 30 days before


def find_faults(config: Config) -> Iterator[Finding]:
    """A certificate that browsers refuse, or will soon; only where BASE_URL is https."""
    address = urlsplit(config.base_url)
    if address.scheme != "https" or not (host := address.hostname):
        return
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, address.port or 443), _TIMEOUT) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            ends = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        yield tell("certificate-refused", host=host, reason=error.verify_message)
    except OSError as error:
        yield tell("unreachable", host=host, error=type(error).__name__)
    else:
        if (days := int(ends - clock.now().timestamp()) // 86_400) < _SOON:
            yield tell("certificate-ends", host=host, days=count(days, "dag", "dagen"))
