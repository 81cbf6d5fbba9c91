"""Numbers in addresses: no more digits than the number of a row can have."""

from werkzeug.routing import IntegerConverter


class RowId(IntegerConverter):
    """A longer one leads nowhere: the database would not even look for it."""

    regex = r"\d{1,15}"
