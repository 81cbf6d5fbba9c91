"""Backups of the database: made online, verified, rotated, copied elsewhere, restored."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask

from portal import clock
from portal.backups.clearing import clear_old
from portal.backups.make_and_restore import EVERY, make_backup
from portal.backups.ping import ping
from portal.backups.second_place import copy_newest
from portal.backups.store import BackupError
from portal.config import Config
from portal.jobs import register_job
from portal.jobs.worker import Job

logger = logging.getLogger(__name__)

BACKUP = "backup"
COPY = "backup copy"


def register(
    app: Flask, config: Config, keep_list: Callable[[], None], on_failed_copy: Callable[[str], object]
) -> None:
    """Make backups, and copy each to the second place, where there is one. `keep_list` writes the
    list of forgotten people; `on_failed_copy` gets the reason of each failure."""

    def run() -> Path:
        with app.app_context():
            return back_up(config, keep_list)

    def copy() -> bool:
        try:
            return copy_newest(config, clock.now())
        except BackupError as error:
            logger.warning("the copy of the backup failed")  # the state says why
            on_failed_copy(str(error))
            return False

    lease = timedelta(minutes=30)
    register_job(app, Job(BACKUP, EVERY, lease, run, "Back-up maken", idle=3 * EVERY))
    if config.backup_copy:
        register_job(app, Job(COPY, EVERY, lease, copy, label="Back-up kopiëren"))


def back_up(config: Config, keep_list: Callable[[], None]) -> Path:
    """Make a backup with the list beside it, delete the old ones, and ping; gives the new file.
    Raises BackupError or OSError."""
    made = make_backup(config, clock.now())
    keep_list()
    clear_old(config, clock.now())
    if config.ping_url:
        ping(config.ping_url)
    return made
