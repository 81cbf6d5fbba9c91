"""The coordinator's room: what keeps the portal true and its mail going."""

from flask import Flask

from portal.accounts.access import is_coordinator
from portal.admin.health import blueprint as health
from portal.admin.monitoring import mail_state
from portal.admin.views import blueprint
from portal.web.menu import register_entry


def register(app: Flask) -> None:
    """Add the coordinator's pages and the checks for machines."""
    app.context_processor(lambda: {"mail_state": mail_state})
    app.register_blueprint(blueprint)
    app.register_blueprint(health)
    register_entry(app, "Beheer", "admin.overview", shown=is_coordinator)
