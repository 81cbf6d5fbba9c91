"""The pages of the second factor: proving it, setting it up, and the codes on paper."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from portal.accounts import authenticator_app, second_factors, sessions
from portal.accounts.access import (
    current_user_or_none,
    redirect_target,
    require_session_user,
    requires_first_step,
    requires_no_factor_or_proof,
)
from portal.accounts.forms import AppForm, FactorForm
from portal.accounts.models import FactorKind
from portal.accounts.sessions import User, describe_device
from portal.accounts.when_second_factor_is_asked import say_missing
from portal.database.database_flags import is_demo
from portal.idempotency import once
from portal.site import current_site
from portal.web.logs import security_event
from portal.web.qr_codes import draw_qr_code

blueprint = Blueprint("second_factor", __name__)


@blueprint.route("/inloggen/tweede-stap", methods=["GET", "POST"])
@requires_first_step
def ask() -> tuple[str, int] | Response:
    """Asks for a passkey or a code, checks it, and leads to what was asked for before."""
    form, user, is_asked = FactorForm(), require_session_user(), request.method != "POST"
    factors = second_factors.get_factors(user.account)
    if is_asked and not factors.listed:
        return redirect(url_for(".overview"))
    if not is_asked and form.validate():
        if answer := form.passkey.data:
            refusal = second_factors.prove_passkey(user, answer, current_site())
        else:
            refusal = second_factors.prove_code(user, form.code.data, current_site())
        if not refusal:
            security_event("second factor proved")
            _record_proof(user)
            return redirect(redirect_target())
        form.code.errors = [refusal]
        factors = second_factors.get_factors(user.account)
    page = render_template(
        "accounts/second_factor.html",
        form=form,
        kinds={factor.kind for factor in factors.listed},
        codes=factors.codes,
        is_asked_again=not user.waits,
        has_passkeys=second_factors.are_passkeys_possible(current_site()),
    )
    return page, 200 if is_asked else 422


@blueprint.post("/inloggen/tweede-stap/passkey")
@requires_first_step
def ask_passkey() -> dict[str, Any]:
    """Gives the browser a challenge for a passkey."""
    from portal.accounts import passkeys  # few requests need it

    user, site = require_session_user(), current_site()
    known = second_factors.get_factors(user.account).list_data(FactorKind.PASSKEY)
    return passkeys.ask(known, second_factors.make_challenge(user), site)


@blueprint.get("/account/tweede-stap")
@requires_no_factor_or_proof
def overview() -> str:
    """Shows the second factors of the user, and how to add one."""
    return _overview_page()


@blueprint.post("/account/tweede-stap/passkey/vraag")
@requires_no_factor_or_proof
def offer_passkey() -> dict[str, Any]:
    """Gives the browser the options for a new passkey."""
    from portal.accounts import passkeys  # few requests need it

    user, site = require_session_user(), current_site()
    known = second_factors.get_factors(user.account).list_data(FactorKind.PASSKEY)
    return passkeys.offer(user.account, known, second_factors.make_challenge(user), site)


@blueprint.post("/account/tweede-stap/passkey")
@requires_no_factor_or_proof
@once("second_factor.overview")
def add_passkey() -> tuple[str, int] | Response:
    """Adds the passkey that the browser made."""
    user, answer = require_session_user(), request.form.get("passkey", "")
    refusal = second_factors.add_passkey(user, answer, _name_device(), current_site())
    return _after_adding(user, refusal) or (_overview_page(refusal), 409)


@blueprint.route("/account/tweede-stap/app", methods=["GET", "POST"])
@requires_no_factor_or_proof
@once("second_factor.overview")
def add_app() -> tuple[str, int] | Response:
    """Shows the secret of a new authenticator app, once, and adds it by its first code."""
    form, user, site = AppForm(), require_session_user(), current_site()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            refusal = second_factors.add_app(user, form.sealed.data or "", form.code.data, _name_device(), site)
            if done := _after_adding(user, refusal):
                return done
            form.code.errors = [refusal]
    secret = authenticator_app.open_secret(form.sealed.data or "", user.account.id, site)
    if not secret:
        form.sealed.data = authenticator_app.make_sealed_secret(user.account.id, site)
        secret = authenticator_app.open_secret(form.sealed.data, user.account.id, site)
    code = draw_qr_code(authenticator_app.make_address(secret, user.account.address))
    page = render_template("accounts/authenticator_app.html", form=form, secret=secret, code=code)
    return page, status


@blueprint.post("/account/tweede-stap/codes")
@requires_no_factor_or_proof
def make_codes() -> str | Response:
    """Makes ten new codes and shows them, once, to print."""
    account = require_session_user().account
    codes = second_factors.make_codes(account, current_site())
    if not codes:
        return redirect(url_for(".overview"))
    return render_template("accounts/recovery_codes.html", codes=codes, account=account)


@blueprint.post("/account/tweede-stap/<int:factor>/weg")
@requires_no_factor_or_proof
@once("second_factor.overview")
def remove(factor: int) -> tuple[str, int] | Response:
    """Removes one of the user's second factors, and never the last one."""
    refusal = second_factors.remove(require_session_user().account, factor, current_site())
    if refusal is None:
        abort(404)
    if refusal:
        return _overview_page(refusal), 409
    return redirect(url_for(".overview"))


def tell_missing() -> str:
    """The step that a coordinator still has to take for a second factor, in Dutch, or ""."""
    user = current_user_or_none()
    if user is None or is_demo():
        return ""
    factors = second_factors.get_factors(user.account)
    return say_missing(len(factors.listed), user.account.factor_due_on, is_complete=factors.is_complete)


def _record_proof(user: User) -> None:
    login_user(sessions.record_proof(user) or abort(401))


def _after_adding(user: User, refusal: str) -> Response | None:
    """To the overview, in a session that proved the new factor; None where it was refused."""
    if refusal:
        return None
    security_event("second factor added")
    _record_proof(user)
    return redirect(url_for(".overview"))


def _name_device() -> str:
    return describe_device(request.headers.get("User-Agent", ""))


def _overview_page(refusal: str = "") -> str:
    account = require_session_user().account
    return render_template(
        "accounts/second_factors.html",
        refusal=refusal,
        account=account,
        factors=second_factors.get_factors(account),
        are_passkeys_possible=second_factors.are_passkeys_possible(current_site()),
        target=redirect_target(),
    )
