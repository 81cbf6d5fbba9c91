"""The version of the directory: a number that every change of the directory replaces.

Triggers replace it in the transaction of the change, so no writer can forget it, and a number that
is rolled back never comes again. It is random, because a count would go back with a restored
backup and then stand for other content.
"""

from flask import g, has_request_context, request
from peewee import BigIntegerField

from portal.database import BaseModel, db, for_update
from portal.database.reads import unnoted


class DirectoryVersion(BaseModel):
    """One row. `renew_on_change` in a migration names the tables whose changes renew the number."""

    number = BigIntegerField()


def find_version() -> int:
    """The number of the directory as this connection sees it.

    A request that only reads asks for it once; elsewhere, and inside a transaction, each call asks.
    """
    if db.in_transaction() or not has_request_context():
        return _read()
    number: int | None = g.get("directory_version")
    if number is None:
        note_version(number := _read())
    return number


def note_version(number: int) -> None:
    """Let the number that another statement of this request read be the one of the request, where
    that only reads."""
    if has_request_context() and request.method in ("GET", "HEAD") and not db.in_transaction():
        g.setdefault("directory_version", number)


def lock_directory() -> None:
    """Keep others from changing the directory until this transaction ends; begin with it."""
    for_update(DirectoryVersion.select()).execute()


def _read() -> int:
    with unnoted():
        (number,) = db.execute_sql("SELECT number FROM directory_version").fetchone()
    return int(number)
