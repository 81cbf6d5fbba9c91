"""Keeping the directory true: what readers report and confirm, and what is asked of people."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import Flask

from portal.accounts.models import Account
from portal.jobs import register_job, register_mailing_job
from portal.jobs.clearing import delete_by, register_clearing
from portal.jobs.worker import Job
from portal.quality import (
    account_ends,
    call_views,
    contact_point_checks,
    coverage,
    coverage_views,
    monthly_calls,
    report_views,
    reports,
    round_views,
    rounds,
    shown_doubts,
)
from portal.quality import summaries_and_waiting_items as summaries
from portal.quality.models import UNANSWERED, Dismissal, Report, ReportState
from portal.retention_periods import REPORTS, ROUNDS
from portal.site import current_site
from portal.web.admin_pages import register_admin_page
from portal.web.waiting_items import register_waiting


def register(app: Flask) -> None:
    """Add the pages and jobs, and what the rows of the finder say about reports."""
    app.register_blueprint(report_views.blueprint)
    app.register_blueprint(round_views.blueprint)
    app.register_blueprint(call_views.blueprint)
    register_admin_page(app, "Gemelde fouten", "quality.everything", summaries.summarise_reports)
    register_admin_page(app, "Tien keer bellen", "calls.overview", summaries.summarise_calls)
    register_admin_page(app, "Nog niet bevestigd", "rounds.silent", summaries.summarise_rounds)
    register_waiting(app, summaries.list_waiting)
    app.register_blueprint(coverage_views.blueprint)
    register_admin_page(app, "Dekking", "coverage.overview", summaries.summarise_coverage)
    register_admin_page(app, "Verdachte adressen", "coverage.suspicious", summaries.summarise_suspicions)
    register_clearing(app, REPORTS, delete_by(Dismissal.at))
    hours, minutes = timedelta(hours=6), timedelta(minutes=10)
    register_job(app, Job("coverage", hours, minutes, coverage.store_week, "Dekking van de week bewaren"))
    register_clearing(app, REPORTS, delete_by(Report.at))
    register_clearing(app, ROUNDS, rounds.clear_old)
    app.jinja_env.globals["reported_faults"] = shown_doubts.list_faults
    app.jinja_env.globals["count_reports"] = report_views.count_own
    app.jinja_env.globals["unconfirmed"] = shown_doubts.list_unconfirmed
    app.extensions["begin_to_settle"] = _begin_to_settle  # for the page that corrects it
    register_mailing_job(app, "reports", reports.pass_on, "Gemelde fouten doorgeven")
    register_mailing_job(app, "calls", monthly_calls.draw, "Rijen trekken om te bellen")
    register_mailing_job(app, "leaving", account_ends.run, "Accounts laten stoppen")
    register_mailing_job(app, "confirmation rounds", rounds.run, "Vragen of gegevens kloppen")
    register_mailing_job(app, "desks", contact_point_checks.ask, "Vragen of contactpunten kloppen")


def _begin_to_settle(number: int, account: Account, rows: Sequence[Any]) -> Callable[[bool], object] | None:
    """A function that answers the report with this id once an account has saved these rows: told
    whether they changed, or were right after all. None where it may not answer, where the rows are
    not what was reported, or where somebody answered before."""
    report = reports.find_report(number, account)
    if report is None or report.state not in UNANSWERED or not rows:
        return None
    if not all(reports.is_about(report, r._meta.table_name, str(r._pk), r.__data__) for r in rows):
        return None

    def settle(is_changed: bool) -> object:
        state = ReportState.ACCEPTED if is_changed else ReportState.REFUSED
        return reports.answer(report, account, state, current_site())

    return settle
