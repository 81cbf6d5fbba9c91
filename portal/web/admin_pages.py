"""The registry of admin pages: features register theirs, the overview of Beheer shows them."""

from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, current_app


class AdminPage(NamedTuple):
    """An admin page as its feature registered it."""

    label: str  # in Dutch
    endpoint: str
    summary: Callable[[], str]  # one Dutch sentence about what waits there now


def register_admin_page(app: Flask, label: str, endpoint: str, summary: Callable[[], str]) -> None:
    """Add a card to the overview of Beheer that leads to `endpoint` and shows `summary()`."""
    app.extensions.setdefault("admin_pages", []).append(AdminPage(label, endpoint, summary))


def list_admin_pages() -> list[AdminPage]:
    """The admin pages in the order of registration."""
    pages: list[AdminPage] = current_app.extensions.get("admin_pages", [])
    return pages
