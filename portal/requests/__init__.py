"""Requests: from a school's question to the mailbox of the kernteam project, and back."""

from flask import Flask

from portal.jobs.retention import Retention, register_retention
from portal.requests import workflow
from portal.requests.admin_views import blueprint as desk
from portal.requests.admin_views import waiting_summary
from portal.requests.models import Request, RequestDetails
from portal.requests.views import blueprint
from portal.web.admin_pages import register_admin_page
from portal.web.menu import register_entry


def register(app: Flask) -> None:
    """Add the pages about requests, their line in the menu, and what is cleared in time."""
    app.register_blueprint(blueprint)
    app.register_blueprint(desk)
    register_entry(app, "Aanvragen", "requests.start")
    register_admin_page(app, "Aanvragen", "request_admin.overview", waiting_summary)
    register_retention(
        app,
        Retention("Aanvragen die zijn afgesloten", RequestDetails.KEPT, workflow.clear_closed),
    )
    register_retention(
        app,
        Retention("Aanvragen die niet zijn bevestigd", Request.UNCONFIRMED_KEPT,
                  workflow.clear_unconfirmed),
    )  # fmt: skip
