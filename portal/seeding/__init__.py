"""The files that fill the directory: those of a region, those of DUO, and the demo."""

from flask import Flask

from portal.database.database_flags import has_proposal
from portal.seeding import views
from portal.web.admin_pages import Summary, register_admin_page


def register(app: Flask) -> None:
    """Add the pages on which a coordinator compares a file with the directory."""
    app.register_blueprint(views.blueprint)
    register_admin_page(
        app, "Nieuw bestand van DUO", "seeding.duo", lambda: Summary("Scholen die nieuw zijn, verhuizen of sluiten.")
    )
    register_admin_page(app, "Gegevens van de regio", "seeding.region", _summarise_region)


def _summarise_region() -> Summary:
    if has_proposal():
        return Summary("De bestanden van de regio zeggen iets anders.", 1)
    return Summary("Wat de bestanden van de regio anders zeggen.")
