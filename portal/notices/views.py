"""The pages of the board: the notices, one notice, a new notice, and the links in its mails."""

from typing import Any

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
from portal.database import Outdated
from portal.directory.change_sets import RuleViolation, list_of_notice
from portal.notices import audience_and_mails as mails
from portal.notices import board as board_queries
from portal.notices import change_or_withdraw, completing, publishing, queries, receipts
from portal.notices.audience_and_mails import MUTE, SEEN, is_link_open, is_over, read_signed_link
from portal.notices.board import Filters
from portal.notices.choices import Choices, find_person
from portal.notices.days_and_phases import start_label
from portal.notices.drafts import Draft
from portal.notices.forms import BoardForm, NoticeForm, StartForm
from portal.notices.forms_of_kinds import FORMS, ArrivalForm
from portal.notices.kinds import NoticeKind, Subject
from portal.notices.models import Notice, Recipient
from portal.notices.permissions_and_confirmation import (
    Author,
    allowed_kinds,
    get_author,
    list_pending_people,
    may_be_subject,
    may_change,
    may_confirm,
)
from portal.notices.publishing import Effect
from portal.notices.titles_differences_and_warnings import group_lines, list_lines
from portal.search.choices import find_people
from portal.site import current_site
from portal.text import clean
from portal.web.declared_access import public, public_from_anywhere
from portal.web.form_keys import FIELD, make_form_key
from portal.web.forms import read_number
from portal.web.fragments import respond
from portal.web.long_lists import offer

blueprint = Blueprint("notices", __name__)

_FILTERS = ("stand", "soort", "gemeente", "school", "organisatie")  # of the board, in addresses


def current_author() -> Author | None:
    """The author that the signed-in user is; None for a visitor."""
    user = current_user_or_none()
    return get_author(user.account) if user else None


def require_author() -> Author:
    """The author that the signed-in user is; answers 401 to a visitor."""
    return current_author() or abort(401)


def require_notice(notice_id: int) -> Notice:
    """The notice with this id; answers 410 where it was cleared, and 404 where there was none."""
    return queries.find_notice(notice_id) or abort(410 if queries.was_cleared(notice_id) else 404)


def count_unseen() -> int:
    """The number of notices that the signed-in user has not seen; the badge in the menu."""
    person = current_person_id()
    return len(board_queries.list_unseen(person)) if person else 0


@blueprint.get("/wijzigingen")
@requires_reader
def board() -> Response:
    """The board: the notices about the reader's own kernteams first."""
    form = BoardForm()
    user = current_user_or_none()
    own, others = board_queries.list_notices(
        Filters(**form.data), current_person_id(), user.account.id if user else None
    )
    return respond(
        "notices/board.html",
        form=form,
        own=own,
        others=others,
        filters={field.name: field.data for field in form if field.data},
        most=board_queries.MOST,
    )


@blueprint.get("/wijzigingen/nieuw")
@requires_member
def new() -> Response:
    """The choice of a kind and a person, and then the questions of that kind."""
    start, form = _start(require_author())
    if form is None and "verder" in request.args:
        if start.kind.data:
            if start.person.validate(start):
                start.person.errors = ["Kies over wie het gaat."]
        else:
            start.kind.errors = ["Kies wat er verandert."]
        return _questions(start, form, 422)
    return _questions(start, form)


@blueprint.post("/wijzigingen/nieuw")
@requires_member
def post() -> tuple[str, int] | Response | BaseResponse:
    """The preview of a filled-in form, and then its publication."""
    author = require_author()
    start, form = _start(author)
    if form is None or request.form.get("stap") in ("terug", "zoeken"):
        return _questions(start, form)
    if not form.validate():
        return _questions(start, form, 422)
    draft = form.draft()
    try:
        if request.form.get("stap") == "plaatsen":
            notice_id = publishing.publish(author, draft, make_form_key(), form.row_versions.data or "", current_site())
            return redirect(url_for(".notice", notice_id=notice_id, gedaan="geplaatst"))
        return preview_page(form, draft, publishing.preview(author, draft)), 200
    except Outdated as error:
        return preview_page(form, draft, error.present, outdated=True), 409
    except RuleViolation as error:
        form.day.errors = [str(error)]
        return _questions(start, form, 422)


@blueprint.get("/wijzigingen/<int:notice_id>")
@requires_reader
def notice(notice_id: int) -> str:
    """One notice; for its author also the read receipts."""
    return notice_page(require_notice(notice_id))


@blueprint.post("/wijzigingen/<int:notice_id>/gezien")
@requires_sign_in
def mark_seen(notice_id: int) -> BaseResponse:
    """Records that the signed-in user has seen a notice."""
    receipts.mark_seen(receipts.find_receipt(notice_id, current_person_id()) or abort(404))
    return redirect(url_for(".notice", notice_id=notice_id))


@blueprint.route("/wijzigingen/gezien/<secret:token>", methods=["GET", "POST"])
@public
def seen(token: str) -> str | BaseResponse:
    """The page behind the link in a mail: what the notice is about, in one line, because anybody
    can forward a link. Mail scanners open links, so only its button counts."""
    recipient = _require_open_recipient(token)
    if request.method == "POST":
        receipts.mark_seen(recipient)
        return redirect(url_for(".seen", token=token))
    return render_template("notices/seen.html", notice=recipient.notice, recipient=recipient, token=token)


@blueprint.get("/wijzigingen/afmelden/<secret:token>")
@public
def open_mute(token: str) -> str:
    """Asks whether the recipient of a mail wants no more mail of its kind."""
    recipient = _require_recipient(MUTE, token)
    kind = recipient.notice.kind
    is_muted = kind in mails.list_muted_kinds(recipient.person_id)
    return render_template("notices/mute.html", kind=kind, is_muted=is_muted, token=token)


