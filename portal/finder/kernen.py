"""The pages of the kernen, in a region that has them."""

from flask import Blueprint, Flask

blueprint = Blueprint("kernen", __name__)


def register(app: Flask) -> None:
    """Add the pages, and an entry of the menu."""
    app.register_blueprint(blueprint)
