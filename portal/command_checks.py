"""The checks that commands share: before they begin, and how they stop."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from peewee import DatabaseError

from portal import clock
from portal.backups.make_and_restore import make_backup
from portal.backups.store import BackupError
from portal.config import SettingError, current_config
from portal.database import OtherVersion, connection, current_engine, database_flags, migrate
from portal.imports.import_command import Unfinished
from portal.keys import fingerprint, load_keys
from portal.readers.tables import UnreadableFile
from portal.search.index import fill_index
from portal.seeding.seed_files import SeedError
from portal.startup_checks import refuse_other_region

EX_CONFIG = 78  # sysexits.h: a setting is wrong


def stop(message: str, status: int) -> NoReturn:
    """Print an error and end the command with this exit status."""
    click.echo(message, err=True)
    sys.exit(status)


def require(*checks: Callable[[], None]) -> None:
    """Stop where one of these checks before the start raises SettingError."""
    try:
        for check in checks:
            check()
    except SettingError as error:
        stop(str(error), EX_CONFIG)


def has_database() -> bool:
    """Whether there is a database; connecting would make an empty file."""
    file = current_config().sqlite_file
    return file is None or file.exists()


def require_database() -> None:
    if not has_database():
        stop("De database is er niet. Begin met `flask seed`, of zet een back-up terug.", 1)


def bring_up_to_date() -> None:
    """Migrate, after a backup; stop where that fails or the database is of another version."""
    config = current_config()

    def copy() -> None:
        require(refuse_other_region)  # the database of another region stays as it is
        try:
            path = make_backup(config, clock.now())
        except (BackupError, OSError) as error:
            stop(f"De database is niet bijgewerkt, want de back-up vooraf is niet gelukt. {error}", 1)
        click.echo(f"De database wordt bijgewerkt. Vooraf is een back-up gemaakt: {path}")

    with refusing_other_version():
        try:
            migrate(copy, finish=fill_index)
        except SettingError as error:
            stop(str(error), EX_CONFIG)
        except DatabaseError as error:
            if not current_engine().is_unavailable(error):
                raise
            reason, advice = " ".join(str(error).split()), current_engine().advice
            stop(f"De database is niet te bereiken of bij te werken ({reason}). {advice}", 1)


def record_keys() -> None:
    """Make the keys of this machine those of all machines, where KEYS_FILE is set."""
    config = current_config()
    if config.keys_file:
        with connection():
            database_flags.record_keys(fingerprint(load_keys(config.keys)), clock.today())


@contextmanager
def refusing_other_version() -> Iterator[None]:
    """Stop where the database belongs to another version."""
    try:
        yield
    except OtherVersion as error:
        stop(
            f"De database hoort bij een andere versie van Kernwijzer ({error}). Start die versie, "
            "of zet een back-up terug van voor die versie, met `flask restore`.",
            1,
        )


@contextmanager
def telling_faults() -> Iterator[None]:
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
