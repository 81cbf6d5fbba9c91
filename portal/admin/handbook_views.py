"""The pages of the handbook."""

from flask import abort, render_template

from portal.accounts.access import requires_coordinator
from portal.admin import handbook
from portal.admin.overview_and_outbox_views import blueprint


@blueprint.get("/beheer/handboek")
@requires_coordinator
def handbook_index() -> str:
    """The index of the handbook: all pages, and where to look for a question."""
    page = handbook.read_page()
    return render_template("admin/handbook.html", page=page, topic="")


@blueprint.get("/beheer/handboek/<topic>")
@requires_coordinator
def handbook_page(topic: str) -> str:
    """A page of the handbook, or one of the papers."""
    if topic not in handbook.list_topics():
        abort(404)
    page = handbook.read_page(topic)
    return render_template("admin/handbook.html", page=page, topic=topic)
