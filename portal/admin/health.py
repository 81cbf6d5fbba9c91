"""Health checks for machines: liveness and readiness."""

from flask import Blueprint, Response
from peewee import DatabaseError

from portal.admin.monitoring import get_backup_state, get_mail_state
from portal.database import can_write
from portal.web.access import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Liveness: the process answers. Asks no database."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Readiness: the database takes writes, mail goes out and there is a recent backup. Anyone may
    ask, so the answer says only "ok" or "degraded"."""
    try:
        ready = can_write() and get_mail_state().is_healthy and get_backup_state().is_healthy
    except (DatabaseError, OSError):
        ready = False
    return Response("ok\n" if ready else "degraded\n", 200 if ready else 503, mimetype="text/plain")
