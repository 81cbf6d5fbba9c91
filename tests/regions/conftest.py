"""The portals of two other regions: Merenland, invented, with everything that a region may have
otherwise; and Duin- en Bollenstreek, of seeds/, with kernen and without a guide."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.config import Config
from portal.database import db, open_database
from portal.region import choose_region, current_region
from tests.conftest import config, copied, kept_database, make_app, seed

MERENLAND = Path(__file__).parent / "merenland"
BOLLENSTREEK = "duin-en-bollenstreek"


@pytest.fixture(scope="session")
def _merenland(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The portal of Merenland with its demo, made by the command that people use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.config.SEEDS", MERENLAND.parent)
        return make_region_app(MERENLAND.name, tmp_path_factory)


@pytest.fixture(scope="session")
def _bollenstreek(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The same of Duin- en Bollenstreek."""
    return make_region_app(BOLLENSTREEK, tmp_path_factory)


def make_region_app(name: str, folders: pytest.TempPathFactory) -> Flask:
    """The portal of a region with its demo."""
    settings = Config.from_environment({"REGION": name})
    assert settings.database_url.endswith(f"/{name}.sqlite")
    database = kept_database(name, folders.mktemp(name), lambda path: seed(config(path, settings)))
    app = make_app(config(database, settings))
    app.extensions["database"] = database
    return app


@contextmanager
def serving(app: Flask) -> Iterator[Flask]:
    """This portal; the other region comes back after the test."""
    other = current_region()
    settings: Config = app.config["KERNWIJZER"]
    choose_region(settings.region)
    open_database(settings.database_url)
    db.connect()  # once for the test: see `switch`
    yield app
    choose_region(other)


@pytest.fixture
def merenland(_merenland: Flask) -> Iterator[Flask]:
    """The portal of Merenland."""
    with serving(_merenland):
        yield _merenland


@pytest.fixture(scope="session")
def _with_notices(_merenland: Flask) -> Flask:
    """An application for Merenland with notices."""
    settings: Config = _merenland.config["KERNWIJZER"]
    region = replace(settings.region, modules=settings.region.modules | {"notices"})
    with serving(_merenland):
        return make_app(replace(settings, region=region))


@pytest.fixture
def merenland_copy(_merenland: Flask, _with_notices: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The portal of Merenland with a database of its own, to write in, and with notices."""
    with serving(_merenland):
        path = copied(_merenland.extensions["database"], tmp_path)
        settings = config(path, _with_notices.config["KERNWIJZER"])
        _with_notices.config["KERNWIJZER"] = settings
        choose_region(settings.region)
        open_database(settings.database_url)
        db.connect()
        yield _with_notices


@pytest.fixture
def bollenstreek(_bollenstreek: Flask) -> Iterator[Flask]:
    """The portal of Duin- en Bollenstreek."""
    with serving(_bollenstreek):
        yield _bollenstreek
