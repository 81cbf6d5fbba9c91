"""A limit on the work that a form of a stranger can ask."""

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MAX_FIELDS = 1000  # a notice with a box for every school has some 150


class LimitedRequest(Request):
    """A request of which the form has at most MAX_FIELDS fields, otherwise it gets 413.

    MAX_FORM_PARTS counts the parts of a multipart form only; 64 kB urlencoded hold 32,000 fields.
    """

    def make_form_data_parser(self) -> FormDataParser:
        """The parser of the form. Raises RequestEntityTooLarge."""
        is_urlencoded = self.mimetype == "application/x-www-form-urlencoded"
        if is_urlencoded and self.get_data().count(b"&") >= MAX_FIELDS:
            raise RequestEntityTooLarge
        return super().make_form_data_parser()
