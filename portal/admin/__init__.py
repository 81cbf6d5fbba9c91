"""Beheer: the pages with which coordinators look after the portal, and health checks."""

from flask import Flask

from portal.accounts.access import is_coordinator
from portal.admin.health import get_mail_state
from portal.admin.probes import blueprint as probes
from portal.admin.views import blueprint
from portal.web.menu import register_entry


def register(app: Flask) -> None:
    """Add Beheer, its menu entry, the alarm about mail in the layout, and the health checks."""
    app.context_processor(lambda: {"mail_state": get_mail_state})
    app.register_blueprint(blueprint)
    app.register_blueprint(probes)
    register_entry(app, "Beheer", "admin.overview", shown=is_coordinator)
