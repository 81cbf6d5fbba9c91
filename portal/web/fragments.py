"""One address, page or fragment: the page includes the fragment that htmx asks for."""

from typing import Any

from flask import Response, make_response, render_template, request
from flask_htmx import HTMX

htmx = HTMX()


def wants_fragment() -> bool:
    """Whether htmx asks for a part: not for a boosted link, and not when it restores a page from
    its history; these need all."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def respond(page: str, fragment: str, status: int = 200, **context: Any) -> Response:
    """Answer with the template `page`, or with its `fragment` when htmx asks for a part.

    What is filled in wrongly (422) is always a whole page, with its title, summary and focus.
    """
    part = wants_fragment()
    if part and status == 422:
        response = make_response("", status)
        response.headers["HX-Redirect"] = request.full_path
        return response
    response = make_response(
        render_template(fragment if part else page, is_fragment=part, **context), status
    )
    response.vary.add("HX-Request")
    return response
