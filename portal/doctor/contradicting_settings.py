"""Settings that contradict each other, or with which the next start is refused."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from portal.config import LOOPBACK, Config, SettingError
from portal.doctor.finding import Finding, tell
from portal.startup_checks import refuse_missing_programs, refuse_other_keys, refuse_other_region, refuse_unsafe_start

_REFUSALS = (
    refuse_other_region, refuse_unsafe_start, partial(refuse_other_keys, records=False),
    refuse_missing_programs,
)  # fmt: skip
_OTHER_PORTS = {"starttls": (465,), "tls": (25, 587)}


def find_faults(config: Config) -> Iterator[Finding]:
    """The settings to change."""
    for refuse in _REFUSALS:
        try:
            refuse()
        except SettingError as error:
            yield tell("no-start", reason=error)
    yield from (tell(key) for key, is_so in _list_contradictions(config).items() if is_so)


def _list_contradictions(config: Config) -> dict[str, object]:
    """By the key of a finding whether it is so."""
    address = urlsplit(config.base_url)
    is_local, is_https = address.hostname in LOOPBACK, address.scheme == "https"
    has_oauth, password = bool(config.smtp_oauth_url), config.smtp_password
    user, sender = (text.rpartition("@")[2] for text in (config.smtp_user, config.mail_from))
    others = config.smtp_host and _OTHER_PORTS.get(config.smtp_security, ())
    return {
        "http": not is_https and not is_local,
        "no-proxy": not is_https and config.proxies,
        "beside-proxy": config.proxies and config.trusted_networks and config.host not in LOOPBACK,
        "trial-mail": config.mail_allow and is_https,
        "unread-bounces": "+@" in config.mail_bounce and not config.imap_host,
        "no-password": config.smtp_user and not (password or has_oauth),
        "two-secrets": password and has_oauth,
        "other-port": config.smtp_port in (others or ()),
        "other-sender": "@" in config.smtp_user and user != sender,
    }
