"""Who is there: accounts, signing in by mail, sessions, roles, and what each may see."""

from contextlib import suppress
from datetime import timedelta

from flask import Flask, redirect
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError
from peewee import DatabaseError
from werkzeug.exceptions import HTTPException, TooManyRequests

from portal.accounts.access import client_network, current_user_or_none, is_coordinator
from portal.accounts.expiry import FORGETTING, forget_old
from portal.accounts.pending_forms import store_pending_form
from portal.accounts.sessions import resume
from portal.accounts.views import blueprint
from portal.directory.contact_details import VIEWER_VISIBILITY, Visibility
from portal.jobs import register_job
from portal.jobs.worker import Job
from portal.web.logs import security_event


def register(app: Flask) -> None:
    """Know who is there on every request, and add the pages for signing in."""
    manager = LoginManager(app)
    manager.session_protection = None  # a session is ours: see sessions.py
    manager.user_loader(resume)

    @app.before_request
    def see() -> None:
        VIEWER_VISIBILITY.set(Visibility.MEMBERS if current_user_or_none() else Visibility.OPEN)

    @app.errorhandler(CSRFError)
    def keep(error: CSRFError) -> ResponseReturnValue | HTTPException:
        security_event("token refused")
        # A form that is filled in and no longer trusted is shown again, not lost.
        try:
            return redirect(store_pending_form(client_network()))
        except TooManyRequests as refused:
            return app.handle_user_exception(refused)

    app.context_processor(
        lambda: {"user": current_user_or_none(), "is_coordinator": is_coordinator}
    )
    app.register_blueprint(blueprint)
    register_job(
        app,
        Job(FORGETTING, every=timedelta(hours=1), lease=timedelta(minutes=10), run=forget_old),
    )


def user_id() -> int | None:
    """The number of whoever is signed in, for the log."""
    with suppress(DatabaseError):  # the page already says so; its line in the log still counts
        return current_user.account.id if current_user and current_user.is_authenticated else None
    return None
