"""Backups of the database: made online, verified, rotated, restored."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask

from portal import clock
from portal.backups.create import EVERY, make_backup
from portal.backups.retention import clear_old
from portal.config import Config
from portal.jobs import register_job
from portal.jobs.worker import Job

BACKUP = "backup"


def register(app: Flask, config: Config, keep_list: Callable[[], None]) -> None:
    """Make backups, each after `keep_list` wrote the list of forgotten people beside them, and
    delete the old ones."""

    def run() -> Path:
        with app.app_context():
            keep_list()
        made = make_backup(config, clock.now())
        clear_old(config, clock.now())
        return made

    register_job(app, Job(BACKUP, EVERY, timedelta(minutes=30), run, label="Back-up maken"))
