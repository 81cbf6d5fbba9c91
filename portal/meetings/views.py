"""The pages of meetings: the list, planning, one meeting, answering, and the feed for calendars."""

import hashlib
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock
from portal.accounts.access import current_user_or_none, require_user, requires_sign_in
from portal.calendars.icalendar import PUBLISH, calendar
from portal.database import Outdated
from portal.directory.schools_and_kernen import get_calendar
from portal.idempotency import once
from portal.meetings import due_mails, mails, meeting_calendar, permissions, planning_and_calling_off, queries
from portal.meetings.days_and_deadlines import closes_at
from portal.meetings.expected_people import list_expected, list_leaders
from portal.meetings.forms import MeetingForm, SeriesForm
from portal.meetings.kinds import Reply
from portal.meetings.models import Meeting
from portal.site import current_site
from portal.web.declared_access import public
from portal.web.formatting import count, weekday
from portal.web.forms import compare, read_number
from portal.web.fragments import show_form
from portal.web.long_lists import MEETINGS_OF_KERN

blueprint = Blueprint("meetings", __name__)

Answer = str | tuple[str, int] | AnyResponse


@blueprint.get("/overleg")
@requires_sign_in
def index() -> str:
    """The meetings at which the user is expected, and those to account for."""
    viewer = get_own_viewer()
    mine = permissions.list_mine(viewer)
    today = clock.today()
    return render_template(
        "meetings/index.html",
        coming=[view for view in mine if view.meeting.day >= today],
        past=[view for view in mine if view.meeting.day < today],
        replies=queries.list_replies([view.meeting for view in mine], viewer.person),
        may_plan=bool(permissions.list_groups(viewer)),
        has_feed=meeting_calendar.has_feed(viewer.account),
        feed=session.pop("feed", ""),
    )


@blueprint.route("/overleg/reeks/nieuw", methods=["GET", "POST"])
@requires_sign_in
@once("meetings.index")
def plan() -> Answer:
    """Asks for a series, proposes its days without holidays, each to change, and stores it."""
    viewer = get_own_viewer()
    groups = permissions.list_groups(viewer)
    if not groups:
        abort(403)
    form = SeriesForm(groups, data={"workplace": request.args.get("van")})
    code = form.workplace.data
    is_known = code in dict(groups)
    form.set_up(code or "", may_be_schools_only=is_known and permissions.speaks_for_school(viewer, code))
    if not form.is_submitted():
        return show_form("meetings/plan.html", form)
    is_first = not form.days.typed or request.form.get("stap") == "dagen"
    if is_first:
        form.days.propose([])
    is_valid = form.validate()
    if is_first and is_valid:
        form.propose_days()
        form.validate()
    if is_first or not is_valid:
        return show_form("meetings/plan.html", form)
    names = ("workplace", "days", "begins", "ends", "place", "leader", "schools_only")
    planned = planning_and_calling_off.plan(viewer.account, **{name: form[name].data for name in names})
    for row in planned:
        due_mails.invite(get_meeting(row.id), current_site())
    flash(f"{count(len(planned), 'overleg', 'overleggen')} gepland. Iedereen krijgt een mail.")
    return redirect(url_for(".index"))


@blueprint.get("/overleg/<int:number>")
@requires_sign_in
def meeting(number: int) -> str:
    """A meeting: when and where, who is expected, and who comes."""
    view = get_view(number)
    row = view.meeting
    expected, viewer = list_expected(row), get_own_viewer()
    participants = queries.list_participants(row)
    return render_template(
        "meetings/meeting.html",
        view=view,
        meeting=row,
        expected=expected,
        participants=participants,
        counts={
            reply: sum(1 for who in expected if who.person in participants and participants[who.person].reply == reply)
            for reply in Reply
        },
        own=next((who for who in expected if who.person == viewer.person), None),
        own_reply=participants[viewer.person].reply if viewer.person in participants else None,
        closes_at=closes_at(row.day, get_calendar()),
    )


@blueprint.route("/overleg/<int:number>/wijzigen", methods=["GET", "POST"])
@requires_sign_in
@once("meetings.meeting")
def change(number: int) -> Answer:
    """Changes a meeting; answers 409 with both versions where somebody else did."""
    view = _get_led(number)
    if not view.meeting.is_planned:
        abort(404)
    form = _make_form(view)
    if not (form.is_submitted() and form.validate()):
        return show_form("meetings/change.html", form, view=view)
    version = read_number(request.form.get("versie", "")) or 0
    try:
        due_mails.change(view.meeting, version, form.leader.data, form.columns(), current_site())
    except Outdated:
        present = _make_form(get_view(number), formdata=None)
        differences = compare(form.asked, present.asked)
        form.version.raw_data, form.version.data = None, present.version.data
        return show_form("meetings/change.html", form, 409, view=view, differences=differences)
    flash("Het overleg is gewijzigd. Wie in de agenda iets ziet veranderen, krijgt een mail.")
    return redirect(url_for(".meeting", number=number))


