"""The contact finder: search, and the pages of schools, municipalities, people and roles."""

from flask import Flask

from portal.accounts.access import find_viewer
from portal.database import remembered_pieces
from portal.finder.views import blueprint
from portal.web.menu import register_entry


def register(app: Flask) -> None:
    """Add the finder's pages and its lines in the menu."""
    app.register_blueprint(blueprint)
    remembered_pieces.register(app, find_viewer)
    register_entry(app, "Zoeken", "finder.search")
    register_entry(app, "Scholen", "finder.schools")
