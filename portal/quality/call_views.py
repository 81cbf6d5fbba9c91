"""The page of the ten calls of a month."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import require_user, requires_coordinator
from portal.idempotency import once
from portal.quality import calls
from portal.quality.models import CallOutcome
from portal.site import current_site
from portal.web.admin_pages import Summary
from portal.web.formatting import count

blueprint = Blueprint("calls", __name__)


@blueprint.get("/beheer/bellen")
@requires_coordinator
def overview() -> str:
    """The rows to call, a script, and the share that was right."""
    return render_template(
        "quality/calls.html",
        calls=calls.list_calls(),
        share=calls.say_share(),
        outcomes=CallOutcome,
    )


@blueprint.post("/beheer/bellen/<int:number>")
@requires_coordinator
@once("calls.overview")
def answer(number: int) -> Response:
    """Stores the outcome of a call; what is wrong leads to the page that mends it."""
    row = calls.find_call(number) or abort(404)
    if (outcome := request.form.get("uitkomst")) not in set(CallOutcome):
        abort(400)
    is_new = calls.answer(row, CallOutcome(outcome), require_user().account, current_site())
    if is_new and outcome == CallOutcome.WRONG:
        person = row.post.person_id
        return redirect(url_for("people.person", room="beheer", person=person))
    return redirect(url_for(".overview"))


def summarise() -> Summary:
    """The one figure that says how true the directory is, and who is still to be called."""
    share, waiting = calls.say_share(), calls.count_open()
    todo = f"{count(waiting, 'rij', 'rijen')} nog te bellen." if waiting else ""
    text = " ".join(filter(None, (share and f"{share}.", todo)))
    return Summary(text or "Elke maand tien rijen om te bellen.", waiting)
