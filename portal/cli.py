"""The commands of `flask`: thin, one call each."""

import errno
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask, current_app
from peewee import DatabaseError, PeeweeException

from portal import audit, clock, email_addresses
from portal.accounts import administration, second_factors, sessions
from portal.accounts.addresses import find_by_address
from portal.accounts.forgetting import forget_again, keep_list
from portal.accounts.set_up import make_set_up_link
from portal.backups import back_up, forgotten
from portal.backups.copies import copy_newest, opened
from portal.backups.create import list_backups, make_backup
from portal.backups.create import restore as restore_backup
from portal.backups.drill import drill as drill_backup
from portal.backups.encryption import ENDING, make_keys
from portal.backups.store import BackupError, DatabaseInUse, InvalidBackup
from portal.config import SEEDS, SettingError, current_config, database_url
from portal.database import (
    OtherVersion,
    connection,
    current_engine,
    db,
    migrate,
    refuse_other_version,
)
from portal.database.flags import record_keys
from portal.doctor.examination import examine
from portal.imports.shell import Unfinished, import_file
from portal.jobs.worker import work
from portal.keys import fingerprint, load_keys, rotate
from portal.moving import MoveError, move
from portal.readers.duo import read_duo
from portal.readers.tables import UnreadableFile
from portal.region import current_region
from portal.search.documents import fill_index, reindex
from portal.seeding import duo_update
from portal.seeding.demo_people import load_demo
from portal.seeding.directory import seed_region
from portal.seeding.export import export_region
from portal.seeding.new_region import make_region
from portal.seeding.request_catalogue import load_catalogue
from portal.seeding.seed_files import SeedError
from portal.site import current_site
from portal.startup_checks import (
    refuse_missing_programs,
    refuse_other_keys,
    refuse_other_region,
    refuse_unsafe_start,
)

