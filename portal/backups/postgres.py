"""Backups of a database of PostgreSQL: archives of pg_dump, each followed by its SHA-256.

pg_restore reads no further than the archive, and checks of it only what is compressed.

The role needs CREATEDB: a restore makes a new database and lets the two change names.
"""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
from psycopg.pq import Conninfo
from psycopg.sql import SQL, Identifier, Literal

from portal.backups.make_and_restore import refuse_unknown
from portal.backups.store import BackupError, DatabaseInUse, InvalidBackup, Store

_DIGEST = 32  # bytes
_PIECE = 1024 * 1024  # bytes: a backup may be larger than the memory
_MAINTENANCE = "postgres"  # the database to connect to while another gets its name
_MIGRATIONS = re.compile(r"^COPY \S*schema_migration \((.*?)\) FROM stdin;\n(.*?)^\\\.$", re.M | re.S)


class PostgresStore(Store):
    """A database of PostgreSQL, by its URL."""

    suffix = ".dump"
    programs = ("pg_dump", "pg_restore")

    def __init__(self, url: str) -> None:
        # libpq's own variables: what stands in the arguments of a process is readable by others.
        self.variables = {
            option.envvar.decode(): option.val.decode()
            for option in Conninfo.parse(url.encode())
            if option.envvar and option.val is not None
        }
        self.url = url
        self.name = self.variables["PGDATABASE"]

    def copy(self, target: Path) -> None:
        """See Store.copy: pg_dump reads one snapshot."""
        target.unlink(missing_ok=True)
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        ended = self._run(
            ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--file={target}"]
        )
        if ended.returncode:
            raise BackupError(_reason(ended))
        with target.open("rb+") as file:
            digest = hashlib.file_digest(file, "sha256").digest()  # in pieces, and then at the end
            file.write(digest)

    def verify(self, backup: Path) -> None:
        """See Store.verify: the SHA-256, and what pg_restore can read."""
        path, is_whole = str(backup.absolute()), _is_whole(backup)
        everything = self._run(["pg_restore", "--file=/dev/null", path])
        table = self._run(["pg_restore", "--data-only", "--table=schema_migration", "--file=-", path])
        if not is_whole or everything.returncode or table.returncode:
            raise InvalidBackup(f"{backup.name}: dit bestand is niet heel.")
        found = _MIGRATIONS.search(table.stdout)
        if not found:
            raise InvalidBackup(f"{backup.name}: dit is geen database van Kernwijzer.")
        column = found[1].split(", ").index("name")
        refuse_unknown((line.split("\t")[column] for line in found[2].splitlines()), backup)

    def refuse_in_use(self) -> None:
        """See Store.refuse_in_use."""
        with self._server() as server:
            others = server.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'", [self.name]
            ).fetchone()
        if others:
            raise DatabaseInUse

    def restore(self, backup: Path, moment: datetime) -> str:
        """See Store.restore. The old database stays on the same server, under another name."""
        new, kept = (f"{self.name}-new", f"{self.name}-replaced-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        self.refuse_in_use()
        with self._server() as server:
            self._make_empty(server, new)
            try:
                self._fill(new, backup)
                self._exchange(server, new, kept)
            finally:
                server.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(new)))
        return kept

    @contextmanager
    def trial(self, backup: Path) -> Iterator[str]:
        """See Store.trial: a database of the same server."""
        name = f"{self.name}-drill"
        with self._server() as server:
            self._make_empty(server, name)
            try:
                self._fill(name, backup)
                yield urlsplit(self.url)._replace(path=f"/{quote(name)}").geturl()
            finally:
                server.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))

    def _make_empty(self, server: psycopg.Connection, name: str) -> None:
        """Make an empty database with the encoding and the order of texts of the one in use."""
        server.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))
        like = server.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s",
            [self.name],
        ).fetchone()
        if not like:
            raise BackupError(f"De database {self.name} is er niet. Maak die eerst, leeg.")
        encoding, collation, characters = like
        server.execute(
            SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}").format(
                Identifier(name), Literal(encoding), Literal(collation), Literal(characters)
            )
        )

    def _fill(self, name: str, backup: Path) -> None:
        """Load a backup into the empty database `name`."""
        ended = self._run(
            ["pg_restore", "--exit-on-error", "--single-transaction", "--no-owner",
             "--no-privileges", "--no-password", f"--dbname={name}", str(backup.absolute())]
        )  # fmt: skip
        if ended.returncode:
            raise BackupError(_reason(ended))
        with self._server(name) as filled:
            filled.execute("ANALYZE")  # a dump holds no statistics of the tables

    def _exchange(self, server: psycopg.Connection, new: str, kept: str) -> None:
        """Give both databases their new names, in one transaction. PostgreSQL refuses it while
        another process is connected."""
        rename = SQL("ALTER DATABASE {} RENAME TO {}")
        try:
            with server.transaction():
                server.execute(rename.format(Identifier(self.name), Identifier(kept)))
                server.execute(rename.format(Identifier(new), Identifier(self.name)))
        except psycopg.errors.ObjectInUse:
            raise DatabaseInUse from None

    @contextmanager
    def _server(self, database: str = _MAINTENANCE) -> Iterator[psycopg.Connection]:
        """A connection to another database of the same server. Raises BackupError."""
        try:
            with closing(psycopg.connect(self.url, dbname=database, autocommit=True)) as server:
                yield server
        except psycopg.Error as error:
            raise BackupError(str(error)) from error

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a program of PostgreSQL as this role. Raises BackupError where it is missing."""
        try:
            return subprocess.run(  # noqa: S603 - fixed commands
                command, env={**os.environ, **self.variables}, check=False, text=True, capture_output=True
            )
        except FileNotFoundError:
            raise BackupError(f"{command[0]} ontbreekt. Installeer de client van PostgreSQL.") from None


def _is_whole(backup: Path) -> bool:
    """Whether a backup ends with the SHA-256 of all before; reads it in pieces."""
    left, digest = backup.stat().st_size - _DIGEST, hashlib.sha256()
    with backup.open("rb") as file:
        while piece := file.read(min(max(left, 0), _PIECE)):
            digest.update(piece)
            left -= len(piece)
        return left == 0 and file.read() == digest.digest()


def _reason(ended: subprocess.CompletedProcess[str]) -> str:
    """The reason that a program gave, on one line."""
    return " ".join(ended.stderr.split()) or f"exit status {ended.returncode}"
