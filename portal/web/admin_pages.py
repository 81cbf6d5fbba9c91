"""The registry of admin pages: features register theirs, the overview of Beheer shows them."""

from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, current_app


class Summary(NamedTuple):
    """The present state of an admin page."""

    text: str  # one Dutch sentence
    waiting: int = 0  # what somebody has to do
    is_urgent: bool = False  # something fails
    is_asked: bool = False  # somebody waits for an answer


class AdminPage(NamedTuple):
    """An admin page on the overview of Beheer."""

    label: str  # in Dutch
    endpoint: str
    summary: Summary


def register_admin_page(app: Flask, label: str, endpoint: str, summarise: Callable[[], Summary]) -> None:
    """Add a page to the overview of Beheer that leads to `endpoint` and shows `summarise()`."""
    app.extensions.setdefault("admin_pages", []).append((label, endpoint, summarise))


def list_admin_pages() -> list[AdminPage]:
    """The admin pages in the order of registration; those where something waits in front, and of
    these first what fails, then what somebody waits for."""
    registered = current_app.extensions.get("admin_pages", [])
    pages = [AdminPage(label, endpoint, summarise()) for label, endpoint, summarise in registered]
    return sorted(
        pages, key=lambda page: (not page.summary.waiting, not page.summary.is_urgent, not page.summary.is_asked)
    )
