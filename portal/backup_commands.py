"""The commands of `flask` for backups: made, copied, put back, practised, and moved."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
from flask import Flask
from peewee import PeeweeException

from portal import audit, clock
from portal.accounts import sessions
from portal.accounts.forgetting import forget_again, keep_list
from portal.backups import back_up, forgotten_people
from portal.backups.drill import drill as drill_backup
from portal.backups.encryption import ENDING, make_keys
from portal.backups.make_and_restore import list_backups
from portal.backups.make_and_restore import restore as restore_backup
from portal.backups.second_place import copy_newest, opened
from portal.backups.store import BackupError, DatabaseInUse, InvalidBackup
from portal.command_checks import EX_CONFIG, bring_up_to_date, has_database, record_keys, require_database, stop
from portal.config import SettingError, current_config, database_url
from portal.database import connection, db
from portal.moving_database import MoveError, move


def register_backup_commands(app: Flask) -> None:  # noqa: C901 - each command counts
    """Register the commands for backups."""

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

    @app.cli.command("new-backup-key")
    def new_backup_key() -> None:
        """Maak de sleutels voor kopieën van back-ups op een tweede plek."""
        keys = make_keys()
        click.echo(f"BACKUP_KEY={keys.public}")
        click.echo("Zet de regel hierboven bij de instellingen. De geheime sleutel staat hieronder.")
        click.echo("Bewaar die op papier, of ver van de portal. Je ziet hem maar één keer, en zonder")
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
                forgotten_people.merge(config, backup)
        except InvalidBackup as error:
            stop(f"{error} Er is niets veranderd.", 1)
        except DatabaseInUse:
            stop("De portal draait nog. Stop die eerst. Er is niets veranderd.", 1)
        except (BackupError, OSError) as error:
            stop(f"Terugzetten is niet gelukt. De oude database staat er nog. {error}", 1)
        bring_up_to_date()
        with connection(), db.atomic():
            # No session survives that ended after the backup; accounts removed since then return.
            sessions.end_all_sessions()
            record_keys()  # the backup may hold those from before a rotation
        with connection():
            for failure in forget_again():
                click.echo(failure, err=True)
            audit.record(None, "restored", "database")
        click.echo("De back-up is teruggezet. Iedereen logt opnieuw in.")
        click.echo("Wie sindsdien geen toegang meer had, heeft die weer: kijk bij Beheer, Accounts.")
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


def _keep_list() -> None:
    """`keep_list`, where the database is there, whole, and of this version."""
    if has_database():
        with suppress(PeeweeException, BackupError, OSError), connection():
            keep_list()


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
    require_database()
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
