"""Locks of rows and names, which last until the end of a transaction."""

import pytest
from flask import Flask

from portal.database import db, for_update, lock, skip_locked
from portal.database.database_flags import DatabaseFlag


def test_a_lock_is_asked_inside_a_transaction_only(portal_copy: Flask) -> None:
    query = DatabaseFlag.select()
    with db.atomic():
        lock("a name")
        assert [flag.name for flag in for_update(query)] == [flag.name for flag in query]
        assert [flag.name for flag in skip_locked(query)] == [flag.name for flag in query]
    for ask in (lambda: for_update(query), lambda: skip_locked(query), lambda: lock("a name")):
        with pytest.raises(RuntimeError):
            ask()
