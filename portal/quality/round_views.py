"""The pages on which people confirm their own facts, or somebody who asked them does so for them."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.accounts.access import current_user_or_none, require_room, require_user, requires_editor
from portal.accounts.roles import AccountRole
from portal.database import Outdated
from portal.directory.models import CheckedBy
from portal.idempotency import once
from portal.notices.permissions_and_confirmation import get_author
from portal.quality import contact_point_checks, rounds
from portal.quality.check_intervals import list_intervals
from portal.quality.contact_point_checks import Desk
from portal.quality.forms import ReportForm
from portal.quality.mails import read_token
from portal.quality.models import Confirmation
from portal.quality.own_facts import Fact, list_facts
from portal.quality.permissions import is_to, may_answer
from portal.quality.reports import Reporter
from portal.quality.round_schedule import Step, find_next_begin
from portal.site import current_site
from portal.web.declared_access import public
from portal.web.fragments import show_form

blueprint = Blueprint("rounds", __name__)

Answer = str | tuple[str, int] | Response


@blueprint.route("/bevestigen/<secret:token>", methods=["GET", "POST"])
@public
@once("rounds.own")
def own(token: str) -> Answer:
    """The page behind the link in a mail: the facts about a person, and the button that confirms
    them. Mail scanners open links, so only the button counts. Mail is forwarded too: who is signed
    in as somebody else answers only for their own organisation."""
    secret = read_token(token, current_site())
    row = rounds.find_question(secret) if secret else None
    if row is None:
        return render_template("quality/no_question.html", is_old=False), 404
    if rounds.is_over(row):
        return render_template("quality/no_question.html", is_old=True), 410
    user = current_user_or_none()
    other = user.account if user and not is_to(row, user.account) else None
    page: dict[str, Any] = {"token": token, "is_self": user and not other, "other": other}
    if other and not may_answer(row, other):
        status = 403 if request.method == "POST" else 200
        return _show(row, status, **page, may_answer=False), status
    reporter = Reporter(other, "") if other else rounds.as_reporter(row.person_id)
    facts = {fact.topic: fact for fact in list_facts(row.person_id, clock.today())}
    if wrong := facts.get(request.values.get("fout", "")):
        return _ask_what_is_wrong(reporter, wrong)
    by = CheckedBy.ORGANISATION if other else CheckedBy.SELF
    return _ask(row, by, other.id if other else None, **page)


def _ask_what_is_wrong(reporter: Reporter, fact: Fact) -> Answer:
    """Asks how a fact is instead, and reports it."""
    form = ReportForm()
    form.offer_only(fact.line)
    if form.validate_on_submit():
        rounds.report_wrong(reporter, fact, form.text.data or "", current_site())
        return redirect(request.path)
    return show_form(
        "quality/report.html", form, hidden={"fout": fact.topic, "wat": fact.line},
        title="Wat klopt er niet meer?", lead=f"Er staat nu: {fact.text}", action=request.path,
        back=request.path,
    )  # fmt: skip


@blueprint.get("/organisatie/bevestigen", defaults={"room": "organisatie"})
# Registered first, so the address without a room: the one on the overview of Beheer.
@blueprint.get("/beheer/bevestigen", defaults={"room": "beheer"})
@requires_editor
def silent(room: str) -> str:
    """The people who did not confirm: those whom the organisation asks, or the coordinator."""
    return _show_silent(room)


def _show_silent(room: str, **page: Any) -> str:
    silent = _list_silent(room)
    asked, confirmed = rounds.count_answers()
    return render_template(
        "quality/silent.html", room=room, silent=silent, asked=asked,
        confirmed=confirmed, present=rounds.find_present_round(),
        next_on=find_next_begin(clock.today()),
        intervals=list_intervals() if room == "beheer" else (), desks=_list_desks(room), **page,
    )  # fmt: skip


@blueprint.post("/<any(beheer,organisatie):room>/bevestigen/contactpunt/<int:point>")
@requires_editor
@once("rounds.silent")
def confirm_desk(room: str, point: int) -> Answer:
    """Confirms the facts of a desk."""
    require_room(room)
    desk = next((desk for desk in _list_desks(room) if desk.point.id == point), None) or abort(404)
    by = CheckedBy.CALL if room == "beheer" else CheckedBy.ORGANISATION
    try:
        contact_point_checks.confirm(desk, request.form.get("versie", ""), by, require_user().account.id)
    except Outdated:
        return _show_silent(room, is_outdated=True), 409
    return redirect(url_for(".silent", room=room))


def _list_desks(room: str) -> list[Desk]:
    if room == "beheer":
        return contact_point_checks.list_due()
    return contact_point_checks.list_due(get_author(require_user().account).speaks_for)


@blueprint.route("/<any(beheer,organisatie):room>/bevestigen/<int:confirmation>", methods=["GET", "POST"])
@requires_editor
@once("rounds.silent")
def confirm(room: str, confirmation: int) -> Answer:
    """Shows the facts about one of these people, and confirms them for the person whom the user asked."""
    row = next((row for row in _list_silent(room) if row.id == confirmation), None) or abort(404)
    by = CheckedBy.CALL if room == "beheer" else CheckedBy.ORGANISATION
    return _ask(row, by, require_user().account.id, room=room)


def _list_silent(room: str) -> list[Confirmation]:
    require_room(room)
    if room == "beheer":
        return rounds.list_silent()
    author = get_author(require_user().account)
    is_editor = author.role == AccountRole.EDITOR and author.organisation
    return rounds.list_silent(author.organisation) if is_editor else abort(404)


def _ask(row: Confirmation, by: CheckedBy, account: int | None, **page: Any) -> Answer:
    """The facts with a button, or what that button does."""
    status = 200
    if request.method == "POST" and list_facts(row.person_id, clock.today()):
        try:
            if row.step is not Step.CONFIRMED:
                rounds.confirm(row, request.form.get("versie", ""), by, account)
            return redirect(url_for(".silent", **page) if "room" in page else request.path)
        except Outdated:
            status = 409
    return _show(row, status, **page), status


def _show(row: Confirmation, status: int, *, may_answer: bool = True, **page: Any) -> str:
    facts = list_facts(row.person_id, clock.today())
    page |= {"row": row, "facts": facts, "version": rounds.get_version(facts)}
    page |= {"is_done": row.step is Step.CONFIRMED, "wrong": rounds.list_reported(facts)}
    return render_template("quality/confirm.html", status=status, may_answer=may_answer, **page)
