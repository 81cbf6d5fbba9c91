"""Beheer: the pages with which coordinators look after the portal, and health checks."""

from flask import Flask

from portal import retention_periods
from portal.accounts.access import is_coordinator
from portal.admin import (  # noqa: F401 - they add pages to the blueprint
    account_views,
    data_leak_views,
    handbook_views,
    invitation_views,
    overview_and_outbox_views,
    trail_views,
)
from portal.admin.alarms_and_readiness import blueprint as health
from portal.admin.alarms_and_readiness import keep_mail_state
from portal.admin.summaries import summarise_accounts, summarise_mail, summarise_settings
from portal.directory import clearing
from portal.jobs.clearing import register_clearing
from portal.web.admin_pages import Summary, register_admin_page
from portal.web.menu import register_entry


def register(app: Flask) -> None:
    """Add Beheer, its menu entry, the alarm about mail in the layout, and the health checks."""
    app.jinja_env.globals["mail_state"] = keep_mail_state
    app.register_blueprint(overview_and_outbox_views.blueprint)
    app.register_blueprint(health)
    register_entry(app, "Beheer", "admin.overview", shown=is_coordinator)
    register_admin_page(app, "Post", "admin.mail", summarise_mail)
    register_admin_page(app, "Accounts", "admin.accounts", summarise_accounts)
    register_admin_page(app, "Instellingen", "editing.settings", summarise_settings)
    register_admin_page(app, "Wat er is gewijzigd", "admin.trail_page", lambda: Summary("Wie het deed, en wanneer."))
    register_admin_page(
        app, "Gezien en gedownload", "admin.leak_page",
        lambda: Summary("Wie zag of downloadde wat, als er een datalek is."),
    )  # fmt: skip
    register_clearing(app, retention_periods.CHANGES, clearing.clear_trail)
    register_clearing(app, retention_periods.OLD_VALUES, clearing.clear_old_values)
