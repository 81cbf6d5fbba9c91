"""Mail addresses: one rule for settings, forms and the mails that go out, and how to type one."""

import re
from urllib.parse import quote, unquote

HOW_TO_TYPE = "Vul een e-mailadres in zoals naam@school.nl."
# Addresses that email_validator gives back unchanged. Loading it is a tenth of the start, so that
# only other addresses do.
_PLAIN = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:nl|com|org|net|eu|example)")

# Around an address: its name, brackets, and what separates it from others.
_AROUND = re.compile(r"[\s<>()\[\]{},;\"“”„«»]+")

# "jan,smit@school.nl", a comma typed for a full stop, is not the address of smit.
_MISTYPED = re.compile(r"[^\s,;][,;][^\s,;<>()\"]+@")


def normalise(text: str) -> str:
    """`text` as an address that every mail server takes: ASCII, its domain in lower case, a domain with other letters
    as "xn--".

    Raises ValueError where it is not one address, or has a name around it. Whether the mailbox exists is not asked.
    """
    if len(text) <= 64 and _PLAIN.fullmatch(text):
        return text
    from email_validator import validate_email

    address = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    return address.ascii_email or address.normalized


def take_out(text: str) -> str:
    """The address in a text as people paste it: "Jan Smit <jan@school.nl>", "mailto:jan@school.nl",
    "jan@school.nl;". The text itself where it does not hold one address."""
    if _MISTYPED.search(text):
        return text
    found = {}
    for part in _AROUND.split(text):
        address = part.strip("'‘’`:.")
        if address.lower().startswith("mailto:"):
            address = unquote(address[len("mailto:") :].partition("?")[0])
        if re.fullmatch("[^@]+@[^@]+", address):
            found[address.lower()] = address
    return next(iter(found.values())) if len(found) == 1 else text


def link(address: str) -> str:
    """The `href` of an address: "mailto:jan@school.nl". Percent-encoded (RFC 6068, 2), so that an
    address with "?" or "&" adds no recipient or subject."""
    return f"mailto:{quote(address, safe='@')}"
