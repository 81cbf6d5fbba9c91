"""URL converters."""

from werkzeug.routing import IntegerConverter


class RowId(IntegerConverter):
    """The id of a row. A number that does not fit 64 bits is no address of the portal (404)."""

    regex = r"\d{1,15}"
