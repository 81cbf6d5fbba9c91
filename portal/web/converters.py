"""URL converters."""

import re

from werkzeug.routing import IntegerConverter, UnicodeConverter

_SECRET = re.compile(r"[\w-]*(?:\.[\w-]+)*", re.ASCII)  # words joined by a full stop


class RowId(IntegerConverter):
    """The id of a row. A number that does not fit 64 bits is no address of the portal (404)."""

    regex = r"\d{1,15}"


class Secret(UnicodeConverter):
    """A secret in a link of a mail. What a mail program or a person took along behind it, such as a
    full stop, a bracket or "&gt;", is cut off. Pages with one are never stored."""

    def to_python(self, value: str) -> str:
        """The secret alone."""
        return _SECRET.match(value)[0]  # type: ignore[index]  # it matches every text
