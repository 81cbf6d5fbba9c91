"""The commands of `flask`: thin, one call each."""

import errno
import socket
import sys
from contextlib import suppress
from pathlib import Path

import click
from flask import Flask, current_app
from peewee import DatabaseError

from portal import clock, email_addresses
from portal.accounts import invitations, second_factors
from portal.accounts.first_administrator import make_set_up_link
from portal.accounts.sign_in_addresses import find_by_address
from portal.backup_commands import register_backup_commands
from portal.command_checks import (
    EX_CONFIG,
    bring_up_to_date,
    record_keys,
    refusing_other_version,
    require,
    require_database,
    stop,
    telling_faults,
)
from portal.config import SEEDS, current_config
from portal.database import connection, current_engine, db, refuse_other_version
from portal.doctor.examination import examine
from portal.imports.import_command import import_file
from portal.jobs.worker import work
from portal.keys import rotate
from portal.region import current_region
from portal.search.index import reindex
from portal.seeding.demo_people import load_demo
from portal.seeding.export import export_region
from portal.seeding.new_region import make_region
from portal.seeding.region_directory import seed_region
from portal.seeding.subjects_and_mailboxes import load_catalogue
from portal.site import current_site
from portal.startup_checks import (
    refuse_invalid_guide,
    refuse_missing_programs,
    refuse_other_keys,
    refuse_other_region,
    refuse_unsafe_start,
)

# The name is unknown, the address is of another machine, or the port is for root only.
_NO_ADDRESS = {socket.EAI_NONAME, socket.EAI_AGAIN, errno.EADDRNOTAVAIL, errno.EACCES}


