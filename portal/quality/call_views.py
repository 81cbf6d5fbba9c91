"""The page of the ten calls of a month."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import require_user, requires_coordinator
from portal.accounts.models import Account
from portal.database import Outdated
from portal.idempotency import once
from portal.quality import monthly_calls
from portal.quality.forms import ReportForm
from portal.quality.models import CallOutcome
from portal.quality.monthly_calls import CallRow
from portal.site import current_site
from portal.web.fragments import show_form

blueprint = Blueprint("calls", __name__)


@blueprint.get("/beheer/bellen")
@requires_coordinator
def overview() -> str:
    """The rows to call, a script, and the share that was right."""
    return _show()


def _show(*, is_outdated: bool = False) -> str:
    return render_template(
        "quality/calls.html", calls=monthly_calls.list_calls(), share=monthly_calls.say_share(), is_outdated=is_outdated
    )


@blueprint.route("/beheer/bellen/<int:number>", methods=["GET", "POST"])
@requires_coordinator
@once("calls.overview")
def answer(number: int) -> str | tuple[str, int] | Response:
    """Stores the outcome of a call. What is wrong is asked, and leads to the report, from which it is mended."""
    row, caller = monthly_calls.find_call(number) or abort(404), require_user().account
    said = request.form.get("uitkomst")
    if request.method == "GET" or said == CallOutcome.WRONG:
        return _ask_what_is_wrong(row, caller)
    if said not in set(CallOutcome):
        abort(400)
    try:
        monthly_calls.answer(row, CallOutcome(said), caller, request.form.get("versie", ""))
    except Outdated:
        return _show(is_outdated=True), 409
    return redirect(url_for(".overview"))


def _ask_what_is_wrong(row: CallRow, caller: Account) -> str | tuple[str, int] | Response:
    contact, form = monthly_calls.find_called(row) or abort(404), ReportForm()
    form.offer(contact, row.where, has_account=True)
    if not form.validate_on_submit():
        return show_form(
            "quality/report.html", form, hidden={"uitkomst": CallOutcome.WRONG.value},
            title=f"Klopt niet: {contact.name}", lead=f"{row.post.role.label} op {row.where}",
            action=request.path, back=url_for(".overview"),
        )  # fmt: skip
    line, text = form.line.data, form.text.data or ""
    report = monthly_calls.report_wrong(row, contact, line, text, caller, current_site())
    if report is None:
        return redirect(url_for(".overview"))
    return redirect(url_for("quality.answer", room="beheer", number=report.id))