@blueprint.post("/overleg/<int:number>/afzeggen")
@requires_sign_in
@once("meetings.meeting")
def call_off(number: int) -> AnyResponse:
    """Calls a meeting off, or with it the rest of its series, as far as the user leads it."""
    chosen = [_get_led(number)]
    if request.form.get("wat") == "reeks":
        rest = permissions.look_at(planning_and_calling_off.list_rest(chosen[0].meeting), get_own_viewer())
        chosen = [view for view in rest if view.leads]
    called = planning_and_calling_off.call_off([view.meeting for view in chosen])
    for row in called:
        due_mails.invite(get_meeting(row), current_site())
    number_of = count(len(called), "overleg is", "overleggen zijn")
    flash(f"{number_of.capitalize()} afgezegd. Iedereen krijgt een mail.")
    return redirect(url_for(".meeting", number=number))


@blueprint.post("/overleg/<int:number>/antwoord")
@requires_sign_in
@once("meetings.meeting")
def answer(number: int) -> AnyResponse:
    """Stores whether the user comes."""
    view, person = get_view(number), get_own_viewer().person
    if not view.meeting.is_open or not _find_expected(view.meeting, person):
        abort(404)
    queries.answer(view.meeting, person or 0, _read_reply())
    return redirect(url_for(".meeting", number=number))


@blueprint.route("/overleg/antwoord/<secret:token>", methods=["GET", "POST"])
@public
@once("meetings.answer_by_link")
def answer_by_link(token: str) -> Answer:
    """The page behind the link in a mail. Mail scanners open links, so only the buttons count."""
    found = mails.read_token(token, current_site())
    row = queries.find_meeting(found[0]) if found else None
    person = _find_expected(row, found[1]) if row and found else None
    if row is None or person is None or not row.is_open:
        return render_template("meetings/no_question.html"), 404
    if request.method == "POST":
        queries.answer(row, person.person, _read_reply())
        return redirect(url_for(".answer_by_link", token=token))
    reply = queries.list_replies([row], person.person).get(row.id)
    return render_template("meetings/answer.html", meeting=row, reply=reply, token=token)


@blueprint.post("/overleg/feed")
@requires_sign_in
@once("meetings.index")
def feed() -> AnyResponse:
    """Gives the user a new secret address for their calendar, or takes it back."""
    account = require_user().account.id
    if request.form.get("wat") == "weg":
        meeting_calendar.revoke(account)
        flash("Het adres werkt niet meer.")
        return redirect(url_for(".index"))
    session["feed"] = meeting_calendar.renew(account)  # shown once
    return redirect(url_for(".index"))


@blueprint.get("/overleg/feed/<secret:token>")
@public
def calendar_feed(token: str) -> Response:
    """The meetings of a user as a feed for their calendar: without names and agenda."""
    account = meeting_calendar.find_account(token) or abort(404)
    site = current_site()
    mine = (view.meeting for view in permissions.list_mine(permissions.get_viewer(account)))
    events = [meeting_calendar.make_event(row, row.changed_at, site, {}) for row in mine]
    content = calendar(PUBLISH, meeting_calendar.PRODUCT, events, meeting_calendar.FEED)
    response = Response(content, mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response


def is_signed_in() -> bool:
    """Whether somebody is signed in: nobody else has meetings."""
    return current_user_or_none() is not None


def show_of_group(code: str) -> dict[str, Any] | None:
    """The coming meetings of a kern (code) that the visitor may see, and who leads the first."""
    user = current_user_or_none()
    if user is None:
        return None
    views = permissions.look_at(queries.list_meetings([code], clock.today()), permissions.get_viewer(user.account))
    coming = [view.meeting for view in views if view.meeting.is_planned][:MEETINGS_OF_KERN]
    return {"meetings": coming, "leaders": list_leaders(coming[0])} if coming else None


def say_moment(moment: datetime) -> str:
    """A moment with its day and hour: "vrijdag 20 november 2026 om 17.00 uur"."""
    return f"{weekday(clock.day_of(moment))} om {say_hour(moment)}"


def say_hour(moment: datetime) -> str:
    """The hour of a moment in Amsterdam: "17.00 uur"."""
    return f"{moment.astimezone(clock.AMSTERDAM):%H.%M} uur"


def get_own_viewer() -> permissions.Viewer:
    """The signed-in user."""
    return permissions.get_viewer(require_user().account)


def get_meeting(number: int) -> Meeting:
    """The meeting with this id; answers 404 where there is none."""
    return queries.find_meeting(number) or abort(404)


def get_view(number: int) -> permissions.View:
    """A meeting as the user sees it; answers 404 to a user whom it does not concern, after the same
    work as for a meeting that does not exist."""
    found = queries.find_meeting(number)
    views = permissions.look_at([found] if found else [], get_own_viewer())
    return views[0] if views else abort(404)


def _get_led(number: int) -> permissions.View:
    view = get_view(number)
    return view if view.leads else abort(403)


def _find_expected(meeting: Meeting, person: int | None) -> Any:
    return next((row for row in list_expected(meeting) if row.person == person), None)


def _read_reply() -> Reply:
    """The pressed button; answers 400 to what no button says."""
    try:
        return Reply(request.form.get("antwoord", ""))
    except ValueError:
        abort(400)


def _make_form(view: permissions.View, **options: Any) -> MeetingForm:
    form = MeetingForm(view.meeting, **options)
    form.set_up(view.meeting.workplace_id, may_be_schools_only=view.seat is permissions.Seat.SCHOOL)
    return form
