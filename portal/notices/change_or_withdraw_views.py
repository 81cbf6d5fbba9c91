"""The pages that change a published notice: another period or text, withdrawal, confirmation."""

from collections.abc import Callable

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.access import requires_member
from portal.database import Outdated
from portal.directory.change_sets import BuiltUpon, RuleViolation, list_of_notice
from portal.idempotency import once
from portal.notices import change_or_withdraw, completing, queries
from portal.notices.change_or_withdraw import Conflict
from portal.notices.forms import ChangeNoticeForm
from portal.notices.forms_of_kinds import CompletionForm
from portal.notices.models import Notice
from portal.notices.permissions_and_confirmation import Author, list_pending, may_change
from portal.notices.views import blueprint as blueprint
from portal.notices.views import notice_page, preview_page, require_author, require_notice
from portal.site import Site, current_site
from portal.web.forms import read_number
from portal.web.fragments import show_form


@blueprint.route("/wijzigingen/<int:notice_id>/wijzigen", methods=["GET", "POST"])
@requires_member
@once("notices.notice")
def change(notice_id: int) -> tuple[str, int] | BaseResponse:
    """Shows the form of a notice, and changes it; another period is mailed to its recipients."""
    notice = _require_own(notice_id)
    form = ChangeNoticeForm(notice)
    if request.method != "POST" or not form.validate():
        return show_form("notices/change.html", form, notice=notice)
    draft = form.change(queries.get_draft(notice))
    try:
        change_or_withdraw.change(
            require_author(), notice_id, _read_version(), draft, current_site(), tells=form.tells.data
        )
    except Conflict:
        return _conflict(notice_id)
    except RuleViolation as error:
        refusal, later = _explain(error)
        field = form.day or form.last_day or form.text
        field.errors = [refusal]
        return show_form("notices/change.html", form, notice=notice, later=later)
    return _done(notice_id, "gewijzigd")


@blueprint.route("/wijzigingen/<int:notice_id>/aanvullen", methods=["GET", "POST"])
@requires_member
@once("notices.notice")
def complete(notice_id: int) -> tuple[str, int] | str | BaseResponse:
    """The form that completes a notice per school, its preview, and then the completion."""
    notice, author = _require_completable(notice_id), require_author()
    form, step = CompletionForm(notice, completing.get_choices(author, notice)), request.form.get("stap")
    form.version.data = form.version.data or str(notice.row_version)
    if request.method != "POST" or step == "terug" or not form.validate():
        return show_form("notices/complete.html", form, notice=notice)
    draft = form.draft()
    try:
        if step == "plaatsen":
            try:
                completing.complete(
                    author, notice_id, _read_version(), draft, form.row_versions.data or "", current_site()
                )
                return _done(notice_id, "aangevuld")
            except Conflict:
                notice = require_notice(notice_id)
                if not completing.may_complete(notice):
                    return _conflict(notice_id)
                effect = completing.preview(author, notice, draft)
                return preview_page(form, draft, effect, notice, outdated=True), 409
        return preview_page(form, draft, completing.preview(author, notice, draft), notice)
    except Outdated as error:
        return preview_page(form, draft, error.present, notice, outdated=True), 409
    except RuleViolation as error:
        form.day.errors = [str(error)]
        return show_form("notices/complete.html", form, notice=notice)


@blueprint.post("/wijzigingen/<int:notice_id>/aanvulling-terug")
@requires_member
@once("notices.notice")
def take_back(notice_id: int) -> tuple[str, int] | BaseResponse:
    """Takes the last completion back."""
    return _take(completing.take_back, _require_completable(notice_id), "teruggedraaid")


@blueprint.post("/wijzigingen/<int:notice_id>/eerdere-teksten-wissen")
@requires_member
@once("notices.notice")
def wipe_old_texts(notice_id: int) -> BaseResponse:
    """Deletes the earlier texts of a notice; also of one that was withdrawn."""
    queries.wipe_old_texts(require_author(), _require_own(notice_id))
    return _done(notice_id, "gewist")


@blueprint.post("/wijzigingen/<int:notice_id>/intrekken")
@requires_member
@once("notices.notice")
def withdraw(notice_id: int) -> tuple[str, int] | BaseResponse:
    """Withdraws a notice."""
    return _take(change_or_withdraw.withdraw, _require_own(notice_id), "ingetrokken")


@blueprint.post("/wijzigingen/<int:notice_id>/bevestigen")
@requires_member
@once("notices.notice")
def confirm(notice_id: int) -> tuple[str, int] | BaseResponse:
    """Confirms a pending successor."""
    return _take(change_or_withdraw.confirm, _require_pending(notice_id), "bevestigd")


@blueprint.post("/wijzigingen/<int:notice_id>/afwijzen")
@requires_member
@once("notices.notice")
def refuse(notice_id: int) -> tuple[str, int] | BaseResponse:
    """Refuses a pending successor."""
    return _take(change_or_withdraw.refuse, _require_pending(notice_id), "afgewezen")


def _take(step: Callable[[Author, int, int, Site], None], notice: Notice, done: str) -> tuple[str, int] | BaseResponse:
    """Take a step with a notice in the version of the form; `done` is its name in the address."""
    try:
        step(require_author(), notice.id, _read_version(), current_site())
    except Conflict:
        return _conflict(notice.id)
    except RuleViolation as error:
        return notice_page(notice, *_explain(error)), 409
    return _done(notice.id, done)


def _require_own(notice_id: int) -> Notice:
    """A notice that the signed-in user may change; answers 404 otherwise."""
    notice = require_notice(notice_id)
    if not may_change(require_author(), notice.account_id, notice.organisation_id):
        abort(404)
    return notice


def _require_completable(notice_id: int) -> Notice:
    """A notice whose posts the signed-in user may change; answers 404 otherwise."""
    notice = _require_own(notice_id)
    return notice if completing.may_complete(notice) else abort(404)


def _require_pending(notice_id: int) -> Notice:
    """A notice with a successor whom the signed-in user may confirm; answers 404 otherwise."""
    notice = require_notice(notice_id)
    if not list_pending(list_of_notice(notice_id), require_author()):
        abort(404)
    return notice


def _read_version() -> int:
    """The version that the form was made of; 0, which no notice has, for anything else."""
    return read_number(request.form.get("versie")) or 0


def _explain(error: RuleViolation) -> tuple[str, list[Notice]]:
    """Why a change is refused, and the later notices that must be withdrawn first."""
    if not isinstance(error, BuiltUpon):
        return str(error), []
    notices = queries.list_of_change_sets(error.dependents)
    reasons = ["Latere meldingen bouwen hierop voort. Trek die eerst in."] if notices else []
    if others := queries.describe_others(error.dependents):
        reasons.append(
            f"Later is hier ook iets gewijzigd: {others}. Een coördinator kan dat terugdraaien "
            "bij “Wat er is gewijzigd”."
        )
    return " ".join(reasons), notices


def _done(notice_id: int, step: str) -> BaseResponse:
    return redirect(url_for(".notice", notice_id=notice_id, gedaan=step))


def _conflict(notice_id: int) -> tuple[str, int]:
    """The notice as somebody else just made it, beside the answers of this form."""
    notice = require_notice(notice_id)
    form = ChangeNoticeForm(notice)
    form.version.data = notice.row_version
    return (
        render_template(
            "notices/conflict.html",
            notice=notice,
            form=form,
            last=queries.list_events(notice)[-1].event,
            is_edit="tekst" in request.form,
        ),
        409,
    )
