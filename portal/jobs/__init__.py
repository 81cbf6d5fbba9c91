"""What has to happen again and again, whoever is looking: jobs, each under a lease."""

from flask import Flask

from portal.jobs.worker import Job


def register_job(app: Flask, job: Job) -> None:
    """Let the worker do `job` as often as it says."""
    app.extensions.setdefault("jobs", []).append(job)
