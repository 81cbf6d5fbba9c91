"""A portal on its own, with the demo's people, that mails for real. Short in every test run;
`make soak` (SOAK: how often it is killed) does the numbers that the documentation tells."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from portal.config import ROOT
from tests.mail.postbox import Postbox, serving
from tests.processes import Start, starting

LONG = "SOAK" in os.environ
# Two machines, their database and their proxy take longer to start than a quick test may.
collect_ignore = [] if LONG else ["test_machines.py"]


@pytest.fixture(scope="session")
def _seeded_now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("soak") / "kernwijzer.sqlite"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
    subprocess.run(
        [sys.executable, "-m", "flask", "seed", "--demo"],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return path


@pytest.fixture
def database(_seeded_now: Path, tmp_path: Path) -> Path:
    """A file with the region and the demo's people, seeded today."""
    path = tmp_path / "inside" / "kernwijzer.sqlite"
    path.parent.mkdir()
    shutil.copy(_seeded_now, path)
    shutil.copy(_seeded_now.with_name("keys.json"), path.parent)
    return path


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A mail server that keeps its mail."""
    with serving() as postbox:
        yield postbox


@pytest.fixture
def start(database: Path, postbox: Postbox, tmp_path: Path) -> Iterator[Start]:
    """Run a command of `flask` on this database, which is a demo and mails nobody."""
    with starting(
        database, tmp_path / "said.txt",
        SMTP_PORT=str(postbox.port), SMTP_HOST="", SMTP_SECURITY="starttls",
    ) as run:  # fmt: skip
        yield run


# Settings with which a portal that is no demo sends mail.
MAILS = {"SMTP_HOST": "127.0.0.1", "SMTP_SECURITY": "none"}


def is_whole(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        loose = connection.execute("PRAGMA foreign_key_check").fetchone()
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",) and not loose
