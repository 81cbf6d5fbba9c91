"""Imports: a coordinator's spreadsheet, a file of DUO, the files of a region."""

from datetime import timedelta

from flask import Flask

from portal.accounts.forgetting import register_forgetting
from portal.imports import decisions_and_clearing, reading_now_or_later, remembered_words, summaries
from portal.imports.views import blueprint
from portal.jobs import register_job
from portal.jobs.clearing import register_clearing
from portal.jobs.worker import Job
from portal.retention_periods import IMPORTS, WORDS
from portal.web.admin_pages import register_admin_page


def register(app: Flask) -> None:
    """Add the pages, and the job that reads large files: at every tick, one file at a time."""
    app.register_blueprint(blueprint)
    register_admin_page(app, "Bestanden overnemen", "imports.imports", summaries.summarise)
    nothing = timedelta(0)
    register_job(app, Job("import", nothing, nothing, reading_now_or_later.begin_reading, "Bestanden lezen"))
    register_forgetting(app, decisions_and_clearing.forget_person)
    register_clearing(app, WORDS, remembered_words.clear_words)
    register_clearing(app, IMPORTS, decisions_and_clearing.clear_old)
