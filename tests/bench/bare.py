"""Flask alone. It imports nothing of the portal, whose memory would count as that of Flask."""

from typing import Any

from flask import Flask

from portal.web.asgi import Front


def make_bare() -> Flask:
    """Flask with one route that answers ten letters."""
    app = Flask("bare")

    @app.get("/")
    def hello() -> str:
        return "kernwijzer"

    return app


def serve_bare() -> Any:
    """Flask alone as `flask serve` would serve it."""
    return Front(make_bare())