EX_CONFIG = 78  # sysexits.h: a setting is wrong
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
        _bring_up_to_date()
        _require(refuse_other_region)
        with _telling_faults(), db.atomic():
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
        _bring_up_to_date()
        _require(refuse_other_region)
        with _telling_faults():
            for line in import_file(file, sender, roles, is_applied=is_applied):
                click.echo(line)

    @app.cli.command("import-duo")
    @click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
    @click.option("--day", "made_on", type=click.DateTime(["%Y-%m-%d"]), help="Van deze dag.")
    @click.option("--apply", "applies", is_flag=True, help="Pas het toe.")
    @click.option("--close-schools", is_flag=True, help="Ook als er veel scholen sluiten.")
    def import_duo(
        file: Path, made_on: datetime | None, applies: bool, close_schools: bool
    ) -> None:
        """Vertel wat een nieuw bestand van DUO verandert."""
        _bring_up_to_date()
        _require(refuse_other_region)
        region, day = current_region(), made_on.date() if made_on else clock.today()
        with _telling_faults():
            duo_update.store_upload(region, file.name, read_duo(file.name, file.read_bytes()), day)
            for line in duo_update.tell(region, applies=applies, close_many=close_schools):
                click.echo(line)

    @app.cli.command("export-region")
    @click.argument("folder", type=click.Path(path_type=Path))
    def export_region_files(folder: Path) -> None:
        """Schrijf de bestanden van de regio, zoals het nu op de portal staat. Zonder mensen."""
        _bring_up_to_date()
        _require(refuse_other_region)
        with _telling_faults():
            export_region(current_region(), folder)
        click.echo(f"De regio staat in {folder}, zonder mensen en hun plekken.")

    @app.cli.command("new-region")
    @click.argument("name")
    @click.argument("municipalities", nargs=-1, required=True)
    @click.option("--file", "files", multiple=True, required=True, help="Een bestand van DUO.",
                  type=click.Path(path_type=Path, exists=True, dir_okay=False))  # fmt: skip
    def new_region(name: str, municipalities: tuple[str, ...], files: tuple[Path, ...]) -> None:
        """Maak in seeds/ een map voor een nieuwe regio, met de scholen van deze gemeenten."""
        with _telling_faults():
            folder = make_region(SEEDS, app.jinja_env, name, municipalities, files, clock.today())
        click.echo(f"De regio staat in seeds/{folder.name}. Kijk: make run REGION={folder.name}")

    @app.cli.command("worker")
    @click.option("--parent", type=int, help="Stop als het programma met dit nummer stopt.")
    def worker(parent: int | None) -> None:
        """Verstuur de mail en doe het andere werk dat steeds terugkomt."""
        # The worker waits for a database that is unavailable.
        with suppress(DatabaseError), _refusing_other_version():
            refuse_other_version()
            _require(refuse_other_region, refuse_other_keys, refuse_missing_programs)
        work(current_app.extensions.get("jobs", []), parent=parent)

    @app.cli.command("invite-administrator")
    @click.argument("email")
    def invite_administrator(email: str) -> None:
        """Maak van dit e-mailadres een beheerder, als er geen beheerder meer is."""
        try:
            address = email_addresses.normalise(email_addresses.take_out(email)).lower()
        except ValueError:
            stop(f"{email!r} is geen e-mailadres, zoals naam@school.nl.", 2)
        _bring_up_to_date()
        _require(refuse_other_region)
        site = current_site()
        # The mail templates use the context of a request.
        with connection(), app.test_request_context(base_url=site.base_url):
            administration.invite_administrator(address, site)
        click.echo(f"{address} is nu beheerder en krijgt mail. Inloggen: {site.base_url}/inloggen")

    @app.cli.command("reset-second-factor")
    @click.argument("email")
    def reset_second_factor(email: str) -> None:
        """Wis de tweede stap van wie alles kwijt is, als geen beheerder dat kan doen."""
        _bring_up_to_date()
        _require(refuse_other_region)
        site = current_site()
        # The mail templates use the context of a request.
        with connection(), app.test_request_context(base_url=site.base_url):
            account = find_by_address(email.strip().lower())
            if account is None:
                stop(f"Er is geen account met {email!r}. Kijk of het adres klopt.", 1)
            second_factors.reset(account, None, None, site)
        click.echo(
            f"De tweede stap van {account.address} is gewist. Wie daar inlogt, stelt een nieuwe in."
        )

    @app.cli.command("rotate-key")
    def rotate_key() -> None:
        """Onderteken voortaan met een nieuwe sleutel; wie ingelogd is, blijft dat."""
        config = current_config()
        if config.keys_file:
            _bring_up_to_date()
        rotate(config.keys)
        _record_keys()
        click.echo("Er is een nieuwe sleutel. Start de portal opnieuw.")

    @app.cli.command("backup")
    def backup() -> None:
        """Maak nu een back-up van de database."""
        config = current_config()
        try:
            path = back_up(config, _keep_list)
        except (BackupError, OSError) as error:
            stop(f"De back-up is niet gelukt. {error}", 1)
        click.echo(f"De back-up is gemaakt en nagekeken: {path}")
        try:
            if config.backup_copy and copy_newest(config, clock.now()):
                click.echo("De kopie op de tweede plek is ook gemaakt.")
        except BackupError as error:
            stop(f"De kopie op de tweede plek is niet gelukt. De back-up is goed. {error}", 1)

    @app.cli.command("doctor")
    def doctor() -> None:
        """Kijk deze installatie na: wat is er mis, wat kost dat, en wat doe je eraan?"""
        config = current_config()
        _require_database()
        results = examine(config)
        for result in results:
            for wrong, cost, mend in result.findings:
                click.echo(f"{result.label}: {wrong}\n  {cost}\n  Doe dit: {mend}\n")
        good = [result.label for result in results if not result.findings]
        click.echo(f"In orde: {', '.join(good) or 'niets'}.")
        sys.exit(len(good) < len(results))

    @app.cli.command("new-backup-key")
    def new_backup_key() -> None:
        """Maak de sleutels voor kopieën van back-ups op een tweede plek."""
        keys = make_keys()
        click.echo(f"BACKUP_KEY={keys.public}")
        click.echo(
            "Zet de regel hierboven bij de instellingen. De geheime sleutel staat hieronder."
        )
        click.echo(
            "Bewaar die op papier, of ver van de portal. Je ziet hem maar één keer, en zonder"
        )
        click.echo("die sleutel is geen kopie te openen.")
        click.echo(keys.secret)

    @app.cli.command("restore")
    @click.argument("file", type=click.Path(path_type=Path), required=False)
    @click.option("--drill", is_flag=True, help="Oefen: zet terug op een tijdelijke plek.")
    @click.option("--key", "key_file", help="Bestand met de geheime sleutel van een kopie.",
                  type=click.Path(path_type=Path, exists=True, dir_okay=False))  # fmt: skip
    def restore(file: Path | None, drill: bool, key_file: Path | None) -> None:
        """Zet een back-up terug. Stop eerst de portal, maar niet voor een oefening."""

        def ask_key() -> str:
            if key_file:
                return key_file.read_text("utf-8")
            return str(click.prompt("De geheime sleutel", hide_input=True))

        config = current_config()
        if drill:
            _drill([file] if file else _list_newest(key_file is not None), ask_key)
            return
        if file is None:
            stop(f"Welke back-up? Ze staan in {config.backups}.", 2)
        _keep_list()  # also ids that were given since the last backup
        try:
            with opened(config, file, ask_key) as backup:
                kept = restore_backup(config, backup, clock.now())
                forgotten.merge(config, backup)
        except InvalidBackup as error:
            stop(f"{error} Er is niets veranderd.", 1)
        except DatabaseInUse:
            stop("De portal draait nog. Stop die eerst. Er is niets veranderd.", 1)
        except (BackupError, OSError) as error:
            stop(f"Terugzetten is niet gelukt. De oude database staat er nog. {error}", 1)
        _bring_up_to_date()
        with connection(), db.atomic():
            # No session survives that ended after the backup; accounts removed since then return.
            sessions.end_all_sessions()
            _record_keys()  # the backup may hold those from before a rotation
        with connection():
            for failure in forget_again():
                click.echo(failure, err=True)
            audit.record(None, "restored", "database")
        click.echo("De back-up is teruggezet. Iedereen logt opnieuw in.")
        click.echo(
            "Wie sindsdien geen toegang meer had, heeft die weer: kijk bij Beheer, Accounts."
        )
        if kept:
            click.echo(f"De oude database staat in {kept}. Haal die weg als alles klopt.")

    @app.cli.command("copy-database")
    @click.argument("source", metavar="FROM")
    @click.argument("target", metavar="TO")
    def copy_database(source: str, target: str) -> None:
        """Kopieer een database naar een lege database, ook van een andere soort."""
        try:
            tables = move(current_config(), database_url(source), database_url(target))
        except SettingError as error:
            stop(str(error), EX_CONFIG)
        except DatabaseInUse:
            stop("De portal draait nog. Stop die eerst. Er is niets gekopieerd.", 1)
        except (MoveError, BackupError, PeeweeException) as error:
            stop(f"Kopiëren is niet gelukt. {error}", 1)
        for table in tables:
            click.echo(f"{table.name}: {table.rows}")
        click.echo(
            f"Gekopieerd en vergeleken: {sum(table.rows for table in tables)} rijen, gelijk in "
            "beide databases. Zet TO in DATABASE_URL en start de portal."
        )

    @app.cli.command("serve")
    def serve() -> None:
        """Start de portal en vertel op welk adres."""
        # Imported here, so that no other command loads the server.
        from portal.serving import WorkerGone, serve_with_worker

        config = current_config()
        _bring_up_to_date()
        _require(refuse_other_region, refuse_unsafe_start)
        _require(refuse_other_keys, refuse_missing_programs)
        click.echo(f"Kernwijzer draait op http://{config.host}:{config.port}")
        with connection():
            if link := make_set_up_link(current_site()):
                click.echo(f"Maak hier het eerste account: {link}")
        try:
            serve_with_worker(config)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                stop(
                    f"PORT: {config.port} is al in gebruik. Kies een andere, met PORT=….", EX_CONFIG
                )
            if error.errno not in _NO_ADDRESS:
                raise
            stop(f"HOST: op {config.host} kan de portal niet luisteren ({error}).", EX_CONFIG)
        except WorkerGone:
            stop("De worker is gestopt. Start de portal opnieuw.", 1)


