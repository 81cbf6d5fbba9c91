"""Verifies that a file is an undamaged database of the portal."""

import sqlite3
from contextlib import closing
from pathlib import Path

from portal.database import MIGRATIONS


class InvalidBackup(Exception):
    """A file that is no undamaged database of this portal; the message says why, in Dutch."""


def verify(path: Path) -> None:
    """Read the whole file at `path` and check its integrity, foreign keys and migrations.

    Changes nothing. Raises InvalidBackup where the file is damaged, is no database of the portal,
    or was made by a newer version of it.
    """
    if not path.is_file():
        raise InvalidBackup(f"{path.name}: dit bestand is er niet.")
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            broken = connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",)
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
            names = [
                row[0]
                for row in connection.execute("SELECT name FROM schema_migration ORDER BY name")
            ]
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            raise InvalidBackup(f"{path.name}: dit is geen database van Kernwijzer.") from None
        raise InvalidBackup(f"{path.name}: dit bestand is niet te lezen ({error}).") from None
    except sqlite3.DatabaseError as error:
        raise InvalidBackup(f"{path.name}: dit bestand is niet heel ({error}).") from None
    if broken or loose:
        raise InvalidBackup(f"{path.name}: dit bestand is niet heel.")
    known = sorted(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))
    if not names or names[0] != known[0]:
        raise InvalidBackup(f"{path.name}: dit is geen database van Kernwijzer.")
    if not set(names) <= set(known):
        raise InvalidBackup(f"{path.name}: een nieuwere versie van Kernwijzer heeft dit gemaakt.")
