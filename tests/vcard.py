"""A strict reader of vCard 4.0, written from RFC 6350 and not from the portal's writer.

No reader of 4.0 fits: vobject reads it by the rules of 3.0 and forgives much, and stands beside
this one in the tests for what it does know (unfolding, escapes, parts).
"""

import re
from typing import NamedTuple

# RFC 6350, 6: how often a property may stand in a card: once, at most once, any number.
ONCE = {"BEGIN", "VERSION", "END"}
AT_MOST_ONCE = {"KIND", "N", "PRODID", "REV", "UID"}
AT_LEAST_ONCE = {"FN"}
ANY = {"ORG", "TITLE", "ROLE", "TEL", "EMAIL", "URL", "ADR", "CATEGORIES", "NOTE", "SOURCE"}
PARTS = {"N": 5, "ADR": 7}
URIS = {"URL", "SOURCE", "UID"}
TYPES = {"work", "home", "cell", "voice", "fax", "text"}

_VALUE = r'"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^",;:\x00-\x1f\x7f]*'
PARAMETER = re.compile(rf";(?P<key>[A-Z0-9-]+)=(?P<value>{_VALUE})")
LINE = re.compile(
    rf"(?P<name>[A-Z0-9-]+)(?P<parameters>(?:;[A-Z0-9-]+=(?:{_VALUE}))*)"
    r":(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)"
)


class Property(NamedTuple):
    """A property of a card: its parts, each a list of values, without escapes."""

    name: str
    parameters: dict[str, str]
    parts: list[list[str]]

    @property
    def text(self) -> str:
        """The value of a property that is one text."""
        ((value,),) = self.parts
        return value


Card = list[Property]


def read(content: bytes) -> list[Card]:
    """The cards of a file. Raises AssertionError, with the line, where the RFC is not kept."""
    assert content.endswith(b"\r\n")
    physical = content.split(b"\r\n")[:-1]
    for octets in physical:
        assert len(octets) <= 75, f"longer than 75 octets: {octets!r}"  # 3.2
        assert b"\r" not in octets and b"\n" not in octets, f"a bare line break: {octets!r}"
        octets.decode()  # a character is never cut: each line is UTF-8 by itself
    lines = content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    cards: list[Card] = []
    for text in lines:
        found = _property(text)
        if found.name == "BEGIN":
            cards.append([])
        assert cards, "outside a card"
        cards[-1].append(found)
    for card in cards:
        _check(card)
    return cards


def values(card: Card, name: str) -> list[str]:
    """The values of a card's properties with this name."""
    return [found.text for found in card if found.name == name]


def _property(text: str) -> Property:
    matched = LINE.fullmatch(text)
    assert matched, f"not a content line: {text!r}"
    parameters: dict[str, str] = {}
    for given in PARAMETER.finditer(matched["parameters"]):
        key, one = given["key"], given["value"].strip('"')
        assert "," not in one or key != "TYPE", f"a list that many readers take for one: {text!r}"
        parameters[key] = f"{parameters[key]},{one}" if key in parameters else one
    name, value = matched["name"], matched["value"]
    if name in URIS:
        return Property(name, parameters, [[value]])
    assert re.fullmatch(r"([^\\]|\\[\\,;n])*", value), f"a wrong escape: {text!r}"  # 3.4
    if name not in (*PARTS, "ORG", "CATEGORIES"):
        assert len(_split(value, ",")) == 1, f"a bare comma: {text!r}"
        return Property(name, parameters, [[_plain(value)]])
    parts = [[_plain(item) for item in _split(part, ",")] for part in _split(value, ";")]
    return Property(name, parameters, parts)


def _split(value: str, separator: str) -> list[str]:
    """Cut at separators that no backslash stands in front of."""
    parts, escaped = [""], False
    for letter in value:
        if letter == separator and not escaped:
            parts.append("")
        else:
            parts[-1] += letter
        escaped = letter == "\\" and not escaped
    return parts


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), text)


def _check(card: Card) -> None:
    names = [found.name for found in card]
    assert (names[0], names[1], names[-1]) == ("BEGIN", "VERSION", "END"), names  # 3.3, 6.7.9
    assert values(card, "BEGIN") == values(card, "END") == ["VCARD"]
    assert values(card, "VERSION") == ["4.0"]
    assert set(names) <= ONCE | AT_MOST_ONCE | AT_LEAST_ONCE | ANY, names
    assert all(names.count(name) == 1 for name in ONCE)
    assert all(names.count(name) <= 1 for name in AT_MOST_ONCE)
    assert all(name in names for name in AT_LEAST_ONCE)
    assert values(card, "KIND")[0] in ("individual", "group", "org", "location")
    for found in card:
        if found.name in PARTS:
            assert len(found.parts) == PARTS[found.name], found
        if found.name in URIS:
            assert re.fullmatch(r"[a-z][a-z0-9+.-]*:[!-~]+", found.text), found
        if found.name == "REV":
            assert re.fullmatch(r"\d{8}T\d{6}Z", found.text), found  # 4.3.5
        if "PREF" in found.parameters:
            assert 1 <= int(found.parameters["PREF"]) <= 100, found  # 5.3
        if "TYPE" in found.parameters:
            assert set(found.parameters["TYPE"].split(",")) <= TYPES, found
        if found.name == "EMAIL":
            assert re.fullmatch(r"[^@\s]+@[^@\s]+", found.text), found
