"""The page of the doctor under Beheer."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import requires_coordinator
from portal.admin.alarms_and_readiness import get_backup_state, list_jobs
from portal.config import current_config
from portal.doctor import examination
from portal.jobs.worker import make_due

blueprint = Blueprint("doctor", __name__)


@blueprint.route("/beheer/techniek", methods=["GET", "POST"])
@requires_coordinator
def technique() -> str | Response:
    """Shows what is wrong now, by quick checks, and what slow ones found at their last time; a
    button lets the worker do all checks now."""
    if request.method == "POST":
        make_due(examination.JOB)
        return redirect(url_for(".technique", gedaan="gevraagd"))
    results = examination.look(current_config())
    return render_template(
        "doctor/technique.html",
        found=[result for result in results if result.findings],
        good=[result for result in results if result.at and not result.findings],
        waiting=[result for result in results if not result.at],
        backup=get_backup_state(),
        jobs=list_jobs(),
        is_asked=request.args.get("gedaan") == "gevraagd",
    )
