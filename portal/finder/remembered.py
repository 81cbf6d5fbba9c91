"""Remembers pieces of the finder's pages until the directory changes, per kind of viewer.

A piece is HTML without tokens that follows from the directory, today and the role of the viewer
alone. The row of the viewer's own person has other words: a piece in which they stand is theirs.
"""

from collections.abc import Collection
from typing import Any

from flask import Flask, current_app

from portal import clock
from portal.accounts.access import current_user_or_none
from portal.database.cache import Memory
from portal.database.version import find_version
from portal.directory.contact_details import VIEWER_VISIBILITY

_MOST = 3_000_000  # characters, of two bytes mostly


def register(app: Flask) -> None:
    """Give this application a memory: its settings are in the pieces."""
    app.extensions["pieces"] = Memory(_MOST)


def recall(*key: object) -> Any:
    """The piece that was remembered under this key for a viewer like this one, or None."""
    pieces = _memory().of_version(find_version())
    viewer, person = _viewer()
    if found := pieces.get((key, viewer, person)):
        return found[0]
    content, people = pieces.get((key, viewer, None), (None, ()))
    return None if person in people else content


def remember(*key: object, content: Any, people: Collection[int | None]) -> None:
    """Remember a piece in which the rows of these people (ids) stand. `key` holds all that it
    depends on besides the directory, today and the viewer."""
    viewer, person = _viewer()
    own = person if person in people else None
    _memory().add(find_version(), (key, viewer, own), (content, people), len(str((key, content))))


def _viewer() -> tuple[tuple[object, ...], int | None]:
    """The day and the kind of viewer, and their person (id)."""
    user = current_user_or_none()
    kind = (clock.today(), VIEWER_VISIBILITY.get(), user.role if user else None)
    return kind, user.account.person_id if user else None


def _memory() -> Memory:
    memory: Memory = current_app.extensions["pieces"]
    return memory
