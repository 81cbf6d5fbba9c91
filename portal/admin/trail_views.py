"""The pages of the trail: what changed, who did it, and undoing it."""

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import audit
from portal.accounts.access import (
    is_coordinator,
    require_user,
    requires_coordinator,
    requires_member,
    safe_path,
)
from portal.admin import trail
from portal.admin.forms import TrailForm
from portal.admin.views import blueprint as blueprint
from portal.directory.change_sets import BuiltUpon, RuleViolation
from portal.idempotency import once
from portal.web.downloads import csv_file
from portal.web.formatting import moment
from portal.web.fragments import respond

PER_PAGE = 50
MOST_EXPORTED = 10_000


@blueprint.get("/beheer/spoor")
@requires_coordinator
def trail_page() -> Response:
    """Shows the trail, or what it holds about one person, school or organisation."""
    return _render(_make_form())


@blueprint.get("/beheer/spoor.csv")
@requires_coordinator
def export_trail() -> Response:
    """Downloads the same list as CSV, a row per change; its last row says where it was cut."""
    form = _make_form()
    if not form.validate():
        abort(404)
    found = trail.list_trail(form.filters, MOST_EXPORTED + 1)
    entries = found[:MOST_EXPORTED]
    audit.record(require_user().account.id, "exported", "trail", len(entries))
    rows: list[tuple[str, ...]] = [
        (moment(e.at), e.who, e.title, e.reason, e.state, *change)
        for e in entries
        for change in [c[:3] for c in e.changes] or [("", "", "")]
    ]
    if len(found) > len(entries):
        rows.append(("Er is meer. Kies minder dagen en download de rest apart.",))
    return csv_file(
        "wat-er-is-gewijzigd.csv",
        ("Wanneer", "Wie", "Wat", "Reden", "Staat", "Soort", "Naam", "Verschil"),
        rows,
    )


@blueprint.get("/bewerkingen/<int:number>/terugdraaien")
@requires_member
def ask_undo(number: int) -> str:
    """Says in numbers what undoing a change set does, and asks whether to do it."""
    _check_may_undo(number)
    undoing = trail.foresee_undo(number) or abort(404)
    back = safe_path(request.args.get("terug"))
    return render_template("admin/ask_undo.html", undoing=undoing, number=number, back=back)


@blueprint.post("/bewerkingen/<int:number>/terugdraaien")
@requires_member
@once("finder.search")
def undo_change(number: int) -> tuple[Any, int] | BaseResponse:
    """Undoes a change set on which nothing was built: an own edit, or for a coordinator any; leads
    back to the page of the button. Of a large one it asks first."""
    _check_may_undo(number)
    if trail.is_large(number) and not request.form.get("zeker"):
        # 303: the form is not done, and may be sent once more.
        back = safe_path(request.form.get("terug"))
        return redirect(url_for(".ask_undo", number=number, terug=back), 303)
    try:
        trail.undo(number, require_user().account.id)
    except RuleViolation as error:
        ids = error.dependents if isinstance(error, BuiltUpon) and is_coordinator() else []
        entries = trail.list_change_sets(ids)
        return render_template("admin/not_undone.html", refusal=error, entries=entries), 409
    return redirect(f"{safe_path(request.form.get('terug'))}?gedaan=teruggedraaid")


def _check_may_undo(number: int) -> None:
    if not (is_coordinator() or trail.is_own_edit(number, require_user().account.id)):
        abort(404)


def _make_form() -> TrailForm:
    form = TrailForm()
    form.kind.choices = [("", "alles"), *trail.KINDS]
    form.account.choices = [("", "iedereen"), *trail.list_accounts()]
    return form


def _render(form: TrailForm) -> Response:
    is_valid = form.validate()
    sheet = min(max(request.args.get("blad", 1, type=int), 1), 10_000)
    skipped = (sheet - 1) * PER_PAGE
    entries = trail.list_trail(form.filters, PER_PAGE + 1, skipped) if is_valid else []
    return respond(
        "admin/trail.html",
        "admin/_trail.html",
        status=200 if is_valid else 422,
        form=form,
        entries=entries[:PER_PAGE],
        has_more=len(entries) > PER_PAGE,
        sheet=sheet,
        about=trail.find_name(form.filters),
        query={f.name: request.args[f.name] for f in form if request.args.get(f.name)},
        done=request.args.get("gedaan") == "teruggedraaid",
    )
