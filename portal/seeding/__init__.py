"""The files that fill the directory: those of a region, those of DUO, and the demo."""

from flask import Flask

from portal.seeding import summaries, views
from portal.web.admin_pages import register_admin_page


def register(app: Flask) -> None:
    """Add the pages on which a coordinator compares a file with the directory."""
    app.register_blueprint(views.blueprint)
    register_admin_page(app, "Nieuw bestand van DUO", "seeding.duo", summaries.summarise_duo)
    register_admin_page(app, "Gegevens van de regio", "seeding.region", summaries.summarise_region)
