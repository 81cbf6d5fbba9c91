"""The doctor: says what is wrong with this installation, what that costs and what to do."""

from datetime import timedelta

from flask import Flask

from portal.config import current_config
from portal.doctor import examination, jobs, summaries, views
from portal.jobs import register_job
from portal.jobs.worker import Job
from portal.web.admin_pages import register_admin_page


def register(app: Flask) -> None:
    """Add the page of the doctor, and let the worker do all checks every hour."""
    app.register_blueprint(views.blueprint)
    register_admin_page(app, "Techniek", "doctor.technique", summaries.summarise)

    def run() -> bool:
        with app.app_context():
            return examination.examine_and_store(current_config())

    hour, lease = timedelta(hours=1), timedelta(minutes=10)
    register_job(app, Job(examination.JOB, hour, lease, run, jobs.OWN, idle=3 * hour))
