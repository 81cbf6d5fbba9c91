"""Remembers pieces of the finder's pages until the rows that they were made of change, per kind of
viewer.

A piece is HTML without tokens that follows from the directory, today and the role of the viewer
alone. The row of the viewer's own person has other words: a piece in which they stand is theirs.
"""

from collections.abc import Callable, Collection
from typing import Any

from flask import Flask, current_app, render_template
from markupsafe import Markup

from portal import clock
from portal.accounts.access import current_user_or_none
from portal.database.cache import Memory
from portal.database.directory_version import find_version
from portal.database.noted_reads import Reads, noted
from portal.directory.contact_details import VIEWER_VISIBILITY

_MOST = 3_000_000  # characters, of two bytes mostly
_READ = 100  # characters: the weight of a read that belongs to a piece

People = Collection[int | None]  # ids


def register(app: Flask) -> None:
    """Give this application a memory: its settings are in the pieces."""
    app.extensions["pieces"] = Memory(_MOST)


def remembered(*key: object, make: Callable[[], tuple[Any, int, People | None]]) -> Any:
    """The piece that was remembered under this key for a viewer like this one, or that `make` makes
    now, with its size in characters and the people whose rows stand in it; None: not to remember.
    `key` holds all that it depends on besides the directory, today and the viewer."""
    if found := recall(*key):
        return found
    with noted() as reads:
        content, size, people = make()
    if people is not None:
        remember(*key, content=content, size=size, people=people, reads=reads)
    return content


def recall(*key: object) -> Any:
    """The remembered piece, or None."""
    find_version()  # also where nothing is kept: no newer one than what is read after it
    memory = _memory()
    viewer, person = _viewer()
    if person and (found := memory.find((key, viewer, person))):
        return found.value[0]
    content, people = found.value if (found := memory.find((key, viewer, None))) else (None, ())
    return None if person and person in people else content


def remember(*key: object, content: Any, size: int, people: People, reads: Reads) -> None:
    """Remember a piece that was made of these reads after `recall` in a request that only reads, so
    that the version is no newer than they are."""
    viewer, person = _viewer()
    own = person if person in people else None
    weight = size + _READ * len(reads)
    _memory().add((key, viewer, own), (content, people), reads, find_version(), weight)


def _viewer() -> tuple[tuple[object, ...], int | None]:
    """The day and the kind of viewer, and their person (id)."""
    user = current_user_or_none()
    kind = (clock.today(), VIEWER_VISIBILITY.get(), user.role if user else None)
    return kind, user.account.person_id if user else None


def _memory() -> Memory:
    memory: Memory = current_app.extensions["pieces"]
    return memory


def render_piece(template: str, facts: dict[str, Any]) -> Markup:
    """A piece of a page."""
    return Markup(render_template(template, **facts))  # noqa: S704 - a template escapes
