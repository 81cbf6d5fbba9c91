"""An outbox per test, in a database file without the demo flag, and a real mail server."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.database import connection, migrate, open_database
from portal.mail.return_paths import ReturnPath
from portal.mail.smtp import Server
from tests.conftest import kept_database, make_app
from tests.mail.postbox import Postbox, serving
from tests.postgres import copy_database, url_of

MakeServer = Callable[..., Server]


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def fill(path: Path) -> None:
        make_app(path)
        migrate()

    return kept_database("migrated", tmp_path_factory.mktemp("migrated"), fill)


@pytest.fixture
def database(_migrated: Path, tmp_path: Path) -> Path:
    """A migrated database without rows."""
    shutil.copy(_migrated.with_name("keys.json"), tmp_path)
    return copy_database(_migrated, tmp_path / "kernwijzer.sqlite")


@pytest.fixture
def bare_portal(database: Path) -> Flask:
    """An application on a migrated database without rows."""
    return make_app(database)


@pytest.fixture
def outbox(database: Path) -> Iterator[None]:
    """An empty outbox, with an open connection."""
    open_database(url_of(database))
    with connection():
        yield


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A mail server that receives the mail."""
    with serving() as postbox:
        yield postbox


@pytest.fixture
def make_server(postbox: Postbox) -> MakeServer:
    """Makes the settings of delivery to the postbox, with changes."""

    def make(**changes: Any) -> Server:
        usual = Server(
            host="127.0.0.1",
            port=postbox.port,
            security="none",
            user="",
            password="",
            sender="kernteam@po.example",
            return_path=ReturnPath("bounce@po.example"),
            allow=(),
            capture_only=False,
            lease=timedelta(minutes=5),
            greeting="portal.example",
        )
        return usual._replace(**changes)

    return make


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A self-signed certificate for localhost, with its key beside it. No authority is trusted meanwhile: reading those
    of the machine takes twenty times as long as a connection."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl to make a certificate")
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost",
            "-keyout", path.with_suffix(".key"), "-out", path,
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", os.devnull)
        yield path
