"""The guide of the region: chapters to read, tools that apply a rule, and posters to hang up."""

from flask import Flask

from portal.guide import posters, tool_views, tools  # noqa: F401 - they add pages to the blueprint
from portal.guide.content import read_tool_title
from portal.guide.searchable_pages import PAGES
from portal.guide.views import blueprint
from portal.region import current_region
from portal.search.finding import register_pages
from portal.web.menu import register_entry, register_link


def register(app: Flask) -> None:
    """Add the guide: its pages, its entry in the menu and its links on the page of a school, and
    let the search box find its pages. Its content is read when it is first asked for, but for those titles."""
    region = current_region()
    app.register_blueprint(blueprint)
    register_entry(app, region.guide.name, "guide.contents")
    for slug in (tools.ATTENDANCE, tools.SAFETY):
        if slug in region.tools:
            register_link(app, "school", read_tool_title(slug), tools.ENDPOINTS[slug], "school")
    if tools.POSTER in region.tools:
        register_link(app, "school", "Poster van het kernteam", "guide.poster", "slug")
    register_pages(app, PAGES)
