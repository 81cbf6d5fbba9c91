"""Remembers pieces of pages until the rows that they were made of change, per kind of viewer.

A piece is HTML without tokens that follows from the directory and the kind of viewer alone. A viewer reads other words
in the row of their own person, so a piece with that row is kept for that viewer alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from flask import Flask, current_app

from portal.database.cache import Memory
from portal.database.directory_version import find_version
from portal.database.noted_reads import Reads, noted

_MOST = 3_000_000  # characters, of two bytes mostly
_READ = 100  # characters: the weight of a read that belongs to a piece

People = Collection[int | None]  # ids
Key = tuple[object, ...]  # all that a piece depends on besides the directory and the viewer
Viewer = tuple[Key, int | None]  # the kind of viewer, which decides what is shown; their person (id)
Piece = tuple[Any, int, People]  # its content, its size in characters, who stand in it


def register(app: Flask, find_viewer: Callable[[], Viewer]) -> None:
    """Give this application a memory: its settings are in the pieces."""
    app.extensions["pieces"], app.extensions["viewer"] = Memory(_MOST), find_viewer


def remembered(*key: object, make: Callable[[], tuple[Any, int, People | None]]) -> Any:
    """The piece that was remembered under this key for a viewer like this one, or that `make` makes now, with its size
    in characters and the people whose rows stand in it; None: not to remember."""
    if found := recall([key]):
        return found[key]
    with noted() as reads:
        content, size, people = make()
    if people is not None:
        remember({key: (content, size, people)}, reads)
    return content


def recall(keys: Iterable[Key]) -> dict[Key, Any]:
    """The pieces that are remembered under these keys, by key."""
    version = find_version()  # also where nothing is kept: no newer one than what is read after it
    memory, viewer, person = _find_memory()
    pieces = {}
    for key in keys:
        if person and (own := memory.find((key, viewer, person), version)):
            pieces[key] = own.value[0]
        elif kept := memory.find((key, viewer, None), version):
            content, people = kept.value
            if not person or person not in people:
                pieces[key] = content
    return pieces


def remember(pieces: Mapping[Key, Piece], reads: Reads) -> None:
    """Remember pieces that were made of these reads after `recall` in a request that only reads, so
    that the version is no newer than they are."""
    version, (memory, viewer, person) = find_version(), _find_memory()
    for key, (content, size, people) in pieces.items():
        own = person if person in people else None
        weight = size + _READ * len(reads)
        memory.add((key, viewer, own), (content, people), reads, version, weight)


def _find_memory() -> tuple[Memory, Key, int | None]:
    """The memory of this application, and what pages show to this viewer, with their person (id)."""
    extensions = current_app.extensions
    return extensions["pieces"], *extensions["viewer"]()
