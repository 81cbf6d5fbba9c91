"""A portal on its own, with the demo's people, that mails for real. Short in every test run;
`make soak` (SOAK: how often it is killed) does the numbers that the documentation tells."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.mail.postbox import Postbox, serving
from tests.processes import Start, copied, seeded_today, starting

LONG = "SOAK" in os.environ
# Two machines, their database and their proxy take longer to start than a quick test may.
collect_ignore = [] if LONG else ["test_machines.py"]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with the region and the demo's people, seeded today."""
    return copied(seeded_today(), tmp_path / "inside")


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
