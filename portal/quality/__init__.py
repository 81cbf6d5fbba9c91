"""Keeping the directory true: what readers report and confirm, and what is asked of people."""

from flask import Flask

from portal.data_register import REPORTS
from portal.jobs.retention import register_retention
from portal.quality import reports


def register(app: Flask) -> None:
    """Clear old reports."""
    register_retention(app, REPORTS, reports.clear_old)
