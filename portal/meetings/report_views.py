"""The page on which the leader says how a meeting went."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for

from portal import clock
from portal.accounts.access import requires_sign_in
from portal.database import Outdated
from portal.directory.schools_and_kernen import get_calendar
from portal.idempotency import once
from portal.meetings import agenda_slots, queries
from portal.meetings.days_and_deadlines import EVALUATION_MONTHS, evaluation_day
from portal.meetings.expected_people import list_expected
from portal.meetings.forms import ReportForm
from portal.meetings.kinds import MeetingState, Outcome, Reply, SlotKind
from portal.meetings.models import MeetingSlot
from portal.meetings.permissions import View
from portal.meetings.views import Answer, get_view
from portal.web.formatting import weekday
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
    if not view.leads or row.day > clock.today() or row.cases is not None:
        abort(404)
    slots = [*agenda_slots.list_evaluations(row), *agenda_slots.list_slots(row)]
    days = _list_evaluation_days(view)
    form = _make_form(view, slots, days)
    status = None
    if form.is_submitted() and form.validate():
        outcomes = {slot.id: _read_outcome(form[f"slot_{slot.id}"].data, days) for slot in slots}
        present = {int(person) for person in form.present.data or ()}
        version = read_number(request.form.get("versie", "")) or 0
        try:
            queries.account_for(row, version, held=form.held.data == "ja", present=present, outcomes=outcomes)
            flash("Bewaard. Vernietig nu de papieren van dit overleg.")
            return redirect(url_for(".report", number=number))
        except Outdated:
            status, view = 409, get_view(number)
            form.version.raw_data, form.version.data = None, str(view.meeting.row_version)
    page = {"view": view, "meeting": view.meeting, "slots": slots, "is_outdated": status == 409}
    return show_form("meetings/report.html", form, status, **page)


def _list_evaluation_days(view: View) -> dict[str, date]:
    """Per number of months the day of the evaluation, each day once."""
    meetings, calendar = queries.list_days(view.meeting), get_calendar()
    months_of = {
        evaluation_day(view.meeting.day, months, meetings, calendar): str(months)
        for months in reversed(EVALUATION_MONTHS)
    }
    return {months: day for day, months in sorted(months_of.items())}


def _make_form(view: View, slots: list[MeetingSlot], days: dict[str, date]) -> ReportForm:
    row = view.meeting
    plain = [(outcome.value, outcome.label) for outcome in (Outcome.DONE, Outcome.FOLLOW_UP)]
    later = [(months, f"evaluatie op {weekday(day)}") for months, day in days.items()]
    outcomes = {slot.id: [*plain, *(later if slot.kind == SlotKind.CASE else ())] for slot in slots}
    participants = queries.list_participants(row)
    known: dict[str, Any] = {"version": row.row_version}
    if row.state != MeetingState.PLANNED:
        known["held"] = "ja" if row.state == MeetingState.HELD else "nee"
    known["present"] = [
        str(who) for who, seen in participants.items()
        if seen.was_present or (seen.was_present is None and seen.reply == Reply.COMING)
    ]  # fmt: skip
    for slot in slots:
        if slot.meeting_id == row.id:
            known[f"slot_{slot.id}"] = _show_outcome(slot, days)
    people = [(str(who.person), f"{who.name}, {', '.join(who.roles)}") for who in list_expected(row)]
    return ReportForm.of(slots)(people, outcomes, data=known)


def _show_outcome(slot: MeetingSlot, days: dict[str, date]) -> str:
    if slot.outcome != Outcome.EVALUATION:
        return str(slot.outcome or "")
    return next((months for months, day in days.items() if day == slot.evaluate_on), "3")


def _read_outcome(value: str, days: dict[str, date]) -> tuple[Outcome | None, date | None]:
    if value in days:
        return Outcome.EVALUATION, days[value]
    return (Outcome(value) if value else None), None
