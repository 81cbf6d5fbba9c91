"""The main menu: features register their entry, the layout shows them in that order."""

from typing import NamedTuple

from flask import Flask, current_app, request, url_for


class Entry(NamedTuple):
    """One line of the menu."""

    label: str
    url: str
    current: bool


def register_entry(app: Flask, label: str, endpoint: str) -> None:
    """Add a line to the menu that leads to `endpoint`."""
    app.extensions.setdefault("menu", []).append((label, endpoint))


def menu() -> list[Entry]:
    """The entries for the page that is asked for."""
    return [
        Entry(label, url_for(endpoint), endpoint == request.endpoint)
        for label, endpoint in current_app.extensions.get("menu", [])
    ]
