"""Meetings of schools and kernen: planned, prepared, and accounted for. A region switches them on. The case itself
stays with the school; a meeting knows numbers and minutes."""

from datetime import timedelta

from flask import Flask

from portal.jobs import register_mailing_job
from portal.jobs.clearing import register_clearing
from portal.meetings import admin_views, agenda_views, clearing, due_mails, report_views, views
from portal.meetings import summaries_and_waiting_items as summaries
from portal.retention_periods import MEETINGS
from portal.web.admin_pages import register_admin_page
from portal.web.menu import register_entry, register_section
from portal.web.waiting_items import register_waiting


def register(app: Flask) -> None:
    """Add the pages, the menu entry, the job that mails, and the retention period."""
    for module in (views, agenda_views, report_views, admin_views):
        app.register_blueprint(module.blueprint)
    app.jinja_env.filters.update(closing=views.say_moment, hour=views.say_hour)
    register_entry(app, "Overleg", "meetings.index", shown=views.is_signed_in)
    register_waiting(app, summaries.list_waiting)
    register_section(app, "kern", "meetings/_of_group.html", views.show_of_group)
    register_admin_page(app, "Overleg", "meeting_admin.overview", summaries.summarise)
    register_clearing(app, MEETINGS, clearing.clear_old)
    ten_minutes = timedelta(minutes=10)
    register_mailing_job(app, "meetings", due_mails.run, "Mailen over overleg", ten_minutes)
