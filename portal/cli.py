"""The commands: `flask serve` and `flask seed`. Thin, one call each."""

import sys
from typing import Any, NoReturn

import click
from flask import Flask, current_app
from granian.constants import Interfaces
from granian.server import Server

from portal.config import Config
from portal.database import connection, db, is_demo, migrate
from portal.directory.indexing import reindex
from portal.readers.duo import DuoError
from portal.seeding.demo import load_demo
from portal.seeding.region import load_region
from portal.seeding.sync import SeedError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
EX_CONFIG = 78  # sysexits.h: a setting is wrong


def register_commands(app: Flask) -> None:
    """Add the commands to `flask`."""

    @app.cli.command("seed")
    @click.option("--demo", is_flag=True, help="Ook verzonnen mensen, om uit te proberen.")
    def seed(demo: bool) -> None:
        """Laad de regio uit seeds/ in de database en vertel wat er verandert."""
        migrate()
        try:
            with connection(), db.atomic():
                differences = load_region() + (load_demo() if demo else [])
                reindex()
        except (SeedError, DuoError) as error:
            stop(str(error), 1)
        for difference in differences:
            click.echo(str(difference))
        if not differences:
            click.echo("Er is niets veranderd.")

    @app.cli.command("serve")
    def serve() -> None:
        """Start de portal en vertel op welk adres."""
        config: Config = current_app.config["KERNWIJZER"]
        migrate()
        with connection():
            if is_demo() and config.host not in _LOOPBACK:
                stop(
                    f"HOST: een demo draait alleen op deze computer, niet op {config.host}. "
                    "Laat HOST weg.",
                    EX_CONFIG,
                )
        click.echo(f"Kernwijzer draait op http://{config.host}:{config.port}")
        Server(
            "wsgi:app",
            address=config.host,
            port=config.port,
            interface=Interfaces.WSGI,
            workers=2,
            blocking_threads=4,
            websockets=False,
            log_access=False,
            log_dictconfig=_LOGGING,
        ).serve()


def stop(message: str, status: int) -> NoReturn:
    """Say what is wrong and end the command."""
    click.echo(message, err=True)
    sys.exit(status)


# granian's own messages are for developers; what matters reaches the console anyway.
_LOGGING: dict[str, Any] = {
    "loggers": {"_granian": {"level": "WARNING"}, "granian.access": {"level": "WARNING"}}
}
