"""Requests of schools to the kernteam project: submission, follow-up and clearing."""

from flask import Flask

from portal import retention_periods
from portal.accounts.forgetting import register_forgetting
from portal.jobs.clearing import register_clearing
from portal.requests import admin_views, clearing, mailboxes, saved_forms, views
from portal.requests import summaries_and_waiting_items as summaries
from portal.web.admin_pages import register_admin_page
from portal.web.menu import register_entry
from portal.web.waiting_items import register_waiting


def register(app: Flask) -> None:
    """Add the pages, the entries in the menu and in Beheer, and the retention periods."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(admin_views.blueprint)
    register_entry(app, "Aanvragen", "requests.index")
    register_waiting(app, summaries.list_open)
    register_waiting(app, summaries.list_waiting)
    register_admin_page(app, "Aanvragen", "request_admin.list_requests", summaries.summarise)
    register_forgetting(app, mailboxes.forget_person)
    register_clearing(app, retention_periods.REQUESTS, clearing.clear_closed)
    register_clearing(app, retention_periods.SAVED_FORMS, saved_forms.clear_saved)
    register_clearing(app, retention_periods.UNCONFIRMED, clearing.clear_unconfirmed)
