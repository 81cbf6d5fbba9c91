"""Periodic jobs, each protected by a lease."""

from flask import Flask

from portal.jobs.worker import Job


def register_job(app: Flask, job: Job) -> None:
    """Let every worker of this application run `job` when it is due."""
    app.extensions.setdefault("jobs", []).append(job)