def register_commands(app: Flask) -> None:  # noqa: C901 - each command counts
    """Register the commands of the portal."""

    @app.cli.command("seed")
    @click.option("--demo", is_flag=True, help="Ook verzonnen mensen, om uit te proberen.")
    @click.option("--apply", "applies", is_flag=True, help="Wijzig ook wat er al staat.")
    @click.option("--close-schools", is_flag=True, help="Ook als er veel scholen sluiten.")
    def seed(demo: bool, applies: bool, close_schools: bool) -> None:
        """Laad de regio uit seeds/ in een lege database; vertel anders wat daarin anders is."""
        region = current_region()
        bring_up_to_date()
        require(refuse_other_region)
        with telling_faults(), db.atomic():
            differences = seed_region(region, applies=applies, close_many=close_schools)
            differences += load_catalogue(region)
            differences += load_demo(region) if demo else []
            reindex()
        for difference in differences:
            click.echo(str(difference))
        if not differences:
            click.echo("Er is niets veranderd.")
        with connection(), suppress(DatabaseError):  # in use: the next time will do
            current_engine().compact()

    @app.cli.command("import")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--sender", default="", help="Van wie het bestand komt.")
    @click.option("--role", "roles", multiple=True, help="Sleutel van een functie; mag vaker.")
    @click.option("--apply", "is_applied", is_flag=True, help="Neem over wat het bestand zegt.")
    def import_posts(file: Path, sender: str, roles: tuple[str, ...], is_applied: bool) -> None:
        """Vergelijk een bestand met de verdeling, en neem het over met --apply."""
        bring_up_to_date()
        require(refuse_other_region)
        with telling_faults():
            for line in import_file(file, sender, roles, is_applied=is_applied):
                click.echo(line)

    @app.cli.command("export-region")
    @click.argument("folder", type=click.Path(path_type=Path))
    def export_region_files(folder: Path) -> None:
        """Schrijf de bestanden van de regio, zoals het nu op de portal staat. Zonder mensen."""
        bring_up_to_date()
        require(refuse_other_region)
        with telling_faults():
            export_region(current_region(), folder)
        click.echo(f"De regio staat in {folder}, zonder mensen en hun plekken.")

    @app.cli.command("new-region")
    @click.argument("name")
    @click.argument("municipalities", nargs=-1, required=True)
    @click.option("--file", "files", multiple=True, required=True, help="Een bestand van DUO.",
                  type=click.Path(path_type=Path, exists=True, dir_okay=False))  # fmt: skip
    def new_region(name: str, municipalities: tuple[str, ...], files: tuple[Path, ...]) -> None:
        """Maak in seeds/ een map voor een nieuwe regio, met de scholen van deze gemeenten."""
        with telling_faults():
            folder = make_region(SEEDS, app.jinja_env, name, municipalities, files, clock.today())
        click.echo(f"De regio staat in seeds/{folder.name}. Kijk: make run REGION={folder.name}")

    @app.cli.command("worker")
    @click.option("--parent", type=int, help="Stop als het programma met dit nummer stopt.")
    def worker(parent: int | None) -> None:
        """Verstuur de mail en doe het andere werk dat steeds terugkomt."""
        # The worker waits for a database that is unavailable.
        with suppress(DatabaseError), refusing_other_version():
            refuse_other_version()
            require(refuse_other_region, refuse_other_keys, refuse_missing_programs)
        work(current_app.extensions.get("jobs", []), parent=parent)

    @app.cli.command("invite-administrator")
    @click.argument("email")
    def invite_administrator(email: str) -> None:
        """Maak van dit e-mailadres een beheerder, als er geen beheerder meer is."""
        try:
            address = email_addresses.normalise(email_addresses.take_out(email)).lower()
        except ValueError:
            stop(f"{email!r} is geen e-mailadres, zoals naam@school.nl.", 2)
        bring_up_to_date()
        require(refuse_other_region)
        site = current_site()
        # The mail templates use the context of a request.
        with connection(), app.test_request_context(base_url=site.base_url):
            invitations.invite_administrator(address, site)
        click.echo(f"{address} is nu beheerder en krijgt mail. Inloggen: {site.base_url}/inloggen")

    @app.cli.command("reset-second-factor")
    @click.argument("email")
    def reset_second_factor(email: str) -> None:
        """Wis de tweede stap van wie alles kwijt is, als geen beheerder dat kan doen."""
        bring_up_to_date()
        require(refuse_other_region)
        site = current_site()
        # The mail templates use the context of a request.
        with connection(), app.test_request_context(base_url=site.base_url):
            account = find_by_address(email.strip().lower())
            if account is None:
                stop(f"Er is geen account met {email!r}. Kijk of het adres klopt.", 1)
            second_factors.reset(account, None, None, site)
        click.echo(f"De tweede stap van {account.address} is gewist. Wie daar inlogt, stelt een nieuwe in.")

    @app.cli.command("rotate-key")
    def rotate_key() -> None:
        """Onderteken voortaan met een nieuwe sleutel; wie ingelogd is, blijft dat."""
        config = current_config()
        if config.keys_file:
            bring_up_to_date()
        rotate(config.keys)
        record_keys()
        click.echo("Er is een nieuwe sleutel. Start de portal opnieuw.")

    register_backup_commands(app)

    @app.cli.command("doctor")
    def doctor() -> None:
        """Kijk deze installatie na: wat is er mis, wat kost dat, en wat doe je eraan?"""
        config = current_config()
        require_database()
        results = examine(config)
        for result in results:
            for wrong, cost, mend in result.findings:
                click.echo(f"{result.label}: {wrong}\n  {cost}\n  Doe dit: {mend}\n")
        good = [result.label for result in results if not result.findings]
        click.echo(f"In orde: {', '.join(good) or 'niets'}.")
        sys.exit(len(good) < len(results))

    @app.cli.command("serve")
    def serve() -> None:
        """Start de portal en vertel op welk adres."""
        # Imported here, so that no other command loads the server.
        from portal.serving import WorkerGone, serve_with_worker

        config = current_config()
        bring_up_to_date()
        require(refuse_other_region, refuse_unsafe_start)
        require(refuse_other_keys, refuse_missing_programs, refuse_invalid_guide)
        click.echo(f"Kernwijzer draait op http://{config.host}:{config.port}")
        with connection():
            if link := make_set_up_link(current_site()):
                click.echo(f"Maak hier het eerste account: {link}")
        try:
            serve_with_worker(config)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                stop(f"PORT: {config.port} is al in gebruik. Kies een andere, met PORT=….", EX_CONFIG)
            if error.filename or error.errno not in _NO_ADDRESS:
                raise
            stop(f"HOST: op {config.host} kan de portal niet luisteren ({error}).", EX_CONFIG)
        except WorkerGone:
            stop("De worker is gestopt. Start de portal opnieuw.", 1)
