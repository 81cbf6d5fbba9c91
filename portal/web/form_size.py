"""Limits on the size of a form, and on the work that a form of a stranger can ask."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar

from flask import Flask, Request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MAX_FIELDS = 1000  # a notice with a box for every school has some 150
MAX_BODY = 64 * 1024  # bytes
MAX_BODY_WITH_FILE = 5_000_000 + MAX_BODY  # of a view that takes a file

View = TypeVar("View", bound=Callable[..., Any])


def with_file(view: View) -> View:
    """A decorator of a view whose form holds a file: it may have MAX_BODY_WITH_FILE bytes."""
    view.takes_file = True  # type: ignore[attr-defined]  # a function takes any
    return view


def takes_file(view: Callable[..., Any] | None) -> bool:
    """Whether the form of a view may hold a file."""
    return hasattr(view, "takes_file")


def takes_file_at(app: Flask, path: str) -> bool:
    """Whether a form that is sent to this path of `app` may hold a file."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method="POST")
    except HTTPException:
        return False
    return takes_file(app.view_functions[endpoint])


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

    def _get_file_stream(self, *args: Any, **options: Any) -> IO[bytes]:
        """In memory: werkzeug writes a file of more than 500 kB to the disk."""
        return BytesIO()
