"""Content lines, the shape that contacts (vCard, RFC 6350) and appointments (iCalendar, RFC 5545)
share: one property per line, escaped, folded at 75 octets, CRLF, UTF-8."""

import re
from collections.abc import Iterable

_OCTETS = 75  # RFC 6350, 3.2; RFC 5545, 3.1
# What a value may not hold: everything but a tab below the space, and what breaks a line elsewhere.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def line(name: str, *values: str, **parameters: str) -> str:
    """A property with text in it: several values are the parts of one, such as of a name."""
    return raw(name, ";".join(escaped(value) for value in values), **parameters)


def raw(name: str, value: str, **parameters: str) -> str:
    """A property whose value is no text and holds nothing to escape: a date, an address."""
    told = "".join(f";{key}={_parameter(text)}" for key, text in parameters.items())
    return f"{name}{told}:{_CONTROL.sub(' ', value)}"


def escaped(text: str) -> str:
    """Text as a value: what separates values, and line breaks, with a backslash in front."""
    one = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"([\\,;])", r"\\\1", one).replace("\n", "\\n")


def document(lines: Iterable[str]) -> bytes:
    """The lines as a file."""
    return b"".join(_folded(text.encode()) for text in lines)


def _parameter(text: str) -> str:
    """The value of a parameter; there is no way to write a quote in one."""
    plain = _CONTROL.sub(" ", text.replace('"', "’").replace("\n", " "))
    return f'"{plain}"' if re.search("[,;:]", plain) else plain


def _folded(octets: bytes) -> bytes:
    """A line over as many lines as it needs, never cut within a character."""
    parts, room = [], _OCTETS
    while len(octets) > room:
        at = room
        while octets[at] & 0xC0 == 0x80:
            at -= 1
        parts.append(octets[:at])
        octets, room = octets[at:], _OCTETS - 1  # the space in front counts
    return b"\r\n ".join([*parts, octets]) + b"\r\n"
