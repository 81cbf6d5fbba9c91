"""The portal as the tests know it: the real region, the demo's people, a real database file.

`client` asks for pages of a portal that nobody changes. `portal_copy` is the same application on a
copy of the database, to write in; `own_portal` is an application made for one test, to change
itself. Every HTML answer, also of a fragment or an error, is checked (tests/checks.py).
"""

import gc
import importlib
import logging
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse
from xdist.scheduler import LoadFileScheduling

from portal.accounts.administration import find_demo_account
from portal.accounts.models import Account
from portal.accounts.sessions import start_session
from portal.app import create_app
from portal.config import ROOT, Config
from portal.database import connection, db, open_database
from portal.database.sqlite import PRAGMAS
from portal.keys import load_keys
from portal.region import choose_region
from portal.site import register_site
from portal.throttle.pages import PageCounter
from portal.web.compression import mask
from portal.web.logs import DailyFile, JsonLines
from tests.checks import faults
from tests.clock import TODAY, stopped_at
from tests.factories import clear_board
from tests.kept import kept
from tests.postgres import (
    Server,
    copy_database,
    drop,
    dump_database,
    find_server,
    list_made,
    restore_database,
    url_of,
    use_server,
)

pytest_plugins = [
    "tests.idempotency.fixtures", "tests.large_region", "tests.mail.fixtures", "tests.moving", "tests.readers.fixtures",
    "tests.small_region",
]  # fmt: skip

# The longest tests begin first, so that no process is left alone with one of them.
_FIRST = ("tests/browser", "tests/fuzz", "tests/soak", "tests/mail/test_workers.py")

# These share a server of PostgreSQL, and a database that took 4 s to fill.
_ON_SERVER = ("tests/backups/test_postgres.py", "tests/test_moving_database.py")

_LONG = 0.1  # seconds

# Compiled once for all the portals that the tests make.
TEMPLATES = FileSystemBytecodeCache(str(kept("templates", lambda folder: None)))
FRAGMENT = {"HX-Request": "true"}


