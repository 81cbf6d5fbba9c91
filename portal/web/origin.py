"""The origin of a request: a page of the portal, another site, this machine."""

from enum import Enum, auto
from functools import lru_cache
from urllib.parse import urlsplit

from flask import request

from portal.config import LOOPBACK, current_config


class Origin(Enum):
    """The site of the page that sent a form, as the browser tells it."""

    OWN = auto()
    FOREIGN = auto()
    UNTOLD = auto()


def told_origin() -> Origin:
    """The origin of the current request: one of Sec-Fetch-Site, Origin and Referer is enough,
    because privacy settings and proxies remove any of them."""
    site = request.headers.get("Sec-Fetch-Site")
    told = [request.headers.get(name, "null") for name in ("Origin", "Referer")]
    told = [address for address in told if address != "null"]
    if site == "cross-site":
        return Origin.FOREIGN
    if site == "same-origin" or any(_is_own(address) for address in told):
        return Origin.OWN
    return Origin.FOREIGN if told or site == "same-site" else Origin.UNTOLD


def is_at_loopback_address() -> bool:
    """Whether the portal is asked at a loopback address over http, which is also its BASE_URL."""
    return request.scheme == "http" and _are_loopback(request.host, current_config().base_url)


@lru_cache(maxsize=64)
def _are_loopback(host: str, base_url: str) -> bool:
    base = urlsplit(base_url)
    return base.scheme == "http" and {base.hostname, _hostname(host)} <= set(LOOPBACK)


def is_from_this_machine() -> bool:
    """Whether the visitor sits at this machine: the address is loopback on both sides, and no
    proxy passed the request on."""
    forwarded = {"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"}
    headers = request.headers
    return (
        request.remote_addr in LOOPBACK
        and _hostname(request.host) in LOOPBACK
        and not any(name in headers for name in forwarded)
    )


def _is_own(address: str) -> bool:
    try:
        page, own = urlsplit(address), urlsplit(f"{request.scheme}://{request.host}")
        if address.removesuffix("/") == current_config().base_url:
            return True
        # A proxy may report the host without its port.
        same_port = own.port is None or _port(page.scheme, page.port) == own.port
    except ValueError:
        return False
    return page.scheme in (request.scheme, "https") and page.hostname == own.hostname and same_port


def _port(scheme: str, port: int | None) -> int:
    return port or (443 if scheme == "https" else 80)


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
