"""One address, page or fragment: the page includes the fragment that htmx asks for."""

from typing import Any

from flask import Response, make_response, render_template
from flask_htmx import HTMX

htmx = HTMX()


def respond(page: str, fragment: str, status: int = 200, **context: Any) -> Response:
    """Answer with the template `page`, or with its `fragment` when htmx asks for a part.

    Not for a boosted link and not when htmx restores a page from its history: these need all.
    """
    part = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    response = make_response(
        render_template(fragment if part else page, is_fragment=part, **context), status
    )
    response.vary.add("HX-Request")
    return response
