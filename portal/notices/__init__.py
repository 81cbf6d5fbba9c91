"""The change-notice board: said once, told to those concerned, and known to the directory."""

from datetime import timedelta

from flask import Flask

from portal.jobs import register_job
from portal.jobs.worker import Job
from portal.notices import posting_views, views
from portal.notices.reminders import REMINDING, remind
from portal.web.menu import register_entry


def register(app: Flask) -> None:
    """Add the board's pages, its line in the menu with what is new, and its reminders."""
    app.register_blueprint(posting_views.blueprint)
    app.register_blueprint(views.blueprint)
    register_entry(app, "Wijzigingen", "notices.board", badge=views.unseen)

    def run() -> None:
        with app.app_context():
            links = views.links()
        remind(app, links)

    register_job(
        app,
        Job(
            REMINDING,
            every=timedelta(hours=1),
            lease=timedelta(minutes=10),
            run=run,
            label="Herinneren aan meldingen",
        ),
    )
