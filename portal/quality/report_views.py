"""The pages of reports: "klopt" and "klopt niet" of a reader, and the answer to it."""

import hashlib
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import (
    client_network,
    current_user_or_none,
    require_room,
    require_user,
    requires_coordinator,
    requires_editor,
    requires_reader,
    requires_sign_in,
    safe_path,
)
from portal.directory.contact_details import Contact
from portal.directory.schools_and_kernen import SchoolRow
from portal.idempotency import once
from portal.notices.permissions_and_confirmation import get_author
from portal.quality import readers_who_called, reports, shown_doubts
from portal.quality.forms import AnswerForm, ReportForm
from portal.quality.models import UNANSWERED, Report, ReportKind, ReportState
from portal.quality.reports import OpenReport, Reporter
from portal.site import current_site
from portal.web.fragments import show_form, wants_fragment

blueprint = Blueprint("quality", __name__)
_ROOM = "/<any(beheer,organisatie):room>/gemeld"
_LISTS = {"beheer": ".everything", "organisatie": ".own"}


@blueprint.post("/klopt")
@requires_sign_in
def confirm() -> str | Response:
    """Confirms the number of a row: somebody called, and it was right."""
    if not readers_who_called.confirm(request.form.get("regel", ""), require_user().account):
        abort(404)
    if wants_fragment():
        return render_template("quality/_confirmed.html")
    return redirect(safe_path(request.form.get("terug")))


@blueprint.route("/klopt-niet/<owner>", methods=["GET", "POST"])
@requires_reader
@once("quality.reported")
def report(owner: str) -> str | tuple[str, int] | Response:
    """Asks what is wrong about a person, contact point or school, and stores it."""
    contact = reports.find_contact(owner) or abort(404)
    school = _find_post_school(contact)
    user, form = current_user_or_none(), ReportForm(data={"line": request.args.get("regel")})
    form.offer(contact, school.name if school else "", has_account=user is not None)
    if form.validate_on_submit():
        network = hashlib.sha256(client_network().encode()).hexdigest()
        reporter = Reporter(user.account, "") if user else Reporter(None, network, form.email.data or "")
        code = school.code if school else ""
        try:
            made, is_new = reports.add_report(
                contact, form.line.data, code, form.text.data or "", reporter, current_site()
            )
        except reports.TooMany:
            form.line.errors = [reports.TOO_MANY]
        else:
            said: dict[str, Any] = {"zichtbaar": "ja" if made.is_shown else None}
            said["al"] = None if is_new else "ja"
            return redirect(url_for(".reported", owner=owner, school=code or None, **said))
    return show_form(
        "quality/report.html", form, hidden={}, title=f"Klopt niet: {contact.name}",
        lead=school.name if school else contact.organisation,
        action=url_for(".report", owner=owner, school=school.code if school else None),
    )  # fmt: skip


@blueprint.get("/gemeld/<owner>")
@requires_reader
def reported(owner: str) -> str:
    """Says what happens with a report."""
    contact = reports.find_contact(owner) or abort(404)
    school = _find_post_school(contact)
    return render_template("quality/reported.html", contact=contact, school=school)


def _find_post_school(contact: Contact) -> SchoolRow | None:
    """The school in the address, where the person has a post there today."""
    return reports.find_post_school(contact, request.args.get("school", ""))


# ---- To answer ---------------------------------------------------------------------------------


@blueprint.get("/beheer/gemeld")
@requires_coordinator
def everything() -> str:
    """Shows all reports that nobody answered."""
    return render_template("quality/reports.html", room="beheer", faults=reports.list_open())


@blueprint.get("/organisatie/gemeld")
@requires_editor
def own() -> str:
    """Shows the unanswered reports about the user's own organisation."""
    return render_template("quality/reports.html", room="organisatie", faults=_list_own())


@blueprint.route(f"{_ROOM}/<int:number>", methods=["GET", "POST"])
@requires_editor
@once("quality.answer")
def answer(room: str, number: int) -> str | tuple[str, int] | Response:
    """Shows a report with the way to the edit, and takes the answer."""
    require_room(room)
    account = require_user().account
    found = reports.find_report(number, account) or abort(404)
    form, status = AnswerForm(), None
    form.offer(found, is_mended=reports.is_mended(found))
    if form.is_submitted() and form.validate():
        state = ReportState(form.answer.data)
        if reports.answer(found, account, state, current_site()):
            return redirect(url_for(_LISTS[room], beantwoord="ja"))
        found, status = reports.find_report(number, account) or abort(404), 409
    return show_form(
        "quality/answer.html", form, status, room=room, report=found, name=reports.get_name(found),
        said=shown_doubts.describe_fault(found), same=reports.list_same(found),
        edit=_link_to_edit(room, found), is_open=found.state in UNANSWERED,
    )  # fmt: skip


def _link_to_edit(room: str, report: Report) -> str:
    """The address of the page that corrects what is reported; saving there answers the report."""
    if report.contact_point:
        if report.detail:
            return url_for("editing.detail", key=report.contact_point.key, number=report.detail_id, fout=report.id)
        return url_for("editing.contact_point", key=report.contact_point.key, fout=report.id)
    if not report.person:
        return url_for("editing.school", key=report.school_id, fout=report.id)
    person: dict[str, Any] = {"room": room, "person": report.person_id}
    if report.detail:
        return url_for("people.detail", **person, detail=report.detail_id, fout=report.id)
    posts = reports.list_posts(report.person_id, report.school_id or report.kern_id)
    if len(posts) == 1 and report.fault is not ReportKind.OTHER:
        return url_for("people.end", **person, post=posts[0].id, fout=report.id)
    return url_for("people.person", **person, fout=report.id)


def _list_own() -> list[OpenReport]:
    organisation = get_author(require_user().account).organisation
    return reports.list_open(organisation) if organisation else []


def count_own() -> int:
    """The number of faults that were reported about one's own organisation."""
    return len(_list_own())
