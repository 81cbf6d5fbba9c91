"""Health checks for machines: liveness and readiness."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, current_app
from peewee import DatabaseError

from portal import clock
from portal.admin.health import get_backup_state, get_mail_state
from portal.database import current_engine
from portal.web.access import health_check

blueprint = Blueprint("health", __name__)

REMEMBERED = timedelta(seconds=5)  # by each process


@blueprint.get("/healthz")
@health_check
def healthz() -> Response:
    """Liveness: the process answers. Asks no database."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@health_check
def readyz() -> Response:
    """Readiness: the database takes writes, mail goes out and there is a recent backup. Anyone may
    ask, so the answer says only "ok" or "degraded", and is remembered."""
    at, ready = current_app.extensions.get("readiness", (datetime.min.replace(tzinfo=UTC), False))
    now = clock.now()
    if not at <= now < at + REMEMBERED:
        # Stored before the work too: of many clients at once, one does it.
        current_app.extensions["readiness"] = now, ready
        ready = _is_ready()
        current_app.extensions["readiness"] = now, ready
    return Response("ok\n" if ready else "degraded\n", 200 if ready else 503, mimetype="text/plain")


def _is_ready() -> bool:
    try:
        can_write = current_engine().can_write()
        return can_write and get_mail_state().is_healthy and get_backup_state().is_healthy
    except (DatabaseError, OSError):
        return False
