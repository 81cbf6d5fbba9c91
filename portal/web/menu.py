"""The main menu, and links between features: all are registered in `create_app`.

A page about a thing, such as a school, shows the links and sections that other features registered for it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask, current_app, request, url_for


class RegisteredEntry(NamedTuple):
    """A registered entry of the menu; `shown` and `badge` are asked for each request."""

    label: str
    endpoint: str
    shown: Callable[[], bool]
    badge: Callable[[], int]


class Entry(NamedTuple):
    """One entry of the menu, for one request."""

    label: str
    url: str
    current: str  # aria-current: "page", or "true" on a page below it
    badge: int  # the number of new items


def register_entry(
    app: Flask,
    label: str,
    endpoint: str,
    shown: Callable[[], bool] = lambda: True,
    badge: Callable[[], int] = lambda: 0,
) -> None:
    """Add an entry to the menu that leads to `endpoint`. `shown` says whether the visitor sees it,
    `badge` how many new items wait there."""
    app.extensions.setdefault("menu", []).append(RegisteredEntry(label, endpoint, shown, badge))


def menu() -> list[Entry]:
    """The entries of the menu for the current request."""
    return [
        Entry(registered.label, url, _current(url), registered.badge())
        for registered in current_app.extensions.get("menu", [])
        if registered.shown()
        for url in [url_for(registered.endpoint)]
    ]


def _current(url: str) -> str:
    if request.path == url:
        return "page"
    return "true" if url != "/" and request.path.startswith(f"{url}/") else ""


def register_link(app: Flask, thing: str, label: str, endpoint: str, argument: str) -> None:
    """Add a link to the pages about a kind of thing ("school"); `argument` of the endpoint gets the
    slug of the thing."""
    links = app.extensions.setdefault("links", {})
    links.setdefault(thing, []).append((label, endpoint, argument))


def links(thing: str, slug: str) -> list[tuple[str, str]]:
    """Label and URL of the links that features registered for this thing."""
    addresses = []
    for label, endpoint, argument in current_app.extensions.get("links", {}).get(thing, []):
        values: dict[str, Any] = {argument: slug}
        addresses.append((label, url_for(endpoint, **values)))
    return addresses


def register_section(app: Flask, thing: str, template: str, load: Callable[[str], dict[str, Any] | None]) -> None:
    """Add a template to the pages about a kind of thing ("kern"). `load` gets the code of the thing
    and gives what the template shows; None where the visitor sees nothing."""
    app.extensions.setdefault("sections", {}).setdefault(thing, []).append((template, load))


def sections(thing: str, code: str) -> list[tuple[str, dict[str, Any]]]:
    """The templates that features registered for this thing, with what each shows."""
    registered = current_app.extensions.get("sections", {}).get(thing, [])
    return [(name, shown) for name, load in registered if (shown := load(code)) is not None]
