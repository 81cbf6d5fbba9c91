"""Content lines, the format of vCard (RFC 6350) and iCalendar (RFC 5545): one property per line,
escaped, folded at 75 octets, CRLF, UTF-8."""

import re
from collections.abc import Iterable

Parameter = str | tuple[str, ...]
_OCTETS = 75  # RFC 6350, 3.2; RFC 5545, 3.1
# Control characters except the tab, and the line breaks of Unicode: no value may hold them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def line(name: str, *values: str, **parameters: Parameter) -> str:
    """A property with a text value; several values are the components of one, such as a name."""
    return raw(name, ";".join(escaped(value) for value in values), **parameters)


def raw(name: str, value: str, **parameters: Parameter) -> str:
    """A property whose value needs no escaping, such as a date or an address. A parameter with
    several values is written once for each: many readers take a list for one unknown value."""
    written = "".join(
        f";{key}={_parameter(text)}"
        for key, value_or_values in parameters.items()
        for text in ((value_or_values,) if isinstance(value_or_values, str) else value_or_values)
    )
    return f"{name}{written}:{_CONTROL.sub(' ', value)}"


def escaped(text: str) -> str:
    """Text as a value: separators and line breaks escaped with a backslash."""
    clean = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"([\\,;])", r"\\\1", clean).replace("\n", "\\n")


def document(lines: Iterable[str]) -> bytes:
    """The lines as the bytes of a file."""
    return b"".join(_folded(text.encode()) for text in lines)


def _parameter(text: str) -> str:
    """The value of a parameter, quoted where needed; a quote itself becomes ’: no escape exists."""
    plain = _CONTROL.sub(" ", text.replace('"', "’").replace("\n", " "))
    return f'"{plain}"' if re.search("[,;:]", plain) else plain


def _folded(octets: bytes) -> bytes:
    """A line folded over as many lines as it needs, never within a character."""
    parts, limit = [], _OCTETS
    while len(octets) > limit:
        at = limit
        while octets[at] & 0xC0 == 0x80:
            at -= 1
        parts.append(octets[:at])
        octets, limit = octets[at:], _OCTETS - 1  # a continuation begins with a space
    return b"\r\n ".join([*parts, octets]) + b"\r\n"