def _keep_list() -> None:
    """`keep_list`, where the database is there, whole, and of this version."""
    if _has_database():
        with suppress(PeeweeException, BackupError, OSError), connection():
            keep_list()


def _has_database() -> bool:
    """Whether there is a database; connecting would make an empty file."""
    file = current_config().sqlite_file
    return file is None or file.exists()


def _require_database() -> None:
    if not _has_database():
        stop("De database is er niet. Begin met `flask seed`, of zet een back-up terug.", 1)


def _list_newest(has_key: bool) -> list[Path]:
    """The newest backup, and with a key the newest copy in a folder."""
    config = current_config()
    found = list_backups(config)[:1]
    if has_key and config.copy_folder:
        found += list_backups(config, config.copy_folder, ENDING)[:1]
    if not found:
        stop(f"Er is nog geen back-up in {config.backups}. Maak er een met `flask backup`.", 1)
    return [path for _, path in found]


def _drill(backups: list[Path], ask_key: Callable[[], str]) -> None:
    """Restore each of these into a temporary database, compare it, and tell."""
    _require_database()
    for path in backups:
        try:
            with connection(), opened(current_config(), path, ask_key) as backup:
                tables = drill_backup(current_config(), backup)
        except (BackupError, OSError) as error:
            stop(f"De oefening is mislukt. {error}", 1)
        rows = sum(table.restored for table in tables)
        click.echo(f"{path.name}: {rows} rijen teruggezet en vergeleken met nu.")
        for table in tables:
            if table.restored != table.now:
                click.echo(f"  {table.table}: {table.restored} in de back-up, nu {table.now}")
    click.echo("De oefening is gelukt. Aan de portal is niets veranderd.")


