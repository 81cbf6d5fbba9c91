"""The pages of an agenda: its slots, adding and changing one, and the run sheet to print."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from portal import clock
from portal.accounts.access import requires_sign_in
from portal.database import Outdated
from portal.directory.schools_and_kernen import get_calendar
from portal.idempotency import once
from portal.meetings import agenda_slots, queries
from portal.meetings.agenda_slots import MOST_SLOTS, TooManySlots
from portal.meetings.days_and_deadlines import calculated_end, closes_at, is_last_of_school_year
from portal.meetings.expected_people import list_expected, list_leading_roles
from portal.meetings.forms import CaseForm, PointForm
from portal.meetings.kinds import SlotKind
from portal.meetings.models import MeetingSlot
from portal.meetings.permissions import View, list_workplaces
from portal.meetings.views import Answer, get_view
from portal.web.forms import compare, read_number
from portal.web.fragments import show_form

blueprint = Blueprint("agendas", __name__)

_KINDS = {"casus": SlotKind.CASE, "punt": SlotKind.GENERAL}


@blueprint.get("/overleg/<int:number>/agenda")
@requires_sign_in
def agenda(number: int) -> str:
    """The agenda, with the moment at which it closes on the first line."""
    view = get_view(number)
    slots = agenda_slots.list_slots(view.meeting)
    return render_template("meetings/agenda.html", view=view, **_describe(view, slots))


@blueprint.route("/overleg/<int:number>/agenda/<any(casus,punt):kind>", methods=["GET", "POST"])
@requires_sign_in
@once("agendas.agenda")
def add_slot(number: int, kind: str) -> Answer:
    """Adds a slot. A kern works on the development of schools (003), so it discusses no case."""
    view, slot_kind = _get_open(number), _KINDS[kind]
    if not view.may_add or (view.meeting.kern_id and slot_kind is SlotKind.CASE):
        abort(404)
    form = _make_form(view, slot_kind)
    if form.is_submitted() and form.validate():
        school = view.meeting.school_id or min(view.schools, default=None)
        try:
            agenda_slots.add_slot(view.meeting, slot_kind, school, form.columns())
            return redirect(url_for(".agenda", number=number))
        except TooManySlots:
            form.minutes.errors = [f"Er staan al {MOST_SLOTS} punten. Haal er eerst een weg."]
        except Outdated:
            form.minutes.errors = ["Dit overleg gaat niet door."]
    return _show_slot(view, slot_kind, form)


@blueprint.route("/overleg/<int:number>/agenda/<int:slot>", methods=["GET", "POST"])
@requires_sign_in
@once("agendas.agenda")
def change_slot(number: int, slot: int) -> Answer:
    """Changes or removes a slot; answers 409 with both versions where somebody else did."""
    view = _get_open(number)
    row = agenda_slots.find_slot(view.meeting, slot)
    if row is None:
        abort(409 if request.method == "POST" else 404)
    if not view.may_change(row):
        abort(404)
    form = _make_form(view, row.kind, row)
    is_removal = request.form.get("wat") == "weg"
    if not form.is_submitted() or not (is_removal or form.validate()):
        return _show_slot(view, row.kind, form, row)
    try:
        version = read_number(request.form.get("versie", "")) or 0
        agenda_slots.change_slot(row, version, None if is_removal else form.columns())
    except Outdated as conflict:
        if conflict.present is None:
            abort(409)
        present = _make_form(view, row.kind, conflict.present, formdata=None)
        differences = compare(form.asked, present.asked)
        form.version.raw_data, form.version.data = None, present.version.data
        return _show_slot(view, row.kind, form, conflict.present, 409, differences=differences)
    return redirect(url_for(".agenda", number=number))


@blueprint.get("/overleg/<int:number>/draaiboek")
@requires_sign_in
def run_sheet(number: int) -> str:
    """The run sheet of the eight steps, to print on A4 (004)."""
    view = get_view(number)
    slots = agenda_slots.list_slots(view.meeting)
    return render_template(
        "meetings/run_sheet.html",
        view=view,
        expected=list_expected(view.meeting),
        is_last=is_last_of_school_year(view.meeting.day, queries.list_days(view.meeting)),
        **_describe(view, slots),
    )


def _describe(view: View, slots: list[MeetingSlot]) -> dict[str, Any]:
    """The slots of an agenda, each with the moment at which it begins, and its end."""
    meeting = view.meeting
    begins: list[datetime] = [
        calculated_end(meeting.begins_at, [slot.minutes for slot in slots[:place]]) for place in range(len(slots) + 1)
    ]
    closes = closes_at(meeting.day, get_calendar())
    return {
        "meeting": meeting,
        "slots": list(zip(slots, begins, strict=False)),
        "minutes": sum(slot.minutes for slot in slots),
        "ends_at": begins[-1],
        "too_long": (begins[-1] - meeting.ends_at).total_seconds() // 60,
        "evaluations": agenda_slots.list_evaluations(meeting),
        "closes_at": closes,
        "is_closed": clock.now() >= closes,
        "changeable": {slot.id for slot in slots if view.may_change(slot)},
    }


def _get_open(number: int) -> View:
    """A meeting whose agenda can be changed; answers 404 for one that was called off or held."""
    view = get_view(number)
    return view if view.meeting.is_planned else abort(404)


def _make_form(view: View, kind: SlotKind, slot: MeetingSlot | None = None, **options: Any) -> CaseForm | PointForm:
    if kind is SlotKind.GENERAL:
        return PointForm(slot, **options)
    day = view.meeting.day
    group = list_workplaces(view.meeting.workplace_id, day)
    return CaseForm(list_leading_roles(group, day, schools_only=False), slot, **options)


def _show_slot(
    view: View, kind: SlotKind, form: CaseForm | PointForm, slot: MeetingSlot | None = None,
    status: int | None = None, **page: Any,
) -> tuple[str, int]:  # fmt: skip
    closes = closes_at(view.meeting.day, get_calendar())
    return show_form(
        "meetings/slot.html", form, status, view=view, meeting=view.meeting, kind=kind, slot=slot,
        closes_at=closes, is_closed=clock.now() >= closes, **page,
    )  # fmt: skip
