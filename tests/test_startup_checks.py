"""Settings that would open the portal stop the start."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.backups.make_and_restore import list_backups
from portal.config import Config, SettingError
from portal.database import db
from portal.keys import load_keys, rotate
from portal.startup_checks import refuse_missing_programs, refuse_other_keys, refuse_unsafe


@pytest.mark.parametrize("network", ["127.0.0.0/8", "127.0.0.1", "127.3.0.0/16", "::1", "::/112"])
def test_this_computer_is_no_trusted_network_outside_a_demo(network: str) -> None:
    """A proxy on the same machine would let in the world."""
    config = Config.from_environment({"TRUSTED_NETWORKS": network})
    refuse_unsafe(config, demo=True)
    with pytest.raises(SettingError, match=r"^TRUSTED_NETWORKS: deze computer mag er niet bij\."):
        refuse_unsafe(config, demo=False)


@pytest.fixture
def machines(own_portal: Flask, tmp_path: Path) -> Flask:
    """A portal of which KEYS_FILE is set, as with several machines."""
    settings = own_portal.config["KERNWIJZER"]
    own_portal.config["KERNWIJZER"] = replace(settings, keys_file=tmp_path / "keys.json")
    return own_portal


def test_a_machine_with_other_keys_does_not_start(machines: Flask, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with machines.app_context():
        refuse_other_keys()
        refuse_other_keys()
        first = path.read_text()
        path.unlink()
        load_keys(path)
        with pytest.raises(SettingError, match=r"^KEYS_FILE: andere computers"):
            refuse_other_keys()
        path.write_text(first)
        refuse_other_keys()
        rotate(path)  # without the command, so that the others keep the old key
        assert json.loads(path.read_text())["secret"] not in first
        with pytest.raises(SettingError):
            refuse_other_keys()


def test_rotating_the_key_makes_it_the_key_of_all_machines(machines: Flask, tmp_path: Path) -> None:
    with machines.app_context():
        refuse_other_keys()
    old = (tmp_path / "keys.json").read_text()
    assert machines.test_cli_runner().invoke(args=["rotate-key"]).exit_code == 0
    with machines.app_context():
        refuse_other_keys()
        (tmp_path / "keys.json").write_text(old)
        with pytest.raises(SettingError):
            refuse_other_keys()


def test_after_a_restore_the_keys_of_today_are_those_of_all_machines(machines: Flask) -> None:
    """Also where they were rotated after the backup."""
    flask = machines.test_cli_runner()
    with machines.app_context():
        refuse_other_keys()
    assert flask.invoke(args=["backup"]).exit_code == 0
    assert flask.invoke(args=["rotate-key"]).exit_code == 0
    db.close()
    path = list_backups(machines.config["KERNWIJZER"])[0][1]
    result = flask.invoke(args=["restore", str(path)])
    assert result.exit_code == 0, result.output
    with machines.app_context():
        refuse_other_keys()


@pytest.mark.sqlite("with PostgreSQL KEYS_FILE is always set")
def test_one_machine_may_lose_its_keys(own_portal: Flask) -> None:
    """With a new file beside the database everybody signs in again."""
    keys = own_portal.config["KERNWIJZER"].keys
    with own_portal.app_context():
        refuse_other_keys()
        keys.unlink()
        load_keys(keys)
        refuse_other_keys()


def test_without_the_programs_of_postgresql_nothing_starts(own_portal: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = own_portal.config["KERNWIJZER"]
    own_portal.config["KERNWIJZER"] = replace(settings, database_url="postgresql://kernwijzer@/kernwijzer")
    with own_portal.app_context():
        refuse_missing_programs()
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(SettingError, match=r"^DATABASE_URL: .* is pg_dump nodig\."):
            refuse_missing_programs()