@blueprint.post("/wijzigingen/afmelden/<secret:token>")
@public_from_anywhere
def use_mute(token: str) -> str:
    """Mutes the kind of a mail for its recipient. Mail programs post here as well (RFC 8058): they
    have no session and no page of ours, and get 200 for an unknown token too."""
    recipient = _find_recipient(MUTE, token)
    if recipient:
        mails.mute_kind(recipient.person_id, recipient.notice.kind)
    kind = recipient.notice.kind if recipient else None
    return render_template("notices/mute.html", kind=kind, is_muted=True, token=token)


@blueprint.route("/wijzigingen/mail", methods=["GET", "POST"])
@requires_sign_in
def preferences() -> str | BaseResponse:
    """Shows about which kinds the signed-in user gets mail, and keeps their choice."""
    person = current_person_id()
    if request.method == "POST":
        wanted = request.form.getlist("soort")
        off = [kind for kind in NoticeKind if kind not in wanted]
        mails.set_muted_kinds(person or abort(404), off)
        return redirect(url_for(".preferences", bewaard="ja"))
    muted = mails.list_muted_kinds(person) if person else set()
    return render_template("notices/preferences.html", kinds=list(NoticeKind), muted=muted, person=person)


def notice_page(notice: Notice, refused: str = "", later: list[Notice] | None = None) -> str:
    """The page of a notice; `refused` says why a change of it failed, for which `later` notices."""
    author, today = current_author(), clock.today()
    withdrawn_on = clock.day_of(notice.withdrawn_at) if notice.withdrawn_at else None
    is_own = author is not None and may_change(author, notice.account_id, notice.organisation_id)
    schools, pending = list_lines(notice.id), list_pending_people(notice.id)
    found = receipts.get_receipts(notice.id) if is_own and not withdrawn_on else None
    person = current_person_id()
    return render_template(
        "notices/notice.html",
        notice=notice,
        start_label=start_label(notice.valid_from, notice.valid_until, withdrawn_on, today),
        has_begun=notice.valid_from <= today,
        is_over=is_over(notice.valid_until),
        schools=schools,
        groups=group_lines(schools),
        details=queries.list_new_details(notice),
        events=queries.list_events(notice),
        recipient=found.people.get(person or 0) if found else receipts.find_receipt(notice.id, person),
        is_own=is_own,
        may_complete=completing.may_complete(notice),
        completion=completing.find_last(list_of_notice(notice.id)) if is_own else None,
        receipts=found,
        pending=list(dict.fromkeys(name for name, _ in pending)),
        may_confirm=author is not None and any(may_confirm(author, organisation) for _, organisation in pending),
        done=change_or_withdraw.get_done(notice, request.args.get("gedaan", "")),
        filters={name: value for name, value in request.args.items() if name in _FILTERS and value},
        refused=refused,
        later=later or [],
    )


def _start(author: Author) -> tuple[StartForm, NoticeForm | None]:
    """The choices so far, and the form of that kind once they are made."""
    start = StartForm()
    allowed = allowed_kinds(author)
    start.kind.choices = [choice for choice in NoticeKind.choices() if choice[0] in allowed]
    which = may_be_subject(author)
    offer(start.person, find_people(which), [("", "kies")])
    if start.kind.data not in allowed:
        start.kind.data = None
        return start, None
    kind, person = NoticeKind(start.kind.data), None
    if kind.subject is Subject.PERSON:
        is_typed = getattr(start.person, "find_text", "")
        wanted = read_number(start.person.data) or (not is_typed and author.person)
        person = find_person(wanted or 0, which)
        start.person.data = str(person.id) if person else ""
        if person is None:
            return start, None
    form = FORMS[kind](Choices(author, person))
    chosen = read_number(start.person.data)
    if isinstance(form, ArrivalForm) and chosen and request.method == "GET":
        form.begin_with(find_person(chosen, which))
    return start, form


def _questions(start: StartForm, form: NoticeForm | None, status: int = 200) -> Response:
    return respond(
        "notices/new.html",
        "notices/_questions.html",
        status=status,
        start=start,
        form=form,
        kind=NoticeKind(start.kind.data) if start.kind.data else None,
        kinds=[kind for kind in NoticeKind if kind in dict(start.kind.choices)],
    )


def preview_page(
    form: NoticeForm, draft: Draft, effect: Effect, notice: Notice | None = None, *, outdated: bool = False
) -> str:
    """The check page of a new notice, or of a completion of `notice`."""
    answers: list[tuple[str, Any]] = [
        (name, clean(value))
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", FIELD, "stap", "gezien", "versie")
    ]
    if notice:
        answers.append(("versie", notice.row_version))
    return render_template(
        "notices/preview.html",
        form=form,
        draft=draft,
        effect=effect,
        answers=answers,
        notice=notice,
        outdated=outdated,
        details=queries.list_typed_details(draft),
    )


def _find_recipient(purpose: str, token: str) -> Recipient | None:
    recipient = read_signed_link(current_site(), purpose, token)
    return receipts.find_recipient(recipient) if recipient else None


def _require_recipient(purpose: str, token: str) -> Recipient:
    return _find_recipient(purpose, token) or abort(404)


def _require_open_recipient(token: str) -> Recipient:
    """The recipient of a link to a notice; answers 410 where the notice has long been over."""
    recipient = _require_recipient(SEEN, token)
    notice = recipient.notice
    withdrawn_on = clock.day_of(notice.withdrawn_at) if notice.withdrawn_at else None
    if not is_link_open(notice.kind, notice.valid_from, notice.valid_until, withdrawn_on, clock.today()):
        abort(410)
    return recipient