@contextmanager
def _telling_faults() -> Iterator[None]:
    """A connection; stop with one sentence for a fault in a file and for a busy database."""
    try:
        with connection():
            yield
    except (SeedError, UnreadableFile, Unfinished) as error:
        stop(str(error), 1)
    except DatabaseError as error:
        if not current_engine().is_unavailable(error):
            raise
        stop(f"De database is nu bezet of niet te schrijven ({error}). Probeer het opnieuw.", 1)


def stop(message: str, status: int) -> NoReturn:
    """Print an error and end the command with this exit status."""
    click.echo(message, err=True)
    sys.exit(status)


def _bring_up_to_date() -> None:
    """Migrate, after a backup; stop where that fails or the database is of another version."""
    config = current_config()

    def copy() -> None:
        _require(refuse_other_region)  # the database of another region stays as it is
        try:
            path = make_backup(config, clock.now())
        except (BackupError, OSError) as error:
            stop(
                f"De database is niet bijgewerkt, want de back-up vooraf is niet gelukt. {error}", 1
            )
        click.echo(f"De database wordt bijgewerkt. Vooraf is een back-up gemaakt: {path}")

    with _refusing_other_version():
        try:
            migrate(copy, finish=fill_index)
        except SettingError as error:
            stop(str(error), EX_CONFIG)
        except DatabaseError as error:
            if not current_engine().is_unavailable(error):
                raise
            reason, advice = " ".join(str(error).split()), current_engine().advice
            stop(f"De database is niet te bereiken of bij te werken ({reason}). {advice}", 1)


def _record_keys() -> None:
    """Make the keys of this machine those of all machines, where KEYS_FILE is set."""
    config = current_config()
    if config.keys_file:
        with connection():
            record_keys(fingerprint(load_keys(config.keys)), clock.today())


@contextmanager
def _refusing_other_version() -> Iterator[None]:
    """Stop where the database belongs to another version."""
    try:
        yield
    except OtherVersion as error:
        stop(
            f"De database hoort bij een andere versie van Kernwijzer ({error}). Start die versie, "
            "of zet een back-up terug van voor die versie, met `flask restore`.",
            1,
        )


def _require(*checks: Callable[[], None]) -> None:
    """Stop where one of these checks before the start raises SettingError."""
    try:
        for check in checks:
            check()
    except SettingError as error:
        stop(str(error), EX_CONFIG)
