"""Accounts: signing in by mail, sessions, roles, and the access rules."""

from contextlib import suppress

from flask import Flask, redirect
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError
from peewee import DatabaseError
from werkzeug.exceptions import HTTPException, TooManyRequests

from portal import retention_periods, throttle
from portal.accounts import (
    clearing,
    own_account_views,  # noqa: F401 - adds pages to the blueprint
    pending_forms,
    sessions,
)
from portal.accounts.access import client_network, current_user_or_none, get_visibility, is_coordinator
from portal.accounts.models import PendingForm, SignInRequest, SignInSession
from portal.accounts.second_factor_views import blueprint as second_factor
from portal.accounts.second_factor_views import tell_missing
from portal.accounts.sign_in_views import blueprint
from portal.directory.contact_details import VIEWER_VISIBILITY
from portal.directory.models import Visibility
from portal.jobs.clearing import delete_by, register_clearing
from portal.throttle.pages import PageCounter
from portal.web.form_refusals import FormRefused
from portal.web.logs import security_event


def register(app: Flask) -> None:
    """Load the user of every request, store forms that lost their session, and add the pages."""
    manager = LoginManager(app)
    manager.session_protection = None  # sessions.py protects the session itself
    manager._session_identifier_generator = str  # a hash for that protection, at every request
    manager.user_loader(sessions.load_user)

    @app.before_request
    def set_visibility() -> None:
        VIEWER_VISIBILITY.set(get_visibility())

    @app.teardown_request
    def reset_visibility(error: BaseException | None) -> None:
        # The next reader in this thread may not be a request, such as a test or a command.
        VIEWER_VISIBILITY.set(Visibility.OPEN)

    @app.errorhandler(CSRFError)
    def store_form(error: CSRFError) -> ResponseReturnValue | HTTPException:
        security_event("token refused")
        try:
            return redirect(pending_forms.store_pending_form(client_network(), repeat=False))
        except (FormRefused, TooManyRequests) as refusal:
            return app.handle_user_exception(refusal)

    app.jinja_env.globals.update(
        signed_in=current_user_or_none, is_coordinator=is_coordinator, missing_factor=tell_missing
    )
    app.context_processor(lambda: {"user": current_user_or_none()})
    app.extensions["pages"] = PageCounter()
    app.register_blueprint(blueprint)
    app.register_blueprint(second_factor)
    register_clearing(app, retention_periods.PEOPLE, clearing.forget_departed)
    register_clearing(app, retention_periods.DETAILS, clearing.clear_ended_details)
    register_clearing(app, retention_periods.VISITS, clearing.clear_visits)
    register_clearing(app, retention_periods.ENDED_ACCOUNTS, clearing.clear_ended)
    register_clearing(app, retention_periods.SESSIONS, delete_by(SignInSession.created_at))
    register_clearing(app, retention_periods.ATTEMPTS, delete_by(throttle.Attempt.at))
    register_clearing(app, retention_periods.SIGN_IN_LINKS, delete_by(SignInRequest.created_at))
    register_clearing(app, retention_periods.PENDING_FORMS, delete_by(PendingForm.created_at))


def current_account_id() -> int | None:
    """The id of the signed-in account, for the log; None for a visitor, and where the database is
    unavailable: the request still gets its line."""
    with suppress(DatabaseError):
        user = current_user_or_none()
        return user.account.id if user else None
    return None