class Scheduling(LoadFileScheduling):
    """Keeps the tests of a file in one process, and those of the browser in two: what inspects pages, and the rest. In
    one they would take longer than all others together; a browser with its portal takes as long as twenty tests."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_ON_SERVER):
            return "tests on a server"
        if not nodeid.startswith("tests/browser/"):
            return str(super()._split_scope(nodeid))
        inspects = nodeid.split("::")[0].endswith(("every_page.py", "inspections.py", "second_region.py"))
        return "tests/browser, inspections" if inspects else "tests/browser"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


class CheckedClient(FlaskClient):
    """Asks like a browser on this computer and checks each answer that is HTML; without `checks`
    only for a test that asks for pages which other tests check. With PostgreSQL none is checked:
    the same tests get the same pages on SQLite."""

    def __init__(self, *args: Any, checks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = checks and find_server() is None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        has_page = response.request.method != "HEAD" and response.status_code // 100 != 3
        if self.checks and response.mimetype == "text/html" and has_page:
            found = faults(
                response.get_data(as_text=True),
                response.status_code,
                fragment=response.request.headers.get("HX-Request") == "true"
                and response.status_code < 429,  # a page, which htmx does not swap
            )
            assert not found, f"{response.request.path}: {found}"
            assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        return response

    def token(self) -> str:
        """The token against forged requests, as Flask-WTF would put it in a page of this browser:
        made here, because a page would have to be asked for each."""
        with self.session_transaction() as session:
            secret = session.setdefault("csrf_token", secrets.token_hex(20))
        return self.token_of(secret)

    def token_of(self, secret: str) -> str:
        """The token that belongs to the secret in a session."""
        key = self.application.config["WTF_CSRF_SECRET_KEY"]
        return mask(str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret)))

    def cookie(self, name: str = "kernwijzer") -> str:
        """The value of a cookie of this browser, by default the one of its session."""
        cookie = self.get_cookie(name)
        assert cookie
        return cookie.value

    def submit(self, path: str, data: dict[str, str] | None = None, **more: Any) -> TestResponse:
        """Send a form, with its token."""
        return self.post(path, data={**(data or {}), "csrf_token": self.token()}, **more)

    def sign_in(self, who: str | Account) -> "CheckedClient":
        """Be somebody of the demo (by role), as its button lets one, or the user of an account;
        without asking for a page, which costs three times as much."""
        with self.application.app_context(), connection():
            account = find_demo_account(who) if isinstance(who, str) else who
            assert account
            token = start_session(account, self.environ_base.get("HTTP_USER_AGENT", "")).token
        with self.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return self

    def sign_in_by_form(self, role: str) -> "CheckedClient":
        """Be somebody of the demo by its button, for a test of what stays in the browser or log."""
        answer = self.submit(f"/inloggen/demo/{role}")
        assert answer.status_code == 302, answer.status_code
        return self

    def from_elsewhere(self) -> "CheckedClient":
        """Ask from a network that nobody trusts."""
        self.environ_base["REMOTE_ADDR"] = "192.0.2.9"
        return self


# Nothing here outlives a crash of the machine: do not wait for the disk at every commit.
PRAGMAS["synchronous"] = "off"


def config(database: Path, usual: Config | None = None) -> Config:
    """The usual settings, or the default ones, with this database, and beside it what stands
    beside a file."""
    settings = replace(usual or _usual_config(), database_url=url_of(database))
    if settings.sqlite_file:
        return settings
    keys, logs = database.with_name("keys.json"), database.with_name("log")
    backups = database.with_name("backups")
    return replace(settings, keys_file=keys, log_dir=logs, backup_dir=backups)


@cache
def _usual_config() -> Config:
    """The default settings, with the region, of which many files are read."""
    return Config.from_environment({})


def make_app(database: Path | Config) -> Flask:
    """An application on a database; making one takes as long as twenty pages."""
    app = create_app(database if isinstance(database, Config) else config(database))
    app.testing = True
    app.jinja_env.bytecode_cache = TEMPLATES
    app.test_client_class = CheckedClient
    return app


def switch(app: Flask, database: Path) -> Flask:
    """Let `app` serve another database, with settings as if it was just made.

    The connection stays open during the test, and for the next one on the same database: a new one
    reads the schema of 84 tables, 177 indexes and 168 triggers, which takes 2 ms.
    """
    app.testing = True
    settings = app.config["KERNWIJZER"] = config(database)
    choose_region(settings.region)
    app.extensions.pop("readiness", None)
    app.extensions["pages"] = PageCounter()
    register_site(app, settings, load_keys(settings.keys))
    is_served = db.obj and f"sqlite:///{db.obj.database}" == settings.database_url
    if not is_served or db.is_closed():
        open_database(settings.database_url)
        db.connect()
    if settings.logs:
        settings.logs.mkdir(exist_ok=True)
        _log_to(settings.logs)
    return app


def _log_to(folder: Path) -> None:
    """Log to `folder`, also where an application of an earlier test logs elsewhere."""
    root = logging.getLogger("portal")
    for old in root.handlers:
        old.close()
    handler = DailyFile(folder)
    handler.setFormatter(JsonLines())
    root.handlers = [handler]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgres"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # until all is imported
    if config.getoption("--database") == "postgres" and is_working(config):
        config.add_cleanup(use_server().remove)


def is_working(config: pytest.Config) -> bool:
    """Whether this process runs tests: one that gives them to xdist's workers does not."""
    return hasattr(config, "workerinput") or not config.getoption("numprocesses", None)


def pytest_collection(session: pytest.Session) -> None:
    """Let each process of a whole run load another third of the tests first. A fresh clone then compiles each test
    once, not once per process."""
    if hasattr(session.config, "workerinput") and session.config.args == session.config.getini("testpaths"):
        worker = session.config.workerinput
        number, count = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
        for path in sorted((ROOT / "tests").rglob("test_*.py"))[number::count]:
            with suppress(Exception):  # the collection tells it
                importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what imports and tests are made of, and begin seldom:
    looking through all of it at every 700 new objects takes a fifth of the CPU time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest first, and skip what is marked as about the other engine: `sqlite(reason)`
    or `postgres(reason)`."""
    if "hypothesis" in sys.modules:
        # It would read the whole portal for texts to try: 2 s in each process. A test names those that matter.
        from hypothesis.internal.conjecture import providers

        assert hasattr(providers, "is_local_module_file")  # or this says nothing to a newer hypothesis
        vars(providers).update(is_local_module_file=lambda path: False)
    items.sort(key=lambda item: not item.nodeid.startswith(_FIRST))
    other = {"sqlite": "postgres", "postgres": "sqlite"}[config.getoption("--database")]
    for item in items:
        if marker := item.get_closest_marker(other):
            item.add_marker(pytest.mark.skip(reason=f"{other}: {marker.args[0]}"))


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Let a process of xdist report a test that passed once: sending that it began, was set up, was cleared away and
    ended too takes 1.3 ms in two processes. `--durations` lists how long setting up took where that is long."""
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed or report.duration > _LONG:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


