"""The page on which the leader says how a meeting went."""

from flask import Blueprint, abort, flash, redirect, request, url_for

from portal.accounts.access import requires_sign_in
from portal.database import Outdated
from portal.idempotency import once
from portal.meetings import agenda_slots, queries
from portal.meetings.forms import ReportForm
from portal.meetings.views import Answer, get_view
from portal.web.forms import read_number
from portal.web.fragments import show_form

blueprint = Blueprint("meeting_reports", __name__)


@blueprint.route("/overleg/<int:number>/verslag", methods=["GET", "POST"])
@requires_sign_in
@once("meeting_reports.report")
def report(number: int) -> Answer:
    """Asks from its day on whether the meeting was held, who was there, and how each slot goes on.
    Answers 409 where somebody else answered meanwhile."""
    view = get_view(number)
    row = view.meeting
    if not view.may_report:
        abort(404)
    slots = [*agenda_slots.list_evaluations(row), *agenda_slots.list_slots(row)]
    form = ReportForm.of(slots)(row, slots)
    status = None
    if form.is_submitted() and form.validate():
        present = {int(person) for person in form.present.data or ()}
        version = read_number(request.form.get("versie", "")) or 0
        try:
            queries.store_report(
                row, version, held=form.held.data == "ja", present=present, outcomes=form.read_outcomes()
            )
            flash("Bewaard. Vernietig nu de papieren van dit overleg.")
            return redirect(url_for(".report", number=number))
        except Outdated:
            status, view = 409, get_view(number)
            form.version.raw_data, form.version.data = None, str(view.meeting.row_version)
    page = {"view": view, "meeting": view.meeting, "slots": slots, "is_outdated": status == 409}
    return show_form("meetings/report.html", form, status, **page)
