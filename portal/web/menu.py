"""The main menu: features register their entry, the layout shows them in that order. A page about
a thing, such as a school, shows in the same way what other features have about it."""

from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, current_app, request, url_for


class Line(NamedTuple):
    """A line as it was registered; `shown` tells for whoever asks."""

    label: str
    endpoint: str
    shown: Callable[[], bool]
    badge: Callable[[], int]


class Entry(NamedTuple):
    """One line of the menu."""

    label: str
    url: str
    current: str  # aria-current: "page", or "true" on a page below it
    badge: int  # how much is new there


def register_entry(
    app: Flask,
    label: str,
    endpoint: str,
    shown: Callable[[], bool] = lambda: True,
    badge: Callable[[], int] = lambda: 0,
) -> None:
    """Add a line to the menu that leads to `endpoint`, for whom it is `shown`; `badge` tells how
    much is new there."""
    app.extensions.setdefault("menu", []).append(Line(label, endpoint, shown, badge))


def menu() -> list[Entry]:
    """The entries for the page that is asked for."""
    return [
        Entry(line.label, url, _current(url), line.badge())
        for line in current_app.extensions.get("menu", [])
        if line.shown()
        for url in [url_for(line.endpoint)]
    ]


def _current(url: str) -> str:
    if request.path == url:
        return "page"
    return "true" if url != "/" and request.path.startswith(f"{url}/") else ""


Address = Callable[[str], str]


def register_link(app: Flask, thing: str, label: str, address: Address) -> None:
    """Add a link to the pages about a kind of thing ("school"); `address` makes it of the name
    that the thing has in its own address."""
    app.extensions.setdefault("links", {}).setdefault(thing, []).append((label, address))


def links(thing: str, slug: str) -> list[tuple[str, str]]:
    """Label and address of what features have about this thing."""
    registered: dict[str, list[tuple[str, Address]]] = current_app.extensions.get("links", {})
    return [(label, address(slug)) for label, address in registered.get(thing, [])]