@pytest.fixture(autouse=True)
def _dropped_databases() -> Iterator[None]:
    """Drop the databases of a server that this test made; a file goes with its folder."""
    before = list_made()
    yield
    if made := set(list_made()) - set(before):
        if not db.is_closed():
            db.close()
        for path in made:
            drop(path)


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    """Stop the clock at nine o'clock UTC on a Monday."""
    with stopped_at(f"{TODAY} 09:00:00"):
        yield


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the region and the demo, made by the command that people use."""
    path = kept_database("seeded", tmp_path_factory.mktemp("seeded"), seed)
    choose_region(config(path).region)  # where no application was made yet
    return path


def kept_database(name: str, folder: Path, fill: Callable[[Path], object]) -> Path:
    """A database in `folder`, which `fill` filled once, given its path (tests/kept.py). One of a
    server is kept as the file `dump`."""

    def make(made: Path) -> None:
        path = made / "kernwijzer.sqlite"
        with stopped_at(f"{TODAY} 09:00:00"):
            fill(path)
        db.close()
        if find_server():
            dump_database(path, made / "dump")
            drop(path)

    engine = "postgres" if find_server() else "sqlite"
    shutil.copytree(kept(f"{name}-on-{engine}", make), folder, dirs_exist_ok=True)
    path = folder / "kernwijzer.sqlite"
    if find_server():
        restore_database(path, folder / "dump")
    return path


def kept_region(folder: Path) -> Path:
    """A database in `folder` with the region and nobody in it."""
    return kept_database("region", folder, lambda path: seed(path, demo=False))


def seed(database: Path | Config, *, demo: bool = True) -> None:
    """Fill a database with the region, and the demo."""
    result = make_app(database).test_cli_runner().invoke(args=["seed", *["--demo"] * demo])
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="session")
def _application(seeded: Path) -> Flask:
    return make_app(seeded)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, also where the other tests use SQLite."""
    if shared := find_server():
        yield shared
        return
    server = Server()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def read_only(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that all readers share. Who signs in there leaves a session and a visit behind,
    which no copy of the seeded one may have."""
    return copied(seeded, tmp_path_factory.mktemp("read_only"))


@pytest.fixture
def app(_application: Flask, read_only: Path) -> Flask:
    """The portal with the region and the demo; to read only."""
    return switch(_application, read_only)


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    return CheckedClient(app, app.response_class)


@pytest.fixture
def template(seeded: Path) -> Path:
    """The database of which `portal_copy` is a copy; a folder of tests may choose another."""
    return seeded


@pytest.fixture
def portal_copy(_application: Flask, template: Path, tmp_path: Path) -> Flask:
    """The portal with a database of its own, to write in."""
    return switch(_application, copied(template, tmp_path))


@pytest.fixture
def own_portal(template: Path, tmp_path: Path) -> Flask:
    """An application made for this test, which may change it, on a database to write in."""
    return make_app(copied(template, tmp_path))


def copied(template: Path, folder: Path) -> Path:
    """A copy of a database in `folder`, with the keys that lie beside it."""
    shutil.copy(template.with_name("keys.json"), folder)
    return copy_database(template, folder / "copy.sqlite")


@pytest.fixture(scope="session")
def empty_board(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeded database after what the demo posted was undone: a board with nothing on it."""

    def fill(path: Path) -> None:
        shutil.copy(seeded.with_name("keys.json"), path.parent)
        open_database(url_of(copy_database(seeded, path)))
        clear_board()

    return kept_database("board", tmp_path_factory.mktemp("board"), fill)


@pytest.fixture
def empty_portal(tmp_path: Path) -> Flask:
    """An application whose database has no tables yet."""
    return make_app(tmp_path / "empty.sqlite")
