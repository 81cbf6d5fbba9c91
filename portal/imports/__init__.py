"""Imports: a coordinator's spreadsheet, a file of DUO, the files of a region."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the pages."""
