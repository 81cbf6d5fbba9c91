"""The commands: `flask serve`, `flask worker`, `flask seed`. Thin, one call each."""

import os
import signal
import subprocess
import sys
from typing import Any, NoReturn

import click
from flask import Flask, current_app

from portal.accounts.keys import rotate
from portal.accounts.signing_in import Site, make_set_up_link
from portal.config import LOOPBACK, Config
from portal.database import connection, db, is_demo, migrate
from portal.directory.indexing import reindex
from portal.guide.chapters import ChapterError
from portal.jobs.worker import work
from portal.readers.duo import DuoError
from portal.seeding.catalogue import load_catalogue
from portal.seeding.demo import load_demo
from portal.seeding.region import load_region
from portal.seeding.sync import SeedError

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
                differences = load_region() + load_catalogue() + (load_demo() if demo else [])
                reindex()
        except (SeedError, DuoError, ChapterError) as error:
            stop(str(error), 1)
        for difference in differences:
            click.echo(str(difference))
        if not differences:
            click.echo("Er is niets veranderd.")

    @app.cli.command("worker")
    @click.option("--parent", type=int, help="Stop als het programma met dit nummer stopt.")
    def worker(parent: int | None) -> None:
        """Verstuur de mail en doe het andere werk dat steeds terugkomt."""
        work(current_app.extensions.get("jobs", []), parent=parent)

    @app.cli.command("rotate-key")
    def rotate_key() -> None:
        """Onderteken voortaan met een nieuwe sleutel; wie ingelogd is, blijft dat."""
        rotate(current_app.config["KERNWIJZER"].keys)
        click.echo("Er is een nieuwe sleutel. Start de portal opnieuw.")

    @app.cli.command("serve")
    def serve() -> None:
        """Start de portal en vertel op welk adres."""
        config: Config = current_app.config["KERNWIJZER"]
        migrate()
        _refuse_open_demo(config)
        click.echo(f"Kernwijzer draait op http://{config.host}:{config.port}")
        with connection():
            site = Site(str(current_app.secret_key), config.base_url, config.mail_host)
            if link := make_set_up_link(site):
                click.echo(f"Maak hier het eerste account: {link}")
        _serve_with_worker(config)


def stop(message: str, status: int) -> NoReturn:
    """Say what is wrong and end the command."""
    click.echo(message, err=True)
    sys.exit(status)


def _refuse_open_demo(config: Config) -> None:
    """A demo lets everybody be anybody, so it is for this computer only; and a real portal may
    not trust this computer, because a proxy on it would let in the world."""
    with connection():
        demo = is_demo()
    if demo and config.host not in LOOPBACK:
        stop(
            f"HOST: een demo draait alleen op deze computer, niet op {config.host}. Laat HOST weg.",
            EX_CONFIG,
        )
    if not demo and any(network.is_loopback for network in config.trusted_networks):
        stop(
            "TRUSTED_NETWORKS: deze computer mag er niet bij. Een proxy op deze computer zou dan "
            "iedereen binnenlaten.",
            EX_CONFIG,
        )


def _serve_with_worker(config: Config) -> None:
    """Run granian and one worker; when either ends, so does the other."""
    # Only here: no other command and no worker of the server has to load the server.
    from granian.constants import Interfaces
    from granian.server import Server

    command = [sys.executable, "-m", "flask", "worker", "--parent", str(os.getpid())]
    worker = subprocess.Popen(command)  # noqa: S603 - nothing of it comes from outside
    server = Server(
        "wsgi:app",
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        log_dictconfig=_LOGGING,
        workers_kill_timeout=10,  # one that is asked to stop while it starts would never end
    )
    signal.signal(signal.SIGCHLD, lambda number, frame: _follow(worker))
    try:
        server.serve()
    finally:
        crashed = worker.poll() is not None
        worker.terminate()
        try:
            worker.wait(timeout=30)
        except subprocess.TimeoutExpired:
            worker.kill()  # a slow mail is sent again by the next worker
    if crashed:
        stop("De worker is gestopt. Start de portal opnieuw.", 1)


def _follow(worker: subprocess.Popen[bytes]) -> None:
    """When the worker is gone, ask granian (this process) to stop as well."""
    if worker.poll() is not None:
        os.kill(os.getpid(), signal.SIGTERM)


# granian's own messages are for developers; what matters reaches the console anyway.
_LOGGING: dict[str, Any] = {
    "loggers": {"_granian": {"level": "WARNING"}, "granian.access": {"level": "WARNING"}}
}
