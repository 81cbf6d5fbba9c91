"""Editing of the directory in the browser, by coordinators and by the editors of organisations."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the pages."""
