"""One URL, page or fragment: the page includes the fragment that htmx asks for."""

from typing import Any

from flask import Response, make_response, render_template, request
from flask_htmx import HTMX
from markupsafe import Markup

htmx = HTMX()


def wants_fragment() -> bool:
    """Whether htmx asks for a fragment. A boosted link and a page restored from history need the whole page."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def respond(page: str, fragment: str | None = None, status: int | None = None, **context: Any) -> Response:
    """Answer with the template `page`, or with its `fragment` where htmx asks for one: by default "admin/_trail.html"
    of "admin/trail.html". The status is by default 422 where the `form` of the context has an error.

    An invalid form (422) is always a whole page, with its title, error summary and focus.
    """
    is_fragment = wants_fragment()
    if fragment is None:
        fragment = "/_".join(page.rsplit("/", 1))
    if status is None:
        status = 422 if "form" in context and context["form"].errors else 200
    if is_fragment and status == 422:
        response = make_response("", status)
        response.headers["HX-Redirect"] = request.full_path
        return response
    html = render_template(fragment if is_fragment else page, is_fragment=is_fragment, **context)
    return answer_fragment(html, status)


def answer_fragment(html: str | bytes, status: int = 200) -> Response:
    """Answer with HTML that is another for htmx than for a browser."""
    response = make_response(html, status)
    response.headers["Vary"] = "HX-Request"
    return response


def render_piece(template: str, facts: dict[str, Any]) -> Markup:
    """The HTML of a template with these facts, to stand in a page."""
    return Markup(render_template(template, **facts))  # noqa: S704 - a template escapes


def show_form(template: str, form: Any, status: int | None = None, **context: Any) -> tuple[str, int]:
    """The page of a form; by default 422 where it has an error, and 200 before it is sent."""
    return render_template(template, form=form, **context), status or (422 if form.errors else 200)
