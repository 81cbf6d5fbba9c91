"""The registry of items that wait for the signed-in user: features register theirs, the first page shows them."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from flask import Flask, current_app

NOTICES_SHOWN, MEETINGS_SHOWN = 5, 3  # on the first page; the menu counts all notices


class WaitingItem(NamedTuple):
    """Something new, or something to do."""

    title: str
    url: str
    about: str  # in Dutch, below the title


def register_waiting(app: Flask, list_items: Callable[[], Iterable[WaitingItem]]) -> None:
    """Add what `list_items` gives for the signed-in user to the first page."""
    app.extensions.setdefault("waiting", []).append(list_items)


def list_waiting() -> list[WaitingItem]:
    """The items that wait for the signed-in user, in the order of registration."""
    return [item for list_items in current_app.extensions.get("waiting", []) for item in list_items()]
