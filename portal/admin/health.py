"""Two addresses for machines: does it live, and does it do its work."""

from flask import Blueprint, Response
from peewee import DatabaseError

from portal.admin.monitoring import backup_state, mail_state
from portal.database import can_write
from portal.web.access import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """That the process answers; asks no database."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Whether the database can be written, the mail goes out and there is a backup; no details
    for strangers."""
    try:
        well = can_write() and mail_state().is_well and backup_state().is_well
    except (DatabaseError, OSError):
        well = False
    return Response("ok\n" if well else "degraded\n", 200 if well else 503, mimetype="text/plain")
