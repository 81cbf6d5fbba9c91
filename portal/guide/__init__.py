"""The routeboek: chapters to read, aids that apply a rule, and what a school hangs on its wall."""

from flask import Flask

from portal.guide import posters, tool_views  # noqa: F401 - they add their pages to the blueprint
from portal.guide.searchable_pages import PAGES
from portal.guide.views import blueprint
from portal.search.registry import register_pages
from portal.web.menu import register_entry, register_link


def register(app: Flask) -> None:
    """Add the guide's pages, its line in the menu and its links on the page of a school, and let
    the search box find its chapters."""
    app.register_blueprint(blueprint)
    register_entry(app, "Routeboek", "guide.contents")
    register_link(app, "school", "Verzuimkaart", "guide.attendance_card", "school")
    register_link(app, "school", "Zorgen over veiligheid", "guide.safety", "school")
    register_link(app, "school", "Poster van het kernteam", "guide.poster", "slug")
    register_pages(PAGES)
