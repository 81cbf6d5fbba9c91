"""The domain of the sender in the DNS: whether receivers can tell our mail from forged mail.

SPF: RFC 7208, DKIM: RFC 6376, DMARC: RFC 7489.
"""

from collections.abc import Iterator

from portal.config import Config
from portal.doctor.finding import Finding, tell

_LIFETIME = 3  # seconds for one question; the first one without an answer is the last
# Under which mail services usually publish their key.
_SELECTORS = ("selector1", "selector2", "google", "default", "mail", "dkim", "s1", "k1")
_LEVELS = 4  # of names in which a policy may stand, from the domain upwards


def find_faults(config: Config) -> Iterator[Finding]:
    """The records that the domain lacks, and those that forbid nothing."""
    import dns.exception  # only this command needs it

    bounce, domain = (text.rpartition("@")[2] for text in (config.mail_bounce, config.mail_from))
    try:
        for name in dict.fromkeys([bounce, domain]):
            yield from _find_spf_faults(name)
        if not _has_key(domain):
            yield tell("no-dkim", domain=domain)
        yield from _find_dmarc_faults(domain)
    except dns.exception.DNSException as error:
        yield tell("dns-silent", domain=domain, error=type(error).__name__)


def _find_spf_faults(domain: str) -> Iterator[Finding]:
    found = [text for text in _ask(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if len(found) != 1:
        yield tell("two-spf" if found else "no-spf", domain=domain)
    elif not any(word in found[0].lower() for word in ("-all", "~all", "redirect=")):
        yield tell("open-spf", domain=domain)


def _find_dmarc_faults(domain: str) -> Iterator[Finding]:
    labels = domain.split(".")
    for name in [".".join(labels[at:]) for at in range(len(labels) - 1)][:_LEVELS]:
        for text in _ask(f"_dmarc.{name}"):
            if text.lower().startswith("v=dmarc1"):
                parts = (part.partition("=") for part in text.lower().split(";"))
                tags = {tag.strip(): value.strip() for tag, _, value in parts}
                policy = tags.get("p") if name == domain else tags.get("sp", tags.get("p"))
                if policy not in ("quarantine", "reject"):
                    yield tell("weak-dmarc", domain=name)
                return
    yield tell("no-dmarc", domain=domain)


def _has_key(domain: str) -> bool:
    """Whether a key of DKIM may stand there: its name is the choice of the mail service."""
    names = (f"{name}._domainkey.{domain}" for name in _SELECTORS)
    return _exists(f"_domainkey.{domain}") or any(map(_exists, names))


def _exists(name: str) -> bool:
    import dns.resolver

    try:
        dns.resolver.resolve(name, "TXT", lifetime=_LIFETIME, search=False)
    except dns.resolver.NXDOMAIN:
        return False
    except dns.resolver.NoAnswer:
        pass  # something below it does
    return True


def _ask(name: str) -> list[str]:
    """The texts at a name. Raises dns.exception.DNSException where nobody answers."""
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=_LIFETIME, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    return [b"".join(record.strings).decode(errors="replace") for record in answer]
