"""Periodic jobs, each protected by a lease."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from portal.jobs.worker import Job
from portal.site import Site, current_site


def register_job(app: Flask, job: Job) -> None:
    """Let every worker of this application run `job` when it is due."""
    app.extensions.setdefault("jobs", []).append(job)


def register_mailing_job(
    app: Flask, name: str, run: Callable[[Site], int], label: str, every: timedelta = timedelta(hours=1)
) -> None:
    """Let the workers run a job that stores mails for the recipients of this site; `run` gives
    their number, and `label` is its name in Beheer."""

    def run_with_site() -> int:
        # The mail templates use the context of a request; a job has none.
        with app.app_context():
            site = current_site()
        with app.test_request_context(base_url=site.base_url):
            return run(site)

    register_job(app, Job(name, every, timedelta(minutes=10), run_with_site, label))
