"""Merenland: an invented second region, with everything that a region may have otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.config import Config
from portal.database import db, open_database
from portal.region import choose_region, current_region
from tests.clock import TODAY, stopped_at
from tests.conftest import TEMPLATES, CheckedClient, config

MERENLAND = Path(__file__).parent / "merenland"


@pytest.fixture(scope="session")
def _merenland(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The portal of Merenland with its demo, made by the command that people use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.config.SEEDS", MERENLAND.parent)
        settings = Config.from_environment({"REGION": MERENLAND.name})
    assert settings.database_url.endswith("/merenland.sqlite")
    database = tmp_path_factory.mktemp("merenland") / "merenland.sqlite"
    settings = config(database, settings)
    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = TEMPLATES
    app.test_client_class = CheckedClient
    with stopped_at(f"{TODAY} 09:00:00"):
        result = app.test_cli_runner().invoke(args=["seed", "--demo"])
    assert result.exit_code == 0, result.output
    db.close()
    return app


@pytest.fixture
def merenland(_merenland: Flask) -> Iterator[Flask]:
    """The portal of Merenland; the other region comes back after the test."""
    other = current_region()
    settings: Config = _merenland.config["KERNWIJZER"]
    choose_region(settings.region)
    open_database(settings.database_url)
    yield _merenland
    choose_region(other)
