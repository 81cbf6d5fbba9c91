"""The portal as the tests know it: the real region, the demo's people, a real file.

`client` asks for pages of a portal that nobody changes; `portal_copy` is one for a test of its
own. Every HTML answer, also of a fragment or an error, is checked (tests/checks.py).
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from freezegun import freeze_time
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.config import SEEDS, Config
from portal.database import connection, db
from portal.directory.change_sets import ChangeSet
from portal.directory.models import ChangeRecord
from portal.notices.models import Notice
from tests.checks import faults

pytest_plugins = ["tests.mail.fixtures"]

TODAY = date(2026, 11, 23)  # a Monday; the day on which the demo was seeded
GUIDE = SEEDS / "zuid-kennemerland" / "guide"  # texts and tables of the region's guide
# Compiled once for all the portals that the tests make.
TEMPLATES = FileSystemBytecodeCache(tempfile.mkdtemp())
FRAGMENT = {"HX-Request": "true"}


class CheckedClient(FlaskClient):
    """Asks like a browser on this computer and checks each answer that is HTML."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        has_page = response.request.method != "HEAD" and response.status_code // 100 != 3
        if response.mimetype == "text/html" and has_page:
            found = faults(
                response.get_data(as_text=True),
                response.status_code,
                fragment=response.request.headers.get("HX-Request") == "true"
                and response.status_code < 500,
            )
            assert not found, f"{response.request.path}: {found}"
            assert response.headers["Cache-Control"] == "no-store"
        assert "Content-Security-Policy" in response.headers
        return response

    def token(self) -> str:
        """The token against forged requests, as a page of this browser carries it."""
        # Who is signed in can sign out on every page, and the first one asks little.
        for path in ("/privacy", "/inloggen"):
            if found := re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text):
                return found[1]
        raise AssertionError("no page carries a token")

    def submit(self, path: str, data: dict[str, str] | None = None, **more: Any) -> TestResponse:
        """Send a form, with its token."""
        return self.post(path, data={**(data or {}), "csrf_token": self.token()}, **more)

    def sign_in(self, role: str) -> "CheckedClient":
        """Be somebody of the demo."""
        answer = self.submit(f"/inloggen/demo/{role}")
        assert answer.status_code == 302, answer.status_code
        return self

    def from_elsewhere(self) -> "CheckedClient":
        """Ask from a network that nobody trusts."""
        self.environ_base["REMOTE_ADDR"] = "192.0.2.9"
        return self


def config(database: Path) -> Config:
    return replace(Config.from_environment({}), database=database)


def make_app(database: Path) -> Flask:
    app = create_app(config(database))
    app.testing = True
    app.jinja_env.bytecode_cache = TEMPLATES
    app.test_client_class = CheckedClient
    return app


@pytest.fixture(autouse=True)
def _monday(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("browser"):
        yield
        return
    with freeze_time(f"{TODAY} 09:00:00"):
        yield


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the region and the demo, made by the command that people use."""
    path = tmp_path_factory.mktemp("seeded") / "kernwijzer.sqlite"
    with freeze_time(f"{TODAY} 09:00:00"):
        result = make_app(path).test_cli_runner().invoke(args=["seed", "--demo"])
    assert result.exit_code == 0, result.output
    db.close()
    return path


@pytest.fixture(scope="session")
def _shared_app(seeded: Path) -> Flask:
    return make_app(seeded)


@pytest.fixture
def app(_shared_app: Flask, seeded: Path) -> Flask:
    """The portal with the region and the demo; to read only."""
    if db.database != str(seeded):
        db.close()
        db.init(str(seeded))
    return _shared_app


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    return CheckedClient(app, app.response_class)


@pytest.fixture
def portal_copy(seeded: Path, tmp_path: Path) -> Flask:
    """A portal with a database of its own, to write in."""
    copy = tmp_path / "copy.sqlite"
    shutil.copy(seeded, copy)
    return make_app(copy)


@pytest.fixture
def empty_board(portal_copy: Flask) -> None:
    """What the demo posted is undone, in a portal to write in."""
    with connection(), db.atomic():
        for notice in Notice.select().order_by(Notice.id.desc()):
            ChangeSet(notice.id).undo()
            notice.delete_instance(recursive=True)
        ChangeRecord.delete().execute()


@pytest.fixture
def empty_portal(tmp_path: Path) -> Flask:
    """A portal whose database has no tables yet."""
    return make_app(tmp_path / "empty.sqlite")
