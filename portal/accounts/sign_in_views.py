"""The pages for signing in and out, and for the first administrator."""

from datetime import timedelta
from math import ceil

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import first_administrator, pending_forms, sessions, sign_in_links
from portal.accounts.access import (
    ask_to_sign_in,
    client_network,
    current_user_or_none,
    find_session_user,
    redirect_target,
    require_session_user,
    requires_session,
    set_redirect_target,
)
from portal.accounts.administration import find_demo_account, list_demo_accounts
from portal.accounts.forms import CodeForm, SetUpForm, SignInForm
from portal.accounts.models import Account
from portal.accounts.sessions import get_browser_id, make_browser_id
from portal.accounts.sign_in_links import LinkState
from portal.database.database_flags import is_demo
from portal.site import current_site
from portal.web.declared_access import public
from portal.web.formatting import count
from portal.web.logs import security_event
from portal.web.origin import is_from_this_machine

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/inloggen")
@public
def sign_in() -> str | BaseResponse:
    """Asks for a mail address; a demo also offers its people."""
    if user := find_session_user():
        return redirect(url_for("second_factor.ask" if user.waits else "finder.search"))
    return _sign_in_page(SignInForm())


@blueprint.post("/inloggen")
@public
def ask_link() -> tuple[str, int] | BaseResponse:
    """Mails a link and a code; the answer is the same for every address."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    wait = sign_in_links.request_sign_in(
        form.email.data, make_browser_id(), client_network(), sessions.get_known_accounts(), current_site()
    )
    security_event("link throttled" if wait else "link asked")
    if wait:
        minutes = count(ceil(wait / timedelta(minutes=1)), "minuut", "minuten")
        form.email.errors = [f"Dit is te vaak gevraagd. Wacht {minutes} en probeer het opnieuw."]
        response = make_response(_sign_in_page(form), 422)
        response.headers["Retry-After"] = str(ceil(wait.total_seconds()))
        return response
    return redirect(url_for(".type_code"))


@blueprint.route("/inloggen/code", methods=["GET", "POST"])
@public
def type_code() -> tuple[str, int] | BaseResponse:
    """Asks for the code from the mail, and signs in with it."""
    form, is_asked = CodeForm(), request.method != "POST"
    if not is_asked and form.validate():
        account = sign_in_links.redeem_code(form.digits, get_browser_id(), client_network(), current_site().key)
        if account:
            return _start_session(account)
        security_event("code refused")
        form.code.errors = [
            "Deze code klopt niet of is te oud. Kijk in je nieuwste mail, of open de link uit die mail in deze browser."
        ]
    return render_template("accounts/code.html", form=form), 200 if is_asked else 422


@blueprint.route("/inloggen/link/<secret:token>", methods=["GET", "POST"])
@public
def open_link(token: str) -> tuple[str, int] | BaseResponse:
    """Shows a button to sign in, or why the link does not work here; only the button signs in."""
    is_refused = False
    if request.method == "POST":
        if account := sign_in_links.redeem_link(token, get_browser_id()):
            return _start_session(account)
        security_event("link refused")
        is_refused = True
    state = sign_in_links.inspect_link(token, get_browser_id())
    page = render_template("accounts/link.html", state=state, token=token)
    return page, 410 if is_refused or state is LinkState.EXPIRED else 200


@blueprint.post("/inloggen/demo/<role>")
@public
def sign_in_as(role: str) -> BaseResponse:
    """Signs in as the demo's account with this role; 404 outside a demo, and for a visitor who is
    not on this machine."""
    account = find_demo_account(role) if is_demo() and is_from_this_machine() else None
    return _start_session(account or abort(404))


@blueprint.post("/uitloggen")
@requires_session
def sign_out() -> Response:
    """Ends this session."""
    user = require_session_user()
    sessions.end_session(user, user.session)
    pending_forms.delete_pending_forms(user.account, everywhere=False)
    security_event("signed out")
    return leave()


@blueprint.get("/verder/<int:form_id>")
@public
def resume_form(form_id: int) -> str | BaseResponse:
    """Shows a form that was stored until sign-in, to its account only, to submit it now."""
    form = pending_forms.find_pending_form(form_id, get_browser_id()) or abort(404)
    user = current_user_or_none()
    if form.account_id and user is None:
        return ask_to_sign_in()
    if user and form.account_id not in (None, user.account.id):
        abort(404)
    fields = pending_forms.read_fields(form)
    return render_template("accounts/resume.html", path=form.path, fields=fields)


@blueprint.route("/eerste-keer/<secret:token>", methods=["GET", "POST"])
@public
def create_administrator(token: str) -> tuple[str, int] | BaseResponse:
    """Asks for the first administrator of a new installation, creates and signs them in."""
    if not first_administrator.is_unused(token):
        abort(404)
    form, is_asked = SetUpForm(), request.method != "POST"
    if is_asked or not form.validate():
        page = render_template("accounts/set_up.html", form=form, token=token)
        return page, 200 if is_asked else 422
    account = first_administrator.create_administrator(token, form.full_name.data, form.email.data)
    return _start_session(account or abort(404), url_for("admin.overview"))  # the first steps


def _sign_in_page(form: SignInForm) -> str:
    return render_template(
        "accounts/sign_in.html",
        form=form,
        demo_accounts=list_demo_accounts() if is_demo() and is_from_this_machine() else [],
    )


def _start_session(account: Account, target: str = "") -> BaseResponse:
    """Start a session with a new token, and continue to the address `target`, or to the page that
    was requested before."""
    # Where another account asked for a page before, its address is not for this one.
    is_other = sessions.get_last_account() not in (None, account.id)
    target = target or ("/" if is_other else redirect_target())
    pending_forms.claim_pending_forms(account, get_browser_id())
    sessions.renew_cookie(account)
    user = sessions.start_session(account, request.headers.get("User-Agent", ""))
    login_user(user)
    sessions.remember_account(account)
    security_event("signed in")
    if user.waits:
        set_redirect_target(target)
        return redirect(url_for("second_factor.ask"))
    return redirect(target)


def leave() -> Response:
    """Sign out in this browser, and lead to the first page."""
    logout_user()
    session.clear()
    response = make_response(redirect(url_for("finder.search")))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
