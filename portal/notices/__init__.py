"""The change-notice board: a change is announced once, mailed to those concerned, and applied to
the directory from its day on."""

from flask import Flask

from portal import retention_periods
from portal.jobs import register_mailing_job
from portal.jobs.clearing import register_clearing
from portal.notices import change_or_withdraw_views, clearing, views, waiting_items
from portal.notices.reminders import remind
from portal.web.menu import register_entry
from portal.web.waiting_items import register_waiting


def register(app: Flask) -> None:
    """Add the pages of the board, its menu entry with the number of unseen notices, the job that
    sends reminders, and the clearing of old answers."""
    app.register_blueprint(change_or_withdraw_views.blueprint)  # with the pages of both modules
    app.extensions["csrf"].exempt(views.use_mute)  # its signed link is the proof
    register_entry(app, "Wijzigingen", "notices.board", badge=views.count_unseen)
    register_waiting(app, waiting_items.list_unseen)

    register_clearing(app, retention_periods.NOTICES, clearing.clear_archived)
    register_clearing(app, retention_periods.NOTICE_ANSWERS, clearing.clear_typed)
    register_mailing_job(app, "notice reminders", remind, "Herinneren aan meldingen")
