"""The pages of the board: what changes, one notice, who saw it, and what becomes of it."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts.access import (
    current_person_id,
    current_user_or_none,
    requires_member,
    requires_reader,
    requires_sign_in,
)
from portal.directory import schools as directory
from portal.directory.assignments import RuleViolation
from portal.directory.validity import day_after
from portal.notices import choices, lifecycle, queries, recipients, rules
from portal.notices.drafts import Draft
from portal.notices.forms import BoardForm, ChangeNoticeForm, change_form
from portal.notices.kinds import DEPARTURE, KINDS
from portal.notices.lifecycle import Conflict, HasDependents
from portal.notices.models import Notice, Recipient
from portal.notices.permissions import Author, may_change
from portal.notices.queries import Filters
from portal.notices.signed_links import MUTE, SEEN, Links
from portal.site import current_site
from portal.web.access import public
from portal.web.fragments import respond

blueprint = Blueprint("notices", __name__)

# What the page of a notice says after a step that its address names.
DONE = {
    "geplaatst": "Je melding is geplaatst. Wie het aangaat, krijgt nu mail.",
    "gewijzigd": "Je wijziging is bewaard.",
    "ingetrokken": "De melding is ingetrokken. Wie haar kreeg, krijgt daarover mail.",
    "bevestigd": "De opvolger is bevestigd.",
    "afgewezen": "Je hebt gemeld dat het niet klopt. De plek is nu niet ingevuld.",
}


def links() -> Links:
    """The links of this site for mails about notices."""
    return Links(current_site())


def author() -> Author | None:
    """What whoever is signed in speaks for."""
    someone = current_user_or_none()
    return choices.get_author(someone.account) if someone else None


def unseen() -> int:
    """How many notices whoever is signed in has not seen; shown in the menu."""
    person = current_person_id()
    return queries.count_unseen(person) if person else 0


@blueprint.get("/wijzigingen")
@requires_reader
def board() -> Response:
    """What changes: for my kernteams first, then everything."""
    form = BoardForm()
    form.stand.choices = [("", "Gaat in en geldt nu"), *rules.PHASES.items()]
    form.soort.choices = [("", "alle soorten"), *((k, v.label) for k, v in KINDS.items())]
    form.gemeente.choices = [
        ("", "alle gemeenten"),
        *((town.slug, town.name) for town in directory.list_municipalities(in_region=True)),
    ]
    form.school.choices = [("", "alle scholen"), *queries.list_schools(form.school.data or "")]
    form.organisatie.choices = [("", "alle organisaties"), *queries.list_organisations()]
    # Something else in the address than what the lists offer asks for nothing.
    for field in form:
        if field.data not in dict(field.choices):
            field.data = ""
    someone = current_user_or_none()
    mine, others = queries.list_notices(
        Filters(
            form.stand.data, form.soort.data, form.gemeente.data, form.school.data,
            form.organisatie.data,
        ),
        current_person_id(),
        someone.account.id if someone else None,
    )  # fmt: skip
    return respond(
        "notices/board.html",
        "notices/_board.html",
        form=form,
        mine=mine,
        others=others,
        author=author(),
        most=queries.MOST,
    )


@blueprint.get("/wijzigingen/<int:notice_id>")
@requires_reader
def notice(notice_id: int) -> str:
    """What changes, where, who posted it, and for the author who saw it."""
    return _page(_find(notice_id))


@blueprint.post("/wijzigingen/<int:notice_id>/gezien")
@requires_sign_in
def see(notice_id: int) -> BaseResponse:
    """Notes that whoever is signed in saw a notice."""
    if not queries.mark_seen(notice_id, current_person_id() or 0):
        abort(404)
    return redirect(url_for(".notice", notice_id=notice_id))


@blueprint.get("/wijzigingen/<int:notice_id>/wijzigen")
@requires_member
def ask_change(notice_id: int) -> str:
    """Asks for other days or another text."""
    found = _own(notice_id)
    return render_template("notices/change.html", notice=found, form=_change_form(found))


@blueprint.post("/wijzigingen/<int:notice_id>/wijzigen")
@requires_member
def change(notice_id: int) -> tuple[str, int] | BaseResponse:
    """Changes a notice; who was told hears of other days."""
    found = _own(notice_id)
    form = _change_form(found)
    if not form.validate():
        return render_template("notices/change.html", notice=found, form=form), 422
    first, last = found.valid_from, found.valid_until
    if form.dag and form.dag.data:
        first = day_after(form.dag.data) if found.kind == DEPARTURE else form.dag.data
    if form.laatste_dag:
        last = day_after(form.laatste_dag.data) if form.laatste_dag.data else None
    draft = Draft.from_json(found.draft).on(first, last, form.tekst.data)
    try:
        lifecycle.change(require_author(), notice_id, _version(), draft, links())
    except Conflict:
        return _conflict(notice_id)
    except RuleViolation as error:
        field = form.dag or form.laatste_dag or form.tekst
        field.errors = [str(error)]
        return (
            render_template("notices/change.html", notice=found, form=form, later=_later(error)),
            422,
        )
    return redirect(url_for(".notice", notice_id=notice_id, gedaan="gewijzigd"))


@blueprint.post("/wijzigingen/<int:notice_id>/intrekken")
@requires_member
def withdraw(notice_id: int) -> tuple[str, int] | BaseResponse:
    """Withdraws a notice."""
    found = _own(notice_id)
    try:
        lifecycle.withdraw(require_author(), notice_id, _version(), links())
    except Conflict:
        return _conflict(notice_id)
    except HasDependents as error:
        return _page(found, refused=str(error), later=_later(error)), 409
    return redirect(url_for(".notice", notice_id=notice_id, gedaan="ingetrokken"))


@blueprint.post("/wijzigingen/<int:notice_id>/bevestigen")
@requires_member
def confirm(notice_id: int) -> tuple[str, int] | BaseResponse:
    """Confirms the successor whom somebody else proposed."""
    _to_confirm(notice_id)
    try:
        lifecycle.confirm(require_author(), notice_id, _version(), links())
    except Conflict:
        return _conflict(notice_id)
    return redirect(url_for(".notice", notice_id=notice_id, gedaan="bevestigd"))


@blueprint.post("/wijzigingen/<int:notice_id>/afwijzen")
@requires_member
def refuse(notice_id: int) -> tuple[str, int] | BaseResponse:
    """Says that the proposed successor does not agree."""
    found = _to_confirm(notice_id)
    try:
        lifecycle.refuse(require_author(), notice_id, _version(), links())
    except Conflict:
        return _conflict(notice_id)
    except HasDependents as error:
        return _page(found, refused=str(error), later=_later(error)), 409
    return redirect(url_for(".notice", notice_id=notice_id, gedaan="afgewezen"))


@blueprint.get("/wijzigingen/gezien/<token>")
@public
def open_seen(token: str) -> str:
    """The page of the link in a mail: a button, and only that counts. Changes nothing."""
    recipient = _recipient(SEEN, token)
    return render_template(
        "notices/seen.html",
        notice=recipient.notice,
        recipient=recipient,
        token=token,
        schools=queries.list_lines(recipient.notice_id),
    )


@blueprint.post("/wijzigingen/gezien/<token>")
@public
def use_seen(token: str) -> BaseResponse:
    """Notes that who got the mail saw the notice."""
    queries.mark_seen_by(_recipient(SEEN, token).id)
    return redirect(url_for(".open_seen", token=token))


@blueprint.get("/wijzigingen/afmelden/<token>")
@public
def open_mute(token: str) -> str:
    """Asks whether somebody wants no more mail of a kind. Changes nothing."""
    recipient = _recipient(MUTE, token)
    muted = recipient.notice.kind in recipients.list_muted_kinds(recipient.person_id)
    return render_template(
        "notices/mute.html", kind=KINDS[recipient.notice.kind], muted=muted, token=token
    )


@blueprint.post("/wijzigingen/afmelden/<token>")
@public
def use_mute(token: str) -> BaseResponse:
    """Sends no more mail of this kind to who got the mail."""
    recipient = _recipient(MUTE, token)
    muted = recipients.list_muted_kinds(recipient.person_id)
    recipients.mute(recipient.person_id, muted | {recipient.notice.kind})
    return redirect(url_for(".open_mute", token=token))


@blueprint.get("/wijzigingen/mail")
@requires_sign_in
def mail() -> str:
    """Asks about which kinds somebody wants mail."""
    person = current_person_id()
    muted = recipients.list_muted_kinds(person) if person else set()
    return render_template("notices/mail.html", kinds=KINDS, muted=muted, person=person)


@blueprint.post("/wijzigingen/mail")
@requires_sign_in
def choose_mail() -> BaseResponse:
    """Keeps about which kinds somebody wants mail."""
    person = current_person_id() or abort(404)
    wanted = set(request.form.getlist("soort"))
    recipients.mute(person, [kind for kind in KINDS if kind not in wanted])
    return redirect(url_for(".mail", bewaard="ja"))


def _find(notice_id: int) -> Notice:
    return queries.find_notice(notice_id) or abort(404)


def require_author() -> Author:
    """What whoever is signed in speaks for, on a page that asks for that."""
    return author() or abort(401)


def _own(notice_id: int) -> Notice:
    """A notice that whoever is signed in may change."""
    found = _find(notice_id)
    if not may_change(require_author(), found.account_id, found.organisation_id):
        abort(404)
    return found


def _to_confirm(notice_id: int) -> Notice:
    """A notice with a successor that whoever is signed in may confirm."""
    found = _find(notice_id)
    if not lifecycle.list_pending(notice_id, require_author()):
        abort(404)
    return found


def _recipient(purpose: str, token: str) -> Recipient:
    number = links().recipient(purpose, token)
    return (recipients.find_recipient(number) if number else None) or abort(404)


def _version() -> int:
    """The version that somebody saw; one that is none is never the present one."""
    text = request.form.get("versie", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _change_form(found: Notice) -> ChangeNoticeForm:
    return change_form(
        found, can_move=lifecycle.can_move(found), has_last_day=lifecycle.has_last_day(found)
    )


def _later(error: RuleViolation) -> list[Notice]:
    ids = error.notices if isinstance(error, HasDependents) else []
    return [found for number in ids if (found := queries.find_notice(number))]


def _conflict(notice_id: int) -> tuple[str, int]:
    """Somebody else was first: how it is now, beside what was filled in."""
    now = _find(notice_id)
    form = _change_form(now)
    form.versie.data = now.row_version
    return (
        render_template(
            "notices/conflict.html",
            notice=now,
            form=form,
            last=queries.list_events(notice_id)[-1],
            is_edit="tekst" in request.form,
        ),
        409,
    )


def _page(found: Notice, refused: str = "", later: list[Notice] | None = None) -> str:
    speaker, today = author(), clock.today()
    withdrawn = clock.day_of(found.withdrawn_at) if found.withdrawn_at else None
    own = speaker is not None and may_change(speaker, found.account_id, found.organisation_id)
    return render_template(
        "notices/notice.html",
        notice=found,
        kind=KINDS[found.kind],
        phase=rules.PHASES[
            rules.phase(
                found.kind, found.valid_from, found.valid_until,
                is_withdrawn=withdrawn is not None, today=today,
            )
        ],
        begins=rules.begins(found.valid_from, found.valid_until, withdrawn, today),
        schools=queries.list_lines(found.id),
        events=queries.list_events(found.id),
        recipient=queries.find_recipient(found.id, current_person_id()),
        is_own=own,
        reach=queries.get_reach(found.id) if own and not withdrawn else None,
        pending=list(dict.fromkeys(row.person.name for row in lifecycle.list_pending(found.id))),
        may_confirm=speaker is not None and bool(lifecycle.list_pending(found.id, speaker)),
        done=DONE.get(request.args.get("gedaan", "")),
        refused=refused,
        later=later or [],
    )  # fmt: skip
