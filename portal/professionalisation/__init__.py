"""Requests: from a school's question to the mailbox of the kernteam project, and back."""

from flask import Flask

from portal.jobs.retention import Retention, register_retention
from portal.professionalisation import handling
from portal.professionalisation.desk import blueprint as desk
from portal.professionalisation.models import Request, RequestDetails
from portal.professionalisation.views import blueprint
from portal.web.menu import register_entry


def register(app: Flask) -> None:
    """Add the pages about requests, their line in the menu, and what is cleared in time."""
    app.register_blueprint(blueprint)
    app.register_blueprint(desk)
    register_entry(app, "Aanvragen", "professionalisation.start")
    register_retention(
        app,
        Retention("Aanvragen die zijn afgesloten", RequestDetails.KEPT, handling.clear_closed),
    )
    register_retention(
        app,
        Retention("Aanvragen die niet zijn bevestigd", Request.UNCONFIRMED_KEPT,
                  handling.clear_unconfirmed),
    )  # fmt: skip
