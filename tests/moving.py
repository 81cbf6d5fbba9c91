"""A portal that moved to PostgreSQL: once for all tests that begin with one."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from portal.config import Config
from portal.database import db
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient, copied, make_app
from tests.postgres import Server


def move(source: str, target: str) -> Result:
    """`flask copy-database` from the address `source` to `target`, by a portal with the database of `source`."""
    db.close()
    config = replace(Config.from_environment({}), database_url=source)
    keys = Path(config.keys)
    app = make_app(replace(config, keys_file=keys))
    result = app.test_cli_runner().invoke(args=["copy-database", source, target])
    db.close()
    return result


@pytest.fixture(scope="session")
def filled(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the demo, in which somebody has signed in."""
    path = copied(seeded, tmp_path_factory.mktemp("moving"))
    with stopped_at(f"{TODAY} 09:00:00"):
        portal = make_app(path)
        CheckedClient(portal, portal.response_class).sign_in("coordinator")
    db.close()
    return path


@pytest.fixture(scope="session")
def moved(filled: Path, server: Server) -> str:
    """The address of the database of PostgreSQL that the demo was moved to."""
    address = server.create()
    with stopped_at(f"{TODAY} 09:00:00"):
        result = move(f"sqlite:///{filled}", address)
    assert result.exit_code == 0, result.output
    assert "gelijk in beide databases" in result.output
    return address
