"""The pages for signing in and for one's own account."""

from datetime import timedelta
from math import ceil

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import demo, pending_forms, sessions, sign_in_links
from portal.accounts.access import (
    client_network,
    current_user_or_none,
    redirect_target,
    require_user,
    requires_sign_in,
)
from portal.accounts.browser import browser_id, known_browser, remember_browser
from portal.accounts.forms import CodeForm, SetUpForm, SignInForm
from portal.accounts.models import Account
from portal.accounts.sign_in_links import LinkState
from portal.database.flags import is_demo
from portal.site import current_site
from portal.web.access import public
from portal.web.formatting import count
from portal.web.logs import security_event

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/inloggen")
@public
def sign_in() -> str | BaseResponse:
    """Asks for an address; in a demo, offers people to be."""
    if current_user_or_none():
        return redirect(url_for("finder.search"))
    return _sign_in_page(SignInForm())


@blueprint.post("/inloggen")
@public
def ask_link() -> tuple[str, int] | BaseResponse:
    """Mails a link and a code; the answer is the same for every address."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    wait = sign_in_links.ask(form.email.data, browser_id(), client_network(), current_site())
    security_event("link throttled" if wait else "link asked")
    if wait:
        told = count(ceil(wait / timedelta(minutes=1)), "minuut", "minuten")
        form.email.errors = [f"Dit is te vaak gevraagd. Wacht {told} en probeer het opnieuw."]
        response = make_response(_sign_in_page(form), 422)
        response.headers["Retry-After"] = str(ceil(wait.total_seconds()))
        return response
    return redirect(url_for(".type_code"))


@blueprint.get("/inloggen/code")
@public
def type_code() -> str:
    """Says to look in one's mail, and takes the code."""
    return render_template("accounts/code.html", form=CodeForm())


@blueprint.post("/inloggen/code")
@public
def use_code() -> tuple[str, int] | BaseResponse:
    """Signs in with the code."""
    form = CodeForm()
    if form.validate():
        account = sign_in_links.use_code(
            form.code.data, known_browser(), client_network(), current_site().key
        )
        if account:
            return _start_session(account)
        security_event("code refused")
        form.code.errors = [
            "Deze code klopt niet of is te oud. Kijk in je nieuwste mail of vraag een nieuwe code."
        ]
    page = render_template("accounts/code.html", form=form)
    return page, 422


@blueprint.get("/inloggen/link/<token>")
@public
def open_link(token: str) -> tuple[str, int]:
    """The page of a link: a button to sign in, or why there is none. Changes nothing."""
    state = sign_in_links.inspect_link(token, known_browser())
    return (
        render_template("accounts/link.html", state=state.value, token=token),
        200 if state is not LinkState.EXPIRED else 410,
    )


@blueprint.post("/inloggen/link/<token>")
@public
def redeem_link(token: str) -> tuple[str, int] | BaseResponse:
    """Signs in with the link."""
    account = sign_in_links.redeem_link(token, known_browser())
    if account is None:
        security_event("link refused")
        state = sign_in_links.inspect_link(token, known_browser())
        return render_template("accounts/link.html", state=state.value, token=token), 410
    return _start_session(account)


@blueprint.post("/inloggen/demo/<role>")
@public
def sign_in_as(role: str) -> BaseResponse:
    """In a demo: be somebody with this role."""
    account = demo.find_account(role) if is_demo() else None
    if account is None:
        abort(404)
    return _start_session(account)


@blueprint.post("/uitloggen")
@requires_sign_in
def sign_out() -> Response:
    """Ends this session."""
    someone = require_user()
    sessions.end(someone, someone.session)
    security_event("signed out")
    return _end_session()


@blueprint.get("/account")
@requires_sign_in
def own_account() -> str:
    """One's own details and sessions."""
    someone = require_user()
    return render_template(
        "accounts/account.html",
        account=someone.account,
        sessions=sessions.list_sessions(someone),
    )


@blueprint.post("/account/sessies/<int:session_id>/beeindigen")
@requires_sign_in
def end_session(session_id: int) -> BaseResponse:
    """Ends one of one's own sessions."""
    someone = require_user()
    if not sessions.end(someone, session_id):
        abort(404)
    security_event("session ended")
    return _end_session() if session_id == someone.session else redirect(url_for(".own_account"))


@blueprint.post("/account/sessies/beeindigen")
@requires_sign_in
def end_sessions() -> Response:
    """Ends all one's own sessions, also this one."""
    sessions.end_all(require_user().account)
    security_event("all sessions ended")
    return _end_session()


@blueprint.get("/verder/<int:kept_id>")
@public
def resume_form(kept_id: int) -> str:
    """Shows a form that was kept while somebody signed in, to send it now."""
    found = pending_forms.find_form(kept_id, known_browser())
    if found is None:
        abort(404)
    path, fields = found
    return render_template("accounts/resume.html", path=path, fields=fields)


@blueprint.get("/eerste-keer/<token>")
@public
def set_up(token: str) -> str:
    """Asks who is the first administrator of a new installation."""
    if not sign_in_links.set_up_is_open(token):
        abort(404)
    return render_template("accounts/set_up.html", form=SetUpForm(), token=token)


@blueprint.post("/eerste-keer/<token>")
@public
def finish_set_up(token: str) -> tuple[str, int] | BaseResponse:
    """Makes the first administrator and signs them in."""
    if not sign_in_links.set_up_is_open(token):
        abort(404)
    form = SetUpForm()
    if not form.validate():
        return render_template("accounts/set_up.html", form=form, token=token), 422
    account = sign_in_links.set_up(token, form.naam.data, form.email.data)
    if account is None:
        abort(404)
    return _start_session(account)


def _sign_in_page(form: SignInForm) -> str:
    return render_template(
        "accounts/sign_in.html",
        form=form,
        people=demo.list_people() if is_demo() else [],
    )


def _start_session(account: Account) -> BaseResponse:
    """Start a session with a new id, and go where somebody was going."""
    browser, target = known_browser(), redirect_target()
    session.clear()
    if browser:
        remember_browser(browser)
    login_user(sessions.start(account, request.headers.get("User-Agent", "")))
    security_event("signed in")
    return redirect(target)


def _end_session() -> Response:
    logout_user()
    session.clear()
    response = make_response(redirect(url_for("finder.search")))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
