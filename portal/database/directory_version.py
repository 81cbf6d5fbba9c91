"""The version of the directory: a number that every change of the directory replaces, and one that
every change of each of its tables replaces.

Triggers replace them in the transaction of the change, so no writer can forget it, and a number
that is rolled back never comes again. They are random, because a count would go back with a
restored backup and then stand for other content.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import g, has_request_context, request
from peewee import BigIntegerField, CharField

from portal.database import BaseModel, db, for_update
from portal.database.noted_reads import unnoted


class DirectoryVersion(BaseModel):
    """One row. `renew_on_change` in a migration names the tables whose changes renew the number."""

    number = BigIntegerField()


class TableVersion(BaseModel):
    """A row for each of these tables; `renew_on_change` with `each` renews it."""

    name = CharField(primary_key=True)
    number = BigIntegerField()


class Version(NamedTuple):
    """The numbers of the directory and of its tables at one moment."""

    number: int
    tables: Mapping[str, int]


_ALL = "SELECT '', number FROM directory_version UNION ALL SELECT name, number FROM table_version"
_latest = Version(0, {})


def find_version() -> Version:
    """The version of the directory as this connection sees it.

    A request that only reads asks for it once; elsewhere, and inside a transaction, each call asks.
    """
    if db.obj.in_transaction() or not has_request_context():
        return _read()
    version: Version | None = g.get("directory_version")
    if version is None:
        note_version((version := _read()).number)
    return version


def note_version(number: int) -> None:
    """Let the number that another statement of this request read be the one of the request, where that only reads."""
    if has_request_context() and request.method in ("GET", "HEAD") and not db.in_transaction():
        g.setdefault("directory_version", _complete(number))


def lock_directory() -> None:
    """Keep others from changing the directory until this transaction ends; begin with it."""
    for_update(DirectoryVersion.select()).execute()


def note_table(model: Any) -> None:
    """Note a read that differs after every change of the table of a model, and not otherwise."""
    TableVersion.get(TableVersion.name == model._meta.table_name)


def _read() -> Version:
    with unnoted():
        (number,) = db.execute_sql("SELECT number FROM directory_version").fetchone()
    return _complete(int(number))


def _complete(number: int) -> Version:
    """The version with this number of the directory, or a newer one."""
    global _latest
    latest = _latest  # at once: another thread may replace it
    if latest.number != number:
        with unnoted():
            numbers = dict(db.execute_sql(_ALL).fetchall())
        _latest = latest = Version(numbers.pop(""), numbers)
    return latest
