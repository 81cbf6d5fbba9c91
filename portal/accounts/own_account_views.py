"""The pages of the own account: its sessions, what the portal holds about it, and its end."""

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import administration, pending_forms, sessions
from portal.accounts import own_data as own_data_of
from portal.accounts.access import require_user, requires_sign_in
from portal.accounts.forms import EndForm
from portal.accounts.sign_in_views import blueprint, leave
from portal.idempotency import once
from portal.web.csv_and_excel import download
from portal.web.logs import security_event
from portal.web.long_lists import OWN_ROWS_SHOWN


@blueprint.get("/account")
@requires_sign_in
def own_account() -> str:
    """Shows the user's own account and sessions."""
    user = require_user()
    return render_template(
        "accounts/account.html",
        account=user.account,
        sessions=sessions.list_sessions(user.account),
        current=user.session,
    )


@blueprint.post("/account/sessies/<int:session_id>/beeindigen")
@requires_sign_in
@once("accounts.own_account")
def end_session(session_id: int) -> BaseResponse:
    """Ends one of the user's own sessions."""
    user = require_user()
    if not sessions.end_session(user, session_id):
        abort(404)
    security_event("session ended")
    if session_id != user.session:
        return redirect(url_for(".own_account"))
    pending_forms.delete_pending_forms(user.account, everywhere=False)
    return leave()


@blueprint.post("/account/sessies/beeindigen")
@requires_sign_in
def end_sessions() -> Response:
    """Ends all the user's own sessions, including this one."""
    account = require_user().account
    sessions.end_account_sessions(account)
    pending_forms.delete_pending_forms(account, everywhere=True)
    security_event("all sessions ended")
    return leave()


@blueprint.route("/account/gegevens", methods=["GET", "POST"])
@requires_sign_in
@once("accounts.own_data")
def own_data() -> tuple[str, int] | BaseResponse:
    """Shows everything that the portal holds about the user, and ends their account."""
    account, form, is_asked = require_user().account, EndForm(), request.method != "POST"
    if not is_asked and form.validate():
        if administration.end_access(account, account.id):
            security_event("account ended")
            return leave()
        form.is_sure.errors = ["Je bent de laatste beheerder. Maak eerst een ander beheerder."]
    held, say = own_data_of.list_held(account), own_data_of.say
    page = render_template(
        "accounts/own_data.html", account=account, held=held, form=form, say=say, shown=OWN_ROWS_SHOWN
    )
    return page, 200 if is_asked else 422


@blueprint.get("/account/gegevens.json")
@requires_sign_in
def own_data_file() -> Response:
    """The same as a file."""
    content = own_data_of.write_json(require_user().account, clock.now())
    return download("mijn-gegevens.json", content, "application/json")
